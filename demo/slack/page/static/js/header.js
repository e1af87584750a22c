// The head of the middle column: what is open, the app's tabs, and the page's own tools.

import { avatar, badge } from "./avatar.js";
import { fill, fillWhen, h } from "./dom.js";
import { icon } from "./icons.js";
import { journalButton } from "./journal.js";
import { showKeys } from "./keys.js";
import { openApp } from "./navigate.js";
import { store } from "./store.js";

const journal = journalButton();
const tools = h(
  "div",
  { class: "tools" },
  journal,
  h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Light or dark",
      title: "Light or dark",
      dataset: { testid: "theme" },
      onclick: () => dispatchEvent(new Event("page:toggle-theme")),
    },
    icon("sun"),
    icon("moon"),
  ),
  h(
    "button",
    {
      type: "button",
      class: "icon-button keys-button",
      "aria-label": "Keyboard shortcuts",
      title: "Keyboard shortcuts (?)",
      onclick: showKeys,
    },
    icon("keyboard"),
  ),
);
const sidebarButton = h(
  "button",
  {
    type: "button",
    class: "icon-button sidebar-button",
    "aria-label": "Show channels",
    onclick: (e) => {
      e.stopPropagation();
      dispatchEvent(new Event("page:toggle-sidebar"));
    },
  },
  icon("menu"),
);
const titleBox = h("div", { class: "head-title" });
const tabs = h("div", { class: "tabs" });

/** drawHeader fills the header for the open place. */
export function drawHeader(header) {
  const { place } = store;
  const app = place?.app ? store.app(place.app) : null;
  if (app) drawApp(app);
  else drawChannel(store.channel(place?.channel));
  tabs.hidden = !app;
  if (!tools.isConnected) fill(header, h("div", { class: "head-row" }, sidebarButton, titleBox, tools), tabs);
}

function drawChannel(channel) {
  if (!channel) return fillWhen(titleBox, "", () => []);
  const user = channel.kind === "dm" ? store.user(channel.user) : null;
  const mark = user ? avatar(user, "small") : icon(channel.kind === "private" ? "lock" : "hash");
  return fillWhen(titleBox, JSON.stringify([channel.id, channel.name, channel.topic, user]), () => [
    h("h1", { dataset: { channel: channel.id } }, mark, store.channelTitle(channel), badge(user)),
    h("p", { class: "topic" }, user ? user.title : channel.topic),
  ]);
}

function drawApp(app) {
  const user = store.user(app.bot_user) ?? { id: app.id, name: app.name, is_bot: true };
  fillWhen(titleBox, JSON.stringify([user, app.name, app.connections > 0]), () => [
    h("h1", { dataset: { app: app.id } }, avatar(user, "small"), app.name, badge(user)),
    h("p", { class: "topic" }, app.connections ? "" : "Not connected"),
  ]);
  const names = [
    app.home && ["home", "Home"],
    app.messages_tab !== false && ["messages", "Messages"],
    ["about", "About"],
  ].filter(Boolean);
  fillWhen(tabs, JSON.stringify([app.id, store.place.tab, names]), () =>
    names.map(([id, name]) =>
      h(
        "button",
        {
          type: "button",
          class: `tab${store.place.tab === id ? " active" : ""}`,
          "aria-current": store.place.tab === id ? "page" : null,
          dataset: { tab: id },
          onclick: () => openApp(app.id, id),
        },
        name,
      ),
    ),
  );
}
