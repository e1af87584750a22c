// Floating layers: menus, option lists, the person switcher. They open in the browser's top layer (popover), inside
// the modal if there is one, because everything outside a modal is inert.

import { h } from "./dom.js";

/** float shows node next to anchor and returns a function that closes it; onClose is called once, however it ends. */
export function float(anchor, node, { onClose, width, prefer = "below", align = "start" } = {}) {
  const host = anchor.closest("dialog") ?? document.body;
  node.popover = "manual";
  node.classList.add("floating");
  host.append(node);
  node.showPopover();
  const place = () => position(anchor, node, { width, prefer, align });
  place();
  const watch = new ResizeObserver(place);
  watch.observe(node);

  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    watch.disconnect();
    removeEventListener("pointerdown", outside, true);
    removeEventListener("scroll", scrolled, true);
    removeEventListener("resize", place);
    node.remove();
    onClose?.();
  };
  const outside = (e) => {
    if (!node.contains(e.target) && !anchor.contains(e.target)) close();
  };
  const scrolled = (e) => {
    if (node.contains(e.target)) return;
    if (anchor.isConnected) place();
    else close();
  };
  addEventListener("pointerdown", outside, true);
  addEventListener("scroll", scrolled, true);
  addEventListener("resize", place);
  return close;
}

function position(anchor, node, { width, prefer, align }) {
  const gap = 4;
  const edge = 8;
  const at = anchor.getBoundingClientRect();
  if (width === "anchor") node.style.minWidth = `${at.width}px`;
  const { offsetWidth: w, offsetHeight: tall } = node;
  const below = innerHeight - at.bottom;
  const up = prefer === "above" ? at.top > tall + edge : below < tall + edge && at.top > below;
  const top = up ? at.top - tall - gap : at.bottom + gap;
  const left = align === "end" ? at.right - w : at.left;
  node.style.top = `${Math.max(edge, Math.min(top, innerHeight - tall - edge))}px`;
  node.style.left = `${Math.max(edge, Math.min(left, innerWidth - w - edge))}px`;
}

/**
 * menu opens a list of choices below anchor. items: {label, hint?, icon?, danger?, run} or {heading}. Arrow keys
 * move, Enter chooses, Esc closes and gives the focus back.
 */
export function menu(anchor, items, { label, prefer, align } = {}) {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label });
  const done = () => anchor.setAttribute("aria-expanded", "false");
  const close = () => {
    closeLayer();
    anchor.focus();
  };
  for (const item of items) {
    if (item.heading) {
      list.append(h("div", { class: "menu-heading", role: "presentation" }, item.heading));
      continue;
    }
    const choose = () => {
      close();
      item.run();
    };
    list.append(
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          tabIndex: -1,
          class: `menu-item${item.danger ? " danger" : ""}`,
          dataset: item.dataset,
          onclick: choose,
        },
        item.icon ?? null,
        h("span", { class: "menu-label" }, item.label),
        item.hint ? h("span", { class: "menu-hint" }, item.hint) : null,
      ),
    );
  }
  list.addEventListener("keydown", (e) => menuKeys(e, list, close));
  const closeLayer = float(anchor, list, { onClose: done, prefer, align });
  anchor.setAttribute("aria-expanded", "true");
  list.querySelector("button")?.focus();
  return close;
}

function menuKeys(e, list, close) {
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[e.key];
  if (to !== undefined) {
    e.preventDefault();
    buttons.at(to % buttons.length)?.focus();
  } else if (e.key === "Escape" || e.key === "Tab") {
    e.preventDefault();
    e.stopPropagation();
    close();
  }
}
