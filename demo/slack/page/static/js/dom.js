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
  else if (["value", "checked", "disabled", "multiple", "readOnly", "inert", "tabIndex"].includes(name)) el[name] = value;
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
// that has the same place in Slack's terms.
function refocus(parent, lost) {
  if (lost.isConnected) return lost.focus();
  const { actionId } = lost.dataset;
  const blockId = lost.closest("[data-block-id]")?.dataset.blockId;
  if (!actionId || !blockId) return;
  const again = parent.querySelector(
    `[data-block-id="${CSS.escape(blockId)}"] [data-action-id="${CSS.escape(actionId)}"]`,
  );
  again?.focus();
}

/** debounce returns a function that calls fn once, ms after the last call; .flush calls it now if it is waiting. */
export function debounce(fn, ms) {
  let timer = 0;
  let args = [];
  const run = () => {
    timer = 0;
    fn(...args);
  };
  const debounced = (...next) => {
    args = next;
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  debounced.flush = () => {
    if (timer) {
      clearTimeout(timer);
      run();
    }
  };
  return debounced;
}

/** announce says text to screen readers. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}
