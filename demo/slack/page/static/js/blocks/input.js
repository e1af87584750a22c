// The input block: label, element, hint, and the error under it.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { renderElement } from "./element.js";
import { plain } from "./text.js";

let count = 0;

/** inputBlock draws an input with its label tied to the control. */
export function inputBlock(block, surface, error) {
  const id = `field-${++count}`;
  const describedBy = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || null;
  const field = { id, labelId: `${id}-label`, describedBy, invalid: Boolean(error), required: !block.optional };
  return h(
    "div",
    { class: `block-input${error ? " invalid" : ""}` },
    h(
      "label",
      { class: "input-label", for: id, id: `${id}-label` },
      plain(block.label),
      block.optional ? h("span", { class: "optional" }, " (optional)") : null,
    ),
    renderElement(block.element, block, surface, field),
    error
      ? h(
          "p",
          { class: "input-error", id: `${id}-error`, role: "alert", dataset: { testid: "input-error" } },
          icon("warning"),
          h("span", null, error),
        )
      : null,
    block.hint ? h("p", { class: "input-hint", id: `${id}-hint` }, plain(block.hint)) : null,
  );
}
