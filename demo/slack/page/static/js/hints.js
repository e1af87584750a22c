// The list above the composer: slash commands with their usage, or people to mention. Arrow keys move, Tab and
// Enter take a line, Esc closes it.

import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { mentionable } from "./outgoing.js";
import { store } from "./store.js";

export class Hints {
  root = h("div", {
    class: "hints",
    role: "listbox",
    "aria-label": "Suggestions",
    hidden: true,
    dataset: { testid: "hints" },
  });
  #rows = [];
  #active = 0;

  /** commands is false where Slack takes no slash commands: in threads. */
  constructor(input, { commands }) {
    this.input = input;
    this.commands = commands;
    this.root.addEventListener("mousedown", (e) => e.preventDefault());
  }

  /** update shows what fits the text before the cursor. */
  update() {
    this.#rows = this.#find();
    this.#active = 0;
    this.#draw();
  }

  close() {
    this.#rows = [];
    this.#draw();
  }

  #find() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    if (this.commands && before.startsWith("/")) return commandRows(this.input.value);
    const mention = before.match(/(?:^|[\s(])@([\w.-]*)$/);
    if (!mention || this.input.value.startsWith("/")) return [];
    const from = before.length - mention[1].length - 1;
    return mentionable(mention[1].toLowerCase()).map((m) => ({
      ...m,
      mark: m.user ? avatar(m.user, "small") : null,
      from,
    }));
  }

  /** keys handles a key; it returns true when the key was for the list. */
  keys(e) {
    if (this.root.hidden) return false;
    const row = this.#rows[this.#active];
    if (e.key === "ArrowDown") this.#active = (this.#active + 1) % this.#rows.length;
    else if (e.key === "ArrowUp") this.#active = (this.#active + this.#rows.length - 1) % this.#rows.length;
    else if (e.key === "Escape") this.#rows = [];
    else if (e.key === "Tab" && !row.info) this.#take(row);
    else if (e.key === "Enter" && !e.shiftKey && !row.info) this.#take(row);
    else return false;
    e.preventDefault();
    e.stopPropagation();
    this.#draw();
    return true;
  }

  #take(row) {
    const { value, selectionStart } = this.input;
    const from = row.from ?? 0;
    const rest = row.from === undefined ? "" : value.slice(selectionStart);
    this.input.value = value.slice(0, from) + row.insert + rest;
    const at = from + row.insert.length;
    this.input.setSelectionRange(at, at);
    this.#rows = [];
    this.input.dispatchEvent(new Event("input"));
  }

  #draw() {
    this.root.hidden = !this.#rows.length;
    fill(
      this.root,
      this.#rows.map((row, i) =>
        h(
          "div",
          {
            class: `hint${i === this.#active && !row.info ? " active" : ""}${row.info ? " info" : ""}`,
            role: "option",
            "aria-selected": i === this.#active ? "true" : "false",
            dataset: { value: row.insert?.trim() },
            onclick: () => {
              if (row.info) return;
              this.#take(row);
              this.input.focus();
            },
          },
          row.mark ?? null,
          h(
            "span",
            { class: "hint-label" },
            row.label,
            row.usage ? h("span", { class: "hint-usage" }, ` ${row.usage}`) : null,
          ),
          row.hint ? h("small", null, row.hint) : null,
          row.app ? h("span", { class: "tag" }, row.app) : null,
        ),
      ),
    );
  }
}

// While the command's name is typed the list offers it; after it, one line reminds of the usage.
function commandRows(value) {
  const [typed, ...rest] = value.split(" ");
  const all = store.apps.flatMap((app) =>
    (app.commands ?? []).map((c) => ({
      label: c.command,
      usage: c.usage_hint,
      hint: c.description,
      app: app.name,
      insert: `${c.command} `,
      mark: icon("bolt"),
    })),
  );
  if (rest.length) return all.filter((c) => c.label === typed).map((c) => ({ ...c, info: true }));
  return all.filter((c) => c.label.startsWith(typed) && c.label !== typed);
}
