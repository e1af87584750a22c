// Modals: the top view of the person's stack in a dialog. The browser's <dialog> keeps the focus inside; Esc and
// the close button go one view back, the cross closes all.

import * as api from "./api.js";
import { Surface } from "./blocks/surface.js";
import { problem } from "./blocks/values.js";
import { plain } from "./blocks/text.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import * as sync from "./sync.js";
import { attempt } from "./toasts.js";

const trouble = "We had some trouble connecting. Try again?";
const surfaces = new Map();
let dialog = null;
let current = null;
let opener = null;

/** startModals shows the stack of the store. */
export function startModals() {
  store.on("views", draw);
}

function draw() {
  const stack = store.views;
  const view = stack.at(-1);
  for (const id of surfaces.keys()) if (!stack.some((v) => v.id === id)) surfaces.delete(id);
  if (!view) return dismiss();
  const fresh = current?.id !== view.id;
  current = view;
  if (!dialog) createDialog();
  if (fresh) showView(view, stack.length);
  else updateView(view);
  return undefined;
}

function dismiss() {
  current = null;
  dialog?.remove();
  dialog = null;
  if (opener?.isConnected) opener.focus();
  opener = null;
}

function createDialog() {
  opener = document.activeElement;
  dialog = h("dialog", { class: "modal", dataset: { testid: "modal" }, "aria-labelledby": "modal-title" });
  dialog.addEventListener("cancel", (e) => {
    e.preventDefault();
    close(false);
  });
  dialog.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) submit();
    if (e.key !== "Escape" || e.defaultPrevented) return;
    e.preventDefault(); // or a second Esc would close the dialog without asking
    close(false);
  });
  document.body.append(dialog);
  dialog.showModal();
}

function surfaceOf(view) {
  if (!surfaces.has(view.id)) {
    const id = view.id;
    surfaces.set(id, new Surface({ type: "view", view_id: id }, { onChange: (state) => api.input(store.me.id, id, state).catch(() => {}) }));
  }
  return surfaces.get(view.id);
}

function showView(view, depth) {
  const surface = surfaceOf(view);
  surface.update(view.blocks, view.state?.values);
  dialog.dataset.viewId = view.id;
  dialog.dataset.callbackId = view.callback_id ?? "";
  const form = h(
    "form",
    { class: "modal-form", novalidate: true, onsubmit: (e) => { e.preventDefault(); submit(); } },
    h("header", { class: "modal-head" }),
    h("div", { class: "banner", role: "alert", hidden: true, dataset: { testid: "banner" } }),
    h("div", { class: "modal-body" }, surface.root),
    h("footer", { class: "modal-foot" }),
  );
  fill(dialog, form);
  drawFrame(view, depth);
  focusFirst(view);
}

function updateView(view) {
  surfaceOf(view).update(view.blocks, view.state?.values);
  drawFrame(view, store.views.length);
}

function drawFrame(view, depth) {
  const app = store.app(view.app_id);
  fill(
    dialog.querySelector(".modal-head"),
    depth > 1 ? h("button", { type: "button", class: "icon-button back", "aria-label": "Back", onclick: () => close(false) }, icon("chevron")) : null,
    h("div", null, h("h2", { id: "modal-title" }, plain(view.title)), app ? h("p", null, app.name) : null),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => close(true) }, icon("close")),
  );
  const foot = dialog.querySelector(".modal-foot");
  const hasInput = (view.blocks ?? []).some((b) => b.type === "input");
  const label = plain(view.submit) || (hasInput ? "Submit" : "");
  const sig = JSON.stringify([label, plain(view.close), depth, view.submit_disabled]);
  if (foot.dataset.sig === sig) return;
  foot.dataset.sig = sig;
  fill(
    foot,
    h("button", { type: "button", class: "button", dataset: { testid: "close" }, onclick: () => close(false) }, plain(view.close) || (label ? "Cancel" : "Close")),
    label ? h("button", { type: "submit", class: "button primary", disabled: view.submit_disabled === true, dataset: { testid: "submit" } }, label) : null,
  );
}

function focusFirst(view) {
  const wanted = (view.blocks ?? []).flatMap((b) => [b.element, b.accessory, ...(b.elements ?? [])]).find((e) => e?.focus_on_load);
  const body = dialog.querySelector(".modal-body");
  const target =
    (wanted && body.querySelector(`[data-action-id="${CSS.escape(wanted.action_id)}"]`)) ||
    body.querySelector("input:not([type=hidden]), textarea, button") ||
    dialog.querySelector("[data-testid=submit], [data-testid=close]");
  target?.focus();
}

function showBanner(text) {
  const banner = dialog?.querySelector(".banner");
  if (!banner) return;
  banner.hidden = !text;
  fill(banner, text ? [icon("warning"), h("span", null, text)] : "");
}

async function submit() {
  const button = dialog?.querySelector("[data-testid=submit]");
  if (!button || button.disabled || button.getAttribute("aria-busy") === "true") return;
  const view = current;
  const surface = surfaceOf(view);
  const problems = check(surface);
  showBanner("");
  surface.showErrors(problems);
  if (Object.keys(problems).length) return;
  surface.remember.cancel(); // the submission carries what was typed
  button.setAttribute("aria-busy", "true");
  try {
    showResult(surface, await api.submit(store.me.id, view.id, surface.state()));
  } catch (error) {
    showBanner(error.message);
  } finally {
    button.removeAttribute("aria-busy");
  }
  sync.views();
}

// check finds what Slack's client itself would not send.
function check(surface) {
  const found = {};
  for (const block of surface.inputs()) {
    if (!block.element) continue;
    const text = problem(block, surface.value(block.block_id, block.element));
    if (text) found[block.block_id] = text;
  }
  return found;
}

function showResult(surface, answer) {
  if (answer.result === "error") showBanner(answer.warning || trouble);
  if (answer.result !== "errors") return;
  const lost = surface.showErrors(answer.errors ?? {});
  if (lost.length) showBanner(trouble);
}

async function close(all) {
  const view = current;
  if (!view) return;
  surfaceOf(view).remember.cancel();
  await attempt(() => api.close(store.me.id, view.id, all));
  sync.views();
}
