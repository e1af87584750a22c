// A surface is what carries blocks: a message, a modal, a Home tab. It draws them, holds what was typed, and
// brings actions and look-ups to the server. Redrawing keeps every block that did not change, and the typed value
// of every element whose block_id and action_id are still there.

import * as api from "../api.js";
import { debounce, h, reconcile } from "../dom.js";
import { store } from "../store.js";
import { toast } from "../toasts.js";
import { elementsOf, initialValue, offers } from "./values.js";
import { renderBlock } from "./layout.js";

const slot = (blockId, actionId) => `${blockId}\u0000${actionId}`;

export class Surface {
  /** root holds the drawn blocks. */
  root = h("div", { class: "blocks" });
  #blocks = [];
  #typed = new Map();
  #served = {};
  #errors = {};

  /**
   * container is the API's container of this surface. onChange, if given, is called (debounced) with the state
   * after something was typed; it is how a modal lets the server remember.
   */
  constructor(container, { onChange } = {}) {
    this.container = container;
    this.remember = debounce(() => onChange?.(this.state()), 250);
  }

  /** update draws blocks; served is the state.values that came with them, if any. */
  update(blocks, served = {}) {
    this.#blocks = (blocks ?? []).map((b, i) => (b.block_id ? b : { ...b, block_id: `block-${i}` }));
    this.#served = served ?? {};
    this.#draw();
  }

  /** showErrors puts a text under the input of each block id; unknown ids are returned. */
  showErrors(errors) {
    this.#errors = { ...errors };
    this.#draw();
    const first = this.root.querySelector("[aria-invalid=true]");
    first?.focus();
    const known = new Set(this.#blocks.filter((b) => b.type === "input").map((b) => b.block_id));
    return Object.keys(errors).filter((id) => !known.has(id));
  }

  #draw() {
    reconcile(
      this.root,
      this.#blocks.map((block) => {
        const error = this.#errors[block.block_id] ?? "";
        return {
          key: block.block_id,
          sig: JSON.stringify([block, error]),
          render: () => renderBlock(block, this, error),
        };
      }),
    );
  }

  /** inputs are the input blocks as they stand. */
  inputs() {
    return this.#blocks.filter((b) => b.type === "input");
  }

  /** value is what an element holds: typed here, else known to the server, else its initial value. */
  value(blockId, element) {
    const typed = this.#typed.get(slot(blockId, element.action_id));
    if (typed?.type === element.type && offers(element, typed)) return typed;
    const served = this.#served[blockId]?.[element.action_id];
    return served?.type === element.type ? served : initialValue(element);
  }

  /** state is {"values": …} of all elements that are drawn. */
  state() {
    const values = {};
    for (const block of this.#blocks) {
      for (const element of elementsOf(block)) {
        const value = this.value(block.block_id, element);
        if (value) (values[block.block_id] ??= {})[element.action_id] = value;
      }
    }
    return { values };
  }

  /** set keeps a new value; the drawing stays as it is. */
  set(blockId, actionId, value) {
    this.#typed.set(slot(blockId, actionId), value);
    this.remember();
  }

  /** act tells the app about a press or a choice; it resolves to a warning, or "". */
  async act(blockId, actionId, value) {
    try {
      const answer = await api.action(this.#call(blockId, actionId, value));
      return answer.ok === false ? (answer.warning ?? "The app did not answer.") : "";
    } catch (error) {
      toast(error.message, "error");
      return error.message;
    }
  }

  /** suggest asks the app for the options of an external select. */
  suggest(blockId, actionId, typed) {
    return api.suggest(this.#call(blockId, actionId, typed));
  }

  #call(blockId, actionId, value) {
    return {
      user: store.me.id,
      container: this.container,
      block_id: blockId,
      action_id: actionId,
      value,
      state: this.state(),
    };
  }
}
