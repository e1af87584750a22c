// The overflow menu: three dots and up to five choices.

import { h } from "../dom.js";
import { menu } from "../floating.js";
import { icon } from "../icons.js";
import { confirm } from "./confirm.js";
import { plain } from "./text.js";

export function overflow(element, control) {
  const choose = async (option) => {
    if (element.confirm && !(await confirm(element.confirm))) return;
    if (/^https?:/i.test(option.url ?? "")) open(option.url, "_blank", "noopener");
    await control.send({ type: "overflow", selected_option: option }, node);
  };
  const show = () =>
    menu(
      node,
      (element.options ?? []).map((option) => ({
        label: plain(option.text),
        hint: plain(option.description),
        dataset: { value: option.value },
        run: () => choose(option),
      })),
      { label: "More actions" },
    );
  const node = h(
    "button",
    {
      type: "button",
      class: "button overflow",
      dataset: control.hooks,
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: show,
    },
    icon("more"),
  );
  return node;
}
