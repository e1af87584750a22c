// Modals: the top view of the person's stack in a dialog. The browser's <dialog> keeps the focus inside; Esc and
// the close button go one view back, the cross closes all.

import * as api from "./api.js";
import { Surface } from "./blocks/surface.js";
import { problem } from "./blocks/values.js";
import { h } from "./dom.js";
import * as frame from "./modalframe.js";
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
    surfaces.set(
      id,
      new Surface(
        { type: "view", view_id: id },
        { onChange: (state) => api.input(store.me.id, id, state).catch(() => {}) },
      ),
    );
  }
  return surfaces.get(view.id);
}

function showView(view, depth) {
  const surface = surfaceOf(view);
  surface.update(view.blocks, view.state?.values);
  dialog.dataset.viewId = view.id;
  dialog.dataset.callbackId = view.callback_id ?? "";
  frame.open(dialog, surface.root, submit);
  frame.draw(dialog, view, depth, close);
  frame.focusFirst(dialog, view);
}

function updateView(view) {
  surfaceOf(view).update(view.blocks, view.state?.values);
  frame.draw(dialog, view, store.views.length, close);
}

async function submit() {
  const button = dialog?.querySelector("[data-testid=submit]");
  if (!button || button.disabled || button.getAttribute("aria-busy") === "true") return;
  const view = current;
  const surface = surfaceOf(view);
  const problems = check(surface);
  frame.banner(dialog, "");
  surface.showErrors(problems);
  if (Object.keys(problems).length) return;
  surface.remember.cancel(); // the submission carries what was typed
  button.setAttribute("aria-busy", "true");
  try {
    showResult(surface, await api.submit(store.me.id, view.id, surface.state()));
  } catch (error) {
    frame.banner(dialog, error.message);
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
  if (answer.result === "error") frame.banner(dialog, answer.warning || trouble);
  if (answer.result !== "errors") return;
  const lost = surface.showErrors(answer.errors ?? {});
  if (lost.length) frame.banner(dialog, trouble);
}

async function close(all) {
  const view = current;
  if (!view) return;
  surfaceOf(view).remember.cancel();
  await attempt(() => api.close(store.me.id, view.id, all));
  sync.views();
}
