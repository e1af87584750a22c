// The person switcher: one visitor plays everybody. Alt+P opens it, Alt+1 to Alt+9 switch at once.

import * as api from "./api.js";
import { avatar, badge } from "./avatar.js";
import { fillWhen, h } from "./dom.js";
import { icon } from "./icons.js";
import { playAs } from "./navigate.js";
import { choose } from "./chooser.js";
import { displayName, store } from "./store.js";

const button = h("button", {
  type: "button",
  class: "switcher",
  "aria-haspopup": "dialog",
  dataset: { testid: "switcher" },
  onclick: () => openSwitcher(),
});

/** switcher is the button at the top of the sidebar. */
export function switcher() {
  store.on("frame", draw);
  return button;
}

function draw() {
  const me = store.me;
  button.dataset.user = me.id;
  button.title = "Play somebody else (Alt P)";
  fillWhen(button, JSON.stringify([me, store.team]), () => [
    avatar(me, "large"),
    h(
      "span",
      { class: "switcher-who" },
      h("span", { class: "switcher-team" }, `${store.team.name} · you are`),
      h("span", { class: "switcher-name" }, displayName(me)),
      h("span", { class: "switcher-title" }, me.title || me.name),
    ),
    icon("chevron"),
  ]);
}

/** openSwitcher lets the visitor pick the person to play. */
export function openSwitcher() {
  const items = store.people().map(personItem);
  const redraw = choose({ label: "Play as", placeholder: "Play as… type a name or title", items });
  for (const item of items) countWaiting(item, redraw);
}

function personItem(user, i) {
  return {
    label: displayName(user),
    hint: user.title,
    search: `${user.name} ${user.title}`,
    mark: avatar(user),
    after: [badge(user), user.id === store.me.id ? icon("check") : null, i < 9 ? h("kbd", null, `Alt ${i + 1}`) : null],
    dataset: { user: user.id },
    run: () => playAs(user.id),
  };
}

// What waits for the others shows whom to play next: an approver's mark is what a requester looks for.
async function countWaiting(item, redraw) {
  const { channels } = await api.snapshot(item.dataset.user).catch(() => ({ channels: [] }));
  const waiting = channels.reduce((n, c) => n + (c.kind === "dm" ? c.unread : c.mentions), 0);
  if (!waiting) return;
  item.after.unshift(h("span", { class: "count", title: `${waiting} unread for ${item.label}` }, String(waiting)));
  redraw();
}

/** playNth switches to the nth person of the list, counted from one. */
export function playNth(n) {
  const user = store.people()[n - 1];
  if (user) playAs(user.id);
}
