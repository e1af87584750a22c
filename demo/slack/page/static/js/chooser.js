// A dialog with a search box and a list: the person switcher and the channel switcher.

import { fill, h } from "./dom.js";

let open = null;

/**
 * choose shows items {label, hint, search, mark, after, dataset, run}; typing filters, arrows move, Enter runs. It
 * returns a function that draws the items anew, for what is learnt about them later.
 */
export function choose({ label, placeholder, items }) {
  open?.close();
  let shown = items;
  let active = 0;
  const input = h("input", {
    type: "text",
    class: "chooser-input",
    placeholder,
    "aria-label": label,
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "chooser-list",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      active = 0;
      draw();
    },
  });
  const list = h("div", { class: "chooser-list", role: "listbox", id: "chooser-list", "aria-label": label });
  const node = h("dialog", { class: "chooser", "aria-label": label, dataset: { testid: "chooser" } }, input, list);
  const pick = (item) => {
    node.close();
    item.run();
  };

  function draw() {
    shown = ranked(items, input.value);
    fill(
      list,
      shown.map((item, i) => row(item, i === active, i, () => pick(item))),
    );
    if (!shown.length) fill(list, h("p", { class: "option-note" }, "Nothing by that name"));
    input.setAttribute("aria-activedescendant", shown.length ? `chooser-${active}` : "");
    list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  node.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown") active = Math.min(active + 1, shown.length - 1);
    else if (e.key === "ArrowUp") active = Math.max(active - 1, 0);
    else if (e.key === "Enter" && shown[active]) pick(shown[active]);
    else return;
    e.preventDefault();
    draw();
  });
  node.addEventListener("click", (e) => e.target === node && node.close());
  node.addEventListener("close", () => {
    open = null;
    node.remove();
  });
  document.body.append(node);
  node.showModal();
  open = node;
  draw();
  input.focus();
  return () => node.isConnected && draw();
}

// Names that begin with what was typed come first.
function ranked(items, typed) {
  const words = typed.trim().toLowerCase();
  if (!words) return items;
  const rank = (item) => {
    const label = item.label.toLowerCase();
    if (label.startsWith(words)) return 0;
    if (label.includes(words)) return 1;
    return (item.search ?? "").toLowerCase().includes(words) ? 2 : 3;
  };
  return items
    .map((item) => [rank(item), item])
    .filter(([r]) => r < 3)
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item);
}

function row(item, active, i, onclick) {
  return h(
    "div",
    {
      class: `chooser-row${active ? " active" : ""}`,
      role: "option",
      id: `chooser-${i}`,
      "aria-selected": active ? "true" : "false",
      dataset: item.dataset,
      onclick,
    },
    h("span", { class: "chooser-mark" }, item.mark),
    h(
      "span",
      { class: "chooser-text" },
      h("span", { class: "chooser-label" }, item.label),
      item.hint ? h("small", null, item.hint) : null,
    ),
    item.after ?? null,
  );
}
