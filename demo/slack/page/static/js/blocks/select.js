// Every kind of select: one text box that filters or asks while the person types, with the chosen value in it
// (single) or as chips before it (multi). It follows the ARIA combobox pattern.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { OptionList } from "./optionlist.js";
import { read, source } from "./options.js";
import { plain } from "./text.js";

const valueKeys = {
  static_select: "selected_option",
  external_select: "selected_option",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
};

function valueKey(type) {
  if (!type.startsWith("multi_")) return valueKeys[type];
  return `${valueKeys[type.replace("multi_", "")]}s`;
}

/** select draws a select element of any kind. */
export function select(element, control, field) {
  return new Select(element, control, field).root;
}

class Select {
  constructor(element, control, field) {
    this.element = element;
    this.control = control;
    this.multi = element.type.startsWith("multi_");
    this.key = valueKey(element.type);
    this.input = this.#drawInput(field);
    this.clear = h(
      "button",
      { type: "button", class: "icon-button select-clear", "aria-label": "Clear", onclick: () => this.#clear() },
      icon("close"),
    );
    this.chips = h("span", { class: "chips" });
    this.root = h(
      "div",
      { class: `select${this.multi ? " select-multi" : ""}`, onclick: (e) => this.#clicked(e) },
      this.chips,
      this.input,
      this.clear,
      h("span", { class: "select-arrow" }, icon("chevron")),
    );
    this.list = new OptionList(this.root, this.input, source(element, control), {
      isChosen: (option) => this.chosen().some((c) => c.key === option.key),
      onPick: (option) => this.#pick(option),
      onClose: () => this.#show(),
      multi: this.multi,
    });
    this.#show();
  }

  #drawInput(field) {
    return h("input", {
      type: "text",
      class: "select-input",
      role: "combobox",
      id: field.id,
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-label": field.id ? null : plain(this.element.placeholder) || "Choose",
      "aria-describedby": field.describedBy,
      "aria-invalid": field.invalid ? "true" : null,
      "aria-required": field.required ? "true" : null,
      dataset: this.control.hooks,
      onfocus: () => this.multi || this.input.select(),
      onkeydown: (e) => this.#keys(e),
      oninput: () => this.list.search(this.input.value),
    });
  }

  /** chosen lists the present choices. */
  chosen() {
    const value = this.control.value[this.key];
    const values = this.multi ? (value ?? []) : value ? [value] : [];
    return values.map((v) => read(this.element, v));
  }

  // The list opens with all options: what stands in the box is the choice, not a query.
  #clicked(e) {
    if (e.target.closest("button")) return;
    this.input.focus();
    if (!this.list.isOpen) this.list.search("");
  }

  #keys(e) {
    if (this.list.keys(e)) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      this.list.search("");
    } else if (e.key === "Backspace" && this.multi && this.input.value === "") {
      this.#store(this.chosen().slice(0, -1));
    } else if (e.key === "Enter") {
      e.preventDefault();
    }
  }

  #pick(option) {
    if (!this.multi) {
      this.list.close();
      return this.#store([option]);
    }
    const chosen = this.chosen();
    const without = chosen.filter((c) => c.key !== option.key);
    const full = without.length >= (this.element.max_selected_items ?? Infinity);
    this.input.value = "";
    if (without.length < chosen.length) return this.#store(without);
    return full ? undefined : this.#store([...chosen, option]);
  }

  #clear() {
    this.#store([]);
    this.input.focus();
  }

  async #store(chosen) {
    const values = chosen.map((c) => c.option);
    await this.control.choose(
      { type: this.element.type, [this.key]: this.multi ? values : (values[0] ?? null) },
      this.root,
    );
    this.#show();
    if (this.multi && this.list.isOpen) this.list.redraw();
  }

  #show() {
    const chosen = this.chosen();
    const placeholder = plain(this.element.placeholder) || "Choose an option";
    this.input.placeholder = this.multi && chosen.length ? "" : placeholder;
    if (!this.multi) this.input.value = chosen[0]?.label ?? "";
    this.clear.hidden = this.multi || !chosen.length || this.control.block.type !== "input";
    this.chips.replaceChildren(...(this.multi ? chosen.map((c) => this.#chip(c)) : []));
  }

  #chip(choice) {
    const remove = () => {
      this.#store(this.chosen().filter((c) => c.key !== choice.key));
      this.input.focus();
    };
    return h(
      "span",
      { class: "chip" },
      choice.label,
      h(
        "button",
        { type: "button", class: "chip-remove", "aria-label": `Remove ${choice.label}`, onclick: remove },
        icon("close"),
      ),
    );
  }
}
