// Buttons, with or without a link.

import { h } from "../dom.js";
import { confirm } from "./confirm.js";
import { plain } from "./text.js";

/** button draws a Block Kit button; a press is sent to the app, a url is opened as well. */
export function button(element, control) {
  const label = plain(element.text);
  const node = h(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""}`,
      dataset: control.hooks,
      "aria-label": element.accessibility_label,
      onclick: async () => {
        if (node.getAttribute("aria-busy") === "true") return;
        if (element.confirm && !(await confirm(element.confirm))) return;
        if (/^(https?|slack|mailto):/i.test(element.url ?? "")) open(element.url, "_blank", "noopener");
        node.setAttribute("aria-busy", "true");
        await control.send(
          { type: element.type, ...(element.value === undefined ? {} : { value: element.value }) },
          node,
        );
        node.removeAttribute("aria-busy");
      },
    },
    label,
  );
  return node;
}
