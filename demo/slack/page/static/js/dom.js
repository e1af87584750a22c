// Building and updating DOM nodes. Nothing on this page uses innerHTML: text is always text.

/**
 * h builds an element. Props: `class`, `dataset` (object), `style` (object of CSS properties), `onclick`-like
 * handlers, DOM properties (value, checked, disabled…), and anything else as an attribute. null, undefined and
 * false leave a prop or a child out.
 */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(el, name, value);
  append(el, children);
  return el;
}

function setProp(el, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") el.className = value;
  else if (name === "dataset") {
    for (const [key, v] of Object.entries(value)) if (v !== null && v !== undefined) el.dataset[key] = v;
  } else if (name === "style") {
    for (const [key, v] of Object.entries(value)) el.style.setProperty(key, v);
  } else if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
  else if (["value", "checked", "disabled", "multiple", "readOnly", "inert", "tabIndex"].includes(name))
    el[name] = value;
  else el.setAttribute(name, value === true ? "" : value);
}

function append(el, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(el, child);
    else if (child !== null && child !== undefined && child !== false) el.append(child);
  }
}

/** fill replaces all children of el. */
export function fill(el, ...children) {
  el.replaceChildren();
  append(el, children);
  return el;
}

/** fillWhen replaces el's children with draw()'s only when sig differs from the last time: a node that stays can be
 * clicked and keeps the focus while news arrives. */
export function fillWhen(el, sig, draw) {
  if (el.fillSig === sig) return;
  const focused = el.contains(document.activeElement) ? document.activeElement : null;
  el.fillSig = sig;
  fill(el, draw());
  if (focused) focusTwin(el, focused);
}

/**
 * reconcile makes parent's children equal to items, keeping the nodes whose key and signature are unchanged (and
 * with them focus, typed text and open menus). Each item is {key, sig, render}.
 */
export function reconcile(parent, items) {
  const old = new Map();
  for (const node of parent.children) old.set(node.reconcileKey, node);
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const wanted = items.map(({ key, sig, render }) => {
    const kept = old.get(key);
    if (kept && kept.reconcileSig === sig) return kept;
    const node = render();
    node.reconcileKey = key;
    node.reconcileSig = sig;
    return node;
  });
  const keep = new Set(wanted);
  for (const node of [...parent.childNodes]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, i) => {
    if (parent.childNodes[i] !== node) parent.insertBefore(node, parent.childNodes[i] ?? null);
  });
  if (focused && document.activeElement !== focused) refocus(parent, focused);
}

// refocus gives the focus back after a node was rebuilt: to the same element if it survived, otherwise to the one
// with the same hooks (data-action-id in the same block, data-channel…).
function refocus(parent, lost) {
  if (lost.isConnected) return lost.focus();
  const blockId = lost.closest("[data-block-id]")?.dataset.blockId;
  const scope = blockId ? parent.querySelector(`[data-block-id="${CSS.escape(blockId)}"]`) : parent;
  return focusTwin(scope, lost);
}

function focusTwin(scope, lost) {
  const hooks = JSON.stringify(lost.dataset);
  if (hooks === "{}") return;
  const twin = [...(scope?.querySelectorAll(lost.tagName) ?? [])].find((n) => JSON.stringify(n.dataset) === hooks);
  twin?.focus();
  if (twin?.value && lost.selectionStart !== null) twin.setSelectionRange?.(lost.selectionStart, lost.selectionEnd);
}

/** debounce returns a function that calls fn once, ms after the last call; .cancel forgets the waiting call. */
export function debounce(fn, ms) {
  let timer = 0;
  const debounced = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
  debounced.cancel = () => clearTimeout(timer);
  return debounced;
}

/** announce says text to screen readers. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}
