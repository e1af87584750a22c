// Ctrl+K: jump to a channel, a person, an app.

import { avatar } from "./avatar.js";
import { choose } from "./chooser.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openApp, openChannel, openDM } from "./navigate.js";
import { displayName, store } from "./store.js";

/** quickSwitch opens the dialog; with people only, a choice is handed to onPick. */
export function quickSwitch({ people = false, onPick = openDM } = {}) {
  const persons = store
    .people()
    .filter((u) => u.id !== store.me.id)
    .map((user) => personItem(user, onPick));
  if (people) return choose({ label: "New message", placeholder: "Message whom?", items: persons });
  return choose({
    label: "Jump to",
    placeholder: "Jump to a channel, person or app",
    items: [...channelItems(), ...store.apps.map(appItem), ...persons],
  });
}

function channelItems() {
  const urgency = (c) => (c.mentions ? 2 : c.unread ? 1 : 0);
  return store.channels
    .filter((c) => c.kind !== "dm")
    .sort((a, b) => urgency(b) - urgency(a))
    .map((c) => ({
      label: c.name,
      hint: c.topic,
      mark: icon(c.kind === "private" ? "lock" : "hash"),
      after: c.mentions ? h("span", { class: "count" }, String(c.mentions)) : null,
      dataset: { channel: c.id },
      run: () => openChannel(c.id),
    }));
}

function appItem(app) {
  return {
    label: app.name,
    hint: "App",
    mark: avatar(store.user(app.bot_user) ?? { id: app.id, name: app.name, is_bot: true }, "small"),
    dataset: { app: app.id },
    run: () => openApp(app.id, "home"),
  };
}

function personItem(user, onPick) {
  return {
    label: displayName(user),
    hint: user.title,
    search: user.name,
    mark: avatar(user, "small"),
    dataset: { user: user.id },
    run: () => onPick(user.id),
  };
}
