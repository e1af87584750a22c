// Keyboard shortcuts of the page, and the dialog that lists them.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { toggle as toggleJournal } from "./journal.js";
import { quickSwitch } from "./quickswitch.js";
import { openSwitcher, playNth } from "./switcher.js";

const list = [
  ["Ctrl K", "Jump to a channel, person or app"],
  ["Alt P", "Play as somebody else"],
  ["Alt 1 … 9", "Play as the first to ninth person"],
  ["Alt J", "Open or close the journal"],
  ["/", "Slash commands, in an empty composer"],
  ["Enter", "Send; Shift Enter starts a new line"],
  ["Ctrl Enter", "Submit a modal"],
  ["↑ ↓", "Move between messages"],
  ["T", "Open the thread of the focused message"],
  ["Esc", "Close a modal, menu, thread or drawer"],
  ["?", "This list"],
];

/** startKeys listens on the whole page. */
export function startKeys() {
  document.addEventListener("keydown", (e) => {
    const run = pageKey(e) ?? messageKey(e);
    if (!run) return;
    e.preventDefault();
    run();
  });
  handleKeysOnce();
}

// A key that was handled must not type or press as well. Browsers see to that; programs that drive browsers may
// send the character all the same, to whatever has the focus by then.
function handleKeysOnce() {
  let down = null;
  addEventListener(
    "keydown",
    (e) => {
      down = e;
    },
    true,
  );
  addEventListener(
    "keypress",
    (e) => {
      if (!down?.defaultPrevented) return;
      e.preventDefault();
      e.stopPropagation();
    },
    true,
  );
}

const typing = () => document.activeElement?.matches("input, textarea, [contenteditable]");

function pageKey(e) {
  if ((e.ctrlKey || e.metaKey) && !e.shiftKey && e.code === "KeyK") return quickSwitch;
  if (e.altKey && e.code === "KeyP") return openSwitcher;
  if (e.altKey && e.code === "KeyJ") return () => toggleJournal();
  if (e.altKey && /^Digit[1-9]$/.test(e.code)) return () => playNth(Number(e.code.at(-1)));
  if (e.key === "?" && !typing()) return showKeys;
  if (e.key === "/" && !typing() && !document.querySelector("dialog[open]")) {
    return () => {
      const composer = document.querySelector("[data-testid=composer]");
      if (!composer) return;
      composer.focus();
      if (!composer.value) composer.setRangeText("/", 0, 0, "end");
      composer.dispatchEvent(new Event("input"));
    };
  }
  return null;
}

function messageKey(e) {
  const message = document.activeElement?.closest?.(".message");
  if (message !== document.activeElement || !message) return null;
  const all = [...message.closest(".message-list").querySelectorAll(".message")];
  const at = all.indexOf(message);
  if (e.key === "ArrowUp") return () => all[Math.max(0, at - 1)].focus();
  if (e.key === "ArrowDown") return () => all[Math.min(all.length - 1, at + 1)].focus();
  if (e.key.toLowerCase() === "t" && !e.ctrlKey && !e.altKey && !e.metaKey)
    return () => message.querySelector("[aria-label='Reply in thread']")?.click();
  return null;
}

/** showKeys lists the shortcuts. */
export function showKeys() {
  const node = h(
    "dialog",
    { class: "modal keys", "aria-labelledby": "keys-title" },
    h(
      "header",
      { class: "modal-head" },
      h("div", null, h("h2", { id: "keys-title" }, "Keyboard shortcuts")),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => node.close() },
        icon("close"),
      ),
    ),
    h(
      "div",
      { class: "modal-body" },
      h(
        "dl",
        null,
        list.flatMap(([keys, what]) => [h("dt", null, h("kbd", null, keys)), h("dd", null, what)]),
      ),
    ),
  );
  node.addEventListener("close", () => node.remove());
  document.body.append(node);
  node.showModal();
}
