// The left column: who is played, the conversations, the apps, the clock.

import { avatar } from "./avatar.js";
import { clockCard } from "./clock.js";
import { fill, fillWhen, h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { openApp, openChannel, openDM } from "./navigate.js";
import { quickSwitch } from "./quickswitch.js";
import { displayName, store } from "./store.js";
import { switcher } from "./switcher.js";

const root = document.getElementById("sidebar");
const lists = h("div", { class: "sidebar-lists" });
const groups = new Map();
const buttons = new Map();

/** startSidebar draws the column and keeps it fresh. */
export function startSidebar() {
  fill(
    root,
    switcher(),
    h(
      "button",
      { type: "button", class: "jump", dataset: { testid: "jump" }, onclick: quickSwitch },
      icon("search"),
      h("span", null, "Jump to…"),
      h("kbd", null, "Ctrl K"),
    ),
    lists,
    clockCard(),
  );
  store.on("frame", draw);
  store.on("place", draw);
  addEventListener("page:toggle-sidebar", () => root.classList.toggle("open"));
  document.getElementById("main").addEventListener("click", () => root.classList.remove("open"));
}

function draw() {
  const byName = (a, b) => store.channelTitle(a).localeCompare(store.channelTitle(b));
  const bots = new Set(store.apps.map((a) => a.bot_user));
  const channels = store.channels.filter((c) => c.kind !== "dm").sort(byName);
  const dms = store.channels.filter((c) => c.kind === "dm" && !bots.has(c.user)).sort(byName);
  reconcile(
    lists,
    [
      group("Channels", channels.filter((c) => c.is_member && !c.is_archived).map(channelRow)),
      group("Apps", store.apps.map(appRow)),
      group("Direct messages", [...dms.map(dmRow), newDM()]),
      group("Other channels", channels.filter((c) => !c.is_member || c.is_archived).map(channelRow)),
      group("Beside Slack", store.links.map(linkRow)),
    ].filter(Boolean),
  );
  document.title = title();
}

function title() {
  const mentions = store.channels.reduce((n, c) => n + (c.mentions ?? 0), 0);
  return `${mentions ? `(${mentions}) ` : ""}${displayName(store.me)} · ${store.team.name}`;
}

function group(name, rows) {
  if (!rows.length) return null;
  const list = groups.get(name) ?? h("ul");
  groups.set(name, list);
  reconcile(list, rows);
  return {
    key: name,
    sig: "",
    render: () => h("section", { class: "sidebar-group", "aria-label": name }, h("h2", null, name), list),
  };
}

function channelRow(c) {
  return row({
    channel: c,
    active: store.place?.channel === c.id,
    mark: icon(c.kind === "private" ? "lock" : "hash"),
    name: c.name,
    dim: !c.is_member || c.is_archived,
    open: () => openChannel(c.id),
  });
}

function dmRow(c) {
  const user = store.user(c.user);
  return row({
    channel: c,
    active: store.place?.channel === c.id,
    mark: avatar(user, "small"),
    name: store.channelTitle(c),
    open: () => openChannel(c.id),
  });
}

function appRow(app) {
  const channel = store.channels.find((c) => c.kind === "dm" && c.user === app.bot_user);
  const connected = app.connections > 0;
  return row({
    channel,
    app,
    active: store.place?.app === app.id,
    mark: avatar(store.user(app.bot_user) ?? { id: app.id, name: app.name, is_bot: true }, "small"),
    name: app.name,
    after: h(
      "span",
      {
        class: `presence${connected ? " on" : ""}`,
        title: connected ? `Connected, ${app.connections} sockets` : "Not connected",
      },
      connected ? "" : "offline",
    ),
    open: () => openApp(app.id, store.channel(channel?.id)?.unread ? "messages" : "home"),
  });
}

// A row keeps its button, whatever changes in it: a click that has begun must end on the same node.
function row({ channel, app, active, mark, name, after, dim, open }) {
  const unread = channel?.unread ?? 0;
  // A direct message is always meant for its reader, as a mention is.
  const mentions = channel?.kind === "dm" ? unread : (channel?.mentions ?? 0);
  const news = mentions ? `${mentions} for you` : unread ? "unread" : "";
  const key = app?.id ?? channel.id;
  const button = buttons.get(key) ?? h("button", { type: "button" });
  buttons.set(key, button);
  button.className = ["side-row", active && "active", unread && "unread", dim && "dim"].filter(Boolean).join(" ");
  button.setAttribute("aria-description", news);
  button.setAttribute("aria-current", active ? "page" : "false");
  if (channel) button.dataset.channel = channel.id;
  if (app) button.dataset.app = app.id;
  button.onclick = () => {
    root.classList.remove("open");
    open();
  };
  fillWhen(button, [name, news, mark.outerHTML, after?.outerHTML].join(), () => [
    h("span", { class: "side-mark" }, mark),
    h("span", { class: "side-name" }, name),
    after,
    mentions ? h("span", { class: "count" }, String(mentions)) : null,
  ]);
  return { key, sig: "", render: () => h("li", null, button) };
}

// Another page of the trial: a system, or who works here.
function linkRow({ name, url }) {
  const attributes = { class: "side-row", href: url, target: "_blank", rel: "noopener" };
  const render = () =>
    h(
      "li",
      null,
      h(
        "a",
        attributes,
        h("span", { class: "side-mark" }, icon("out")),
        h("span", { class: "side-name" }, name),
      ),
    );
  return { key: url, sig: name, render };
}

function newDM() {
  const start = () => quickSwitch({ people: true, onPick: openDM });
  const render = () =>
    h(
      "li",
      null,
      h(
        "button",
        { type: "button", class: "side-row dim", onclick: start },
        h("span", { class: "side-mark" }, icon("plus")),
        h("span", { class: "side-name" }, "New message"),
      ),
    );
  return { key: "new", sig: "", render };
}
