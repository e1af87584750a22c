// What stands around the blocks of a modal: title, banner, buttons.

import { plain } from "./blocks/text.js";
import { fill, fillWhen, h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

/** open fills the dialog with an empty frame around body; submit is called for Enter and the submit button. */
export function open(dialog, body, submit) {
  const onsubmit = (e) => {
    e.preventDefault();
    submit();
  };
  fill(
    dialog,
    h(
      "form",
      { class: "modal-form", novalidate: true, onsubmit },
      h("header", { class: "modal-head" }),
      h("div", { class: "banner", role: "alert", hidden: true, dataset: { testid: "banner" } }),
      h("div", { class: "modal-body" }, body),
      h("footer", { class: "modal-foot" }),
    ),
  );
}

/** draw shows the view's title and buttons; close(all) is called to leave this view or the whole stack. */
export function draw(dialog, view, depth, close) {
  drawHead(dialog.querySelector(".modal-head"), view, depth, close);
  drawFoot(dialog.querySelector(".modal-foot"), view, close);
}

function drawHead(head, view, depth, close) {
  const app = store.app(view.app_id);
  const button = (name, drawing, all, extra = "") =>
    h(
      "button",
      { type: "button", class: `icon-button ${extra}`, "aria-label": name, onclick: () => close(all) },
      icon(drawing),
    );
  fillWhen(head, JSON.stringify([view.title, app?.name, depth]), () => [
    depth > 1 ? button("Back", "chevron", false, "back") : null,
    h("div", null, h("h2", { id: "modal-title" }, plain(view.title)), app ? h("p", null, app.name) : null),
    button("Close", "close", true),
  ]);
}

function drawFoot(foot, view, close) {
  const submit = plain(view.submit);
  const cancel = plain(view.close) || (submit ? "Cancel" : "Close");
  const disabled = view.submit_disabled === true;
  fillWhen(foot, JSON.stringify([submit, cancel, disabled]), () => [
    h("button", { type: "button", class: "button", dataset: { testid: "close" }, onclick: () => close(false) }, cancel),
    submit
      ? h("button", { type: "submit", class: "button primary", disabled, dataset: { testid: "submit" } }, submit)
      : null,
  ]);
}

/** focusFirst puts the focus where the view wants it, or on the first thing to fill in. */
export function focusFirst(dialog, view) {
  const elements = (view.blocks ?? []).flatMap((b) => [b.element, b.accessory, ...(b.elements ?? [])]);
  const wanted = elements.find((e) => e?.focus_on_load);
  const body = dialog.querySelector(".modal-body");
  const target =
    (wanted && body.querySelector(`[data-action-id="${CSS.escape(wanted.action_id)}"]`)) ||
    body.querySelector("input, textarea") ||
    body.querySelector("button") ||
    dialog.querySelector("[data-testid=submit], [data-testid=close]");
  target?.focus();
}

/** banner shows what went wrong with the whole view, or hides it for "". */
export function banner(dialog, text) {
  const box = dialog?.querySelector(".banner");
  if (!box) return;
  box.hidden = !text;
  fill(box, text ? [icon("warning"), h("span", null, text)] : "");
}
