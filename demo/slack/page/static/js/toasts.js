// Short messages at the edge of the page: what failed, and what was done elsewhere.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** toast shows text for some seconds; kind is "info" or "error". Errors stay longer. */
export function toast(text, kind = "info") {
  const region = document.getElementById("toasts");
  const remove = () => node.remove();
  const node = h(
    "div",
    { class: `toast toast-${kind}`, dataset: { testid: "toast" }, role: kind === "error" ? "alert" : null },
    h("span", null, text),
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: remove }, icon("close")),
  );
  region.append(node);
  raise(region);
  setTimeout(remove, kind === "error" ? 9000 : 5000);
}

// raise puts the region above an open modal, which lives in the browser's top layer.
function raise(region) {
  if (!region.showPopover) return;
  region.popover = "manual";
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

/** attempt runs an async action and shows its error as a toast; it returns undefined then. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message, "error");
    return undefined;
  }
}
