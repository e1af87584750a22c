// Radio buttons and checkboxes.

import { h } from "../dom.js";
import { textObject } from "./text.js";

let groups = 0;

/** radioButtons draws one choice of a few. */
export function radioButtons(element, control, field) {
  return choiceGroup(element, control, field, "radio", {
    checked: (option) => control.value.selected_option?.value === option.value,
    read: (_, option) => ({ type: "radio_buttons", selected_option: option }),
  });
}

/** checkboxes draws any choice of a few. */
export function checkboxes(element, control, field) {
  return choiceGroup(element, control, field, "checkbox", {
    checked: (option) => control.value.selected_options.some((o) => o.value === option.value),
    read: (boxes) => ({ type: "checkboxes", selected_options: element.options.filter((_, i) => boxes[i].checked) }),
  });
}

function choiceGroup(element, control, field, type, { checked, read }) {
  const name = `choice-${++groups}`;
  const options = element.options ?? [];
  const boxes = options.map((option, i) =>
    h("input", {
      type,
      name,
      checked: checked(option),
      dataset: { value: option.value },
      "aria-describedby": option.description ? `${name}-${i}` : null,
      onchange: async () => {
        if (!(await control.choose(read(boxes, option), group)))
          boxes.forEach((box, n) => {
            box.checked = checked(options[n]);
          });
      },
    }),
  );
  const group = h(
    "div",
    {
      class: "choices",
      role: type === "radio" ? "radiogroup" : "group",
      dataset: control.hooks,
      tabIndex: -1,
      "aria-labelledby": field.labelId,
      "aria-describedby": field.describedBy,
      "aria-invalid": field.invalid ? "true" : null,
    },
    options.map((option, i) =>
      h(
        "label",
        { class: "choice" },
        boxes[i],
        h(
          "span",
          { class: "choice-text" },
          textObject(option.text),
          option.description && h("small", { id: `${name}-${i}` }, textObject(option.description)),
        ),
      ),
    ),
  );
  return group;
}
