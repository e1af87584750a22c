// The confirm dialog of a Block Kit element.

import { h } from "../dom.js";
import { plain, textObject } from "./text.js";

/** confirm asks and resolves to true when the person agrees. */
export function confirm(dialog) {
  return new Promise((resolve) => {
    const style = dialog.style === "danger" ? "danger" : "primary";
    const node = h(
      "dialog",
      { class: "modal confirm", dataset: { testid: "confirm" }, "aria-labelledby": "confirm-title" },
      h("header", { class: "modal-head" }, h("h2", { id: "confirm-title" }, plain(dialog.title))),
      h("div", { class: "modal-body" }, textObject(dialog.text)),
      h(
        "footer",
        { class: "modal-foot" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => node.close("deny") },
          plain(dialog.deny) || "Cancel",
        ),
        h(
          "button",
          { type: "button", class: `button ${style}`, onclick: () => node.close("yes") },
          plain(dialog.confirm) || "Yes",
        ),
      ),
    );
    const before = document.activeElement;
    node.addEventListener("close", () => {
      node.remove();
      before?.focus?.();
      resolve(node.returnValue === "yes");
    });
    document.body.append(node);
    node.showModal();
    node.querySelector(".modal-foot .button:last-child").focus();
  });
}
