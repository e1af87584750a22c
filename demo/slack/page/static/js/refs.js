// Mentions: people, channels, groups and broadcasts, as mrkdwn and rich text both show them.

import { h } from "./dom.js";
import { displayName, store } from "./store.js";

/** person is a mention of a user; it stands out when it names the viewer. */
export function person(id) {
  const key = id.split("|")[0];
  const user = store.user(key);
  const mine = key === store.me?.id;
  const name = user ? displayName(user) : key;
  return h(
    "span",
    { class: `mention${mine ? " mention-me" : ""}`, dataset: { user: key }, title: user?.title },
    `@${name}`,
  );
}

/** channel is a mention that opens the channel; one the viewer can't see stays closed. */
export function channel(id, label) {
  const found = store.channel(id);
  if (!found) return h("span", { class: "mention" }, label ? `#${label}` : "#private channel");
  const open = () => dispatchEvent(new CustomEvent("page:open-channel", { detail: { channel: id } }));
  return h("button", { type: "button", class: "mention mention-link", onclick: open }, `#${found.name}`);
}

export function group(id, label) {
  const found = store.usergroups.get(id);
  const name = found ? `@${found.handle}` : label || `@${id}`;
  return h("span", { class: "mention", title: found?.name }, name.startsWith("@") ? name : `@${name}`);
}

export function broadcast(name, label) {
  return h(
    "span",
    { class: "mention mention-all" },
    `@${name === "here" || name === "channel" || name === "everyone" ? name : label || name}`,
  );
}
