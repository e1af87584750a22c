// The middle column: a conversation, or an app with its tabs.

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { about, empty } from "./about.js";
import { drawHeader } from "./header.js";
import { homeTab } from "./home.js";
import { MessageList } from "./messagelist.js";
import { openThread } from "./navigate.js";
import { displayName, store } from "./store.js";
import * as sync from "./sync.js";
import { attempt } from "./toasts.js";

const main = document.getElementById("main");
const header = h("header", { class: "main-head" });
const offline = h(
  "div",
  { class: "offline", role: "alert", hidden: true },
  "The connection to the workspace is lost. Trying again…",
);
const content = h("div", { class: "content" });
const foot = h("div", { class: "foot" });
let list = null;
let unread = 0;
let lastMark = "";

/** startPlace draws the column and keeps it fresh. */
export function startPlace() {
  fill(main, header, offline, content, foot);
  store.on("place", open);
  store.on("frame", refresh);
  store.on("messages", drawMessages);
  store.on("connection", () => {
    offline.hidden = store.online;
  });
  document.addEventListener("visibilitychange", markRead);
}

function open() {
  const { place } = store;
  drawHeader(header);
  list = null;
  fill(foot);
  if (!place) return fill(content, empty("No conversation yet", "The workspace has no channels for this person."));
  if (place.tab === "home") return fill(content, homeTab());
  if (place.tab === "about") return fill(content, about(store.app(place.app)));
  const channel = store.channel(place.channel);
  if (!channel) return fill(content, empty("Not here", "This conversation can’t be opened."));
  unread = channel.unread ?? 0;
  list = new MessageList(channel.id, { openThread });
  fill(content, list.scroller);
  drawFoot(channel);
  return undefined;
}

function refresh() {
  drawHeader(header);
  const channel = store.channel(store.openChannel);
  if (!channel || !list) return;
  if (foot.dataset.state !== footState(channel)) drawFoot(channel);
  drawMessages();
}

const footState = (c) => [store.me.id, c.id, c.is_member, c.is_archived].join();

function drawFoot(channel) {
  foot.dataset.state = footState(channel);
  if (channel.is_archived) return fill(foot, h("div", { class: "foot-bar" }, "This channel is archived."));
  if (!channel.is_member && channel.kind !== "dm") {
    const join = () =>
      attempt(async () => {
        await api.join(store.me.id, channel.id);
        await sync.everything();
      });
    return fill(
      foot,
      h(
        "div",
        { class: "foot-bar" },
        h("span", null, "You are not in ", h("strong", null, `#${channel.name}`)),
        h("button", { type: "button", class: "button primary", onclick: join }, "Join channel"),
      ),
    );
  }
  const title = channel.kind === "dm" ? store.channelTitle(channel) : `#${channel.name}`;
  const composer = new Composer({ channel: channel.id }, title);
  fill(foot, composer.root);
  if (!document.activeElement?.closest?.("dialog")) composer.focus();
  return undefined;
}

function drawMessages() {
  if (!list || !store.messages) return;
  if (store.messages.length) list.update(store.messages, unread);
  else fill(list.root, intro(store.channel(store.openChannel)));
  markRead();
}

function intro(channel) {
  if (!channel) return null;
  const user = channel.kind === "dm" ? store.user(channel.user) : null;
  const name = user ? displayName(user) : `#${channel.name}`;
  return empty(
    name,
    user
      ? `This is the beginning of your conversation with ${name}.`
      : channel.topic || "Nothing has been said here yet.",
  );
}

// Read is what a person can have seen: the place is open and the page visible. Each message is reported once; the
// stream brings the new counts.
function markRead() {
  const channel = store.channel(store.openChannel);
  const latest = store.messages?.at(-1);
  if (document.visibilityState !== "visible" || !channel?.unread || !latest) return;
  const mark = [store.me.id, channel.id, latest.ts].join();
  if (mark === lastMark) return;
  lastMark = mark;
  api.markRead(store.me.id, channel.id, latest.ts).catch(() => {
    lastMark = "";
  });
}
