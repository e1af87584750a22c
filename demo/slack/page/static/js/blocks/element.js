// Which drawing belongs to which interactive element, and what all of them share: dispatching with a confirm
// dialog, and the mark for an app that did not answer.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { confirm } from "./confirm.js";
import { button } from "./button.js";
import { checkboxes, radioButtons } from "./choices.js";
import { overflow } from "./overflow.js";
import { datepicker, datetimepicker, timepicker } from "./pickers.js";
import { select } from "./select.js";
import { fileInput, richTextInput, textInput } from "./inputs.js";
import { picture } from "./layout.js";

const drawings = {
  button,
  workflow_button: button,
  overflow,
  radio_buttons: radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: richTextInput,
  file_input: fileInput,
  image: (element) => picture(element, "thumbnail"),
};

/**
 * renderElement draws an element of a block. field carries what an input block adds: {id, describedBy, invalid,
 * required}.
 */
export function renderElement(element, block, surface, field = {}) {
  const draw = drawings[element.type] ?? (element.type.endsWith("_select") ? select : unknown);
  return draw(element, new Control(element, block, surface), field);
}

function unknown(element) {
  return h("span", { class: "block-unknown" }, `Element “${element.type}” is not drawn here.`);
}

/** Control is an element's line to its surface. */
export class Control {
  constructor(element, block, surface) {
    this.element = element;
    this.block = block;
    this.surface = surface;
  }

  /** value is the element's present value in state form. */
  get value() {
    return this.surface.value(this.block.block_id, this.element);
  }

  /** dispatches tells whether a choice is sent to the app at once. */
  get dispatches() {
    return this.block.type !== "input" || this.block.dispatch_action === true;
  }

  /** hooks are the attributes by which people's tests find the control. */
  get hooks() {
    return { actionId: this.element.action_id, elementType: this.element.type };
  }

  /** keep stores a value without telling the app. */
  keep(value) {
    this.surface.set(this.block.block_id, this.element.action_id, value);
  }

  /**
   * choose stores a value and, where the block dispatches, tells the app. It resolves to false when the person did
   * not confirm; the caller then shows the old value again.
   */
  async choose(value, near) {
    if (this.dispatches && this.element.confirm && !(await confirm(this.element.confirm))) return false;
    this.keep(value);
    if (this.dispatches) await this.send(value, near);
    return true;
  }

  /** send tells the app and marks near when it does not answer. */
  async send(value, near) {
    near?.parentNode?.querySelector(":scope > .no-answer")?.remove();
    const warning = await this.surface.act(this.block.block_id, this.element.action_id, value);
    if (warning && near?.isConnected) {
      near.after(
        h(
          "span",
          { class: "no-answer", role: "img", "aria-label": warning, title: warning, dataset: { testid: "warning" } },
          icon("warning"),
        ),
      );
    }
  }

  suggest(typed) {
    return this.surface.suggest(this.block.block_id, this.element.action_id, typed);
  }
}
