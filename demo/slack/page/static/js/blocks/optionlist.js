// The list that opens under a select: search, wait for the app, groups, keyboard.

import { avatar } from "../avatar.js";
import { debounce, fill, h } from "../dom.js";
import { float } from "../floating.js";
import { icon } from "../icons.js";

let count = 0;

export class OptionList {
  #close = null;
  #groups = [];
  #options = [];
  #active = -1;
  #asked = 0;
  #node = null;

  /** source as in options.js; isChosen, onPick and onClose come from the select. */
  constructor(anchor, input, source, { isChosen, onPick, onClose, multi }) {
    Object.assign(this, { anchor, input, source, isChosen, onPick, onClose, multi });
    this.id = `options-${++count}`;
    this.ask = debounce((typed) => this.#find(typed), source.remote ? 180 : 0);
  }

  get isOpen() {
    return this.#close !== null;
  }

  /** search opens the list if need be and shows what fits the typed text. */
  search(typed) {
    if (!this.isOpen) this.#open();
    if ([...typed.trim()].length < this.source.min) {
      this.#asked++;
      return this.#note(`Type at least ${this.source.min} character${this.source.min === 1 ? "" : "s"} to search`);
    }
    if (this.source.remote) {
      if (!this.#options.length) this.#note("Searching…", true);
      return this.ask(typed);
    }
    return this.#find(typed);
  }

  async #find(typed) {
    const mine = ++this.#asked;
    try {
      const groups = await this.source.find(typed);
      if (mine !== this.#asked || !this.isOpen) return;
      this.#groups = groups;
      this.redraw();
    } catch (error) {
      if (mine === this.#asked && this.isOpen) this.#note(error.message || "The app did not answer.");
    }
  }

  #open() {
    this.#node = h("div", {
      class: "option-list",
      role: "listbox",
      id: this.id,
      "aria-multiselectable": this.multi ? "true" : null,
      dataset: { testid: "options" },
    });
    // Pressing on an option must not take the focus from the text box.
    this.#node.addEventListener("mousedown", (e) => e.preventDefault());
    this.#close = float(this.anchor, this.#node, { width: "anchor", onClose: () => this.#closed() });
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", this.id);
    this.input.addEventListener("blur", this.close);
  }

  close = () => this.#close?.();

  #closed() {
    this.#close = null;
    this.#groups = [];
    this.#options = [];
    this.#active = -1;
    this.#asked++;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.input.removeEventListener("blur", this.close);
    this.onClose();
  }

  #note(text, busy = false) {
    this.#options = [];
    this.#active = -1;
    fill(this.#node, h("div", { class: `option-note${busy ? " busy" : ""}` }, text));
  }

  /** redraw shows the found options anew, with marks at the chosen ones. */
  redraw() {
    this.#options = this.#groups.flatMap((g) => g.options);
    if (!this.#options.length) return this.#note("No results");
    let i = 0;
    fill(
      this.#node,
      this.#groups.map((group) =>
        h(
          "div",
          { role: "group", "aria-label": group.label || null },
          group.label ? h("div", { class: "option-group" }, group.label) : null,
          group.options.map((option) => this.#draw(option, i++)),
        ),
      ),
    );
    const chosen = this.#options.findIndex((o) => this.isChosen(o));
    this.#activate(this.#active >= 0 ? Math.min(this.#active, this.#options.length - 1) : Math.max(chosen, 0));
    return undefined;
  }

  #draw(option, i) {
    const chosen = this.isChosen(option);
    return h(
      "div",
      {
        class: "option",
        role: "option",
        id: `${this.id}-${i}`,
        "aria-selected": chosen ? "true" : "false",
        dataset: { value: option.key },
        onclick: () => this.onPick(option),
        onmousemove: () => this.#active === i || this.#activate(i),
      },
      option.user ? avatar(option.user, "small") : null,
      h("span", { class: "option-label" }, option.label, option.hint ? h("small", null, option.hint) : null),
      chosen ? icon("check") : null,
    );
  }

  #activate(i) {
    this.#active = i;
    this.#node.querySelectorAll("[role=option]").forEach((node, n) => {
      node.classList.toggle("active", n === i);
      if (n === i) node.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `${this.id}-${i}`);
  }

  /** keys handles a key while the list is open; it returns true when the key was for the list. */
  keys(e) {
    if (!this.isOpen) return false;
    const last = this.#options.length - 1;
    const moves = {
      ArrowDown: Math.min(this.#active + 1, last),
      ArrowUp: Math.max(this.#active - 1, 0),
      PageDown: Math.min(this.#active + 8, last),
      PageUp: Math.max(this.#active - 8, 0),
    };
    if (e.key in moves) {
      if (last >= 0) this.#activate(moves[e.key]);
    } else if (e.key === "Enter") {
      if (this.#active >= 0) this.onPick(this.#options[this.#active]);
    } else if (e.key === "Escape") {
      this.close();
    } else {
      return false;
    }
    e.preventDefault();
    e.stopPropagation();
    return true;
  }
}
