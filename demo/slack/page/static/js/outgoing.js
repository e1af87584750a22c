// What a person typed, in Slack's form: &, < and > escaped, @name, @group and #channel as references. A slash
// command goes out as typed: whether it is escaped is the app's setting.

import { displayName, store } from "./store.js";

/** outgoing turns typed text into message text. */
export function outgoing(text) {
  if (text.startsWith("/")) return text;
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped
    .replace(/(^|[\s(])@(here|channel|everyone)\b/g, "$1<!$2>")
    .replace(/(^|[\s(])@([\w.-]*\w)/g, (whole, before, name) => reference(before, name) ?? whole)
    .replace(/(^|[\s(])#([\w-]+)/g, (whole, before, name) => {
      const channel = store.channels.find((c) => c.kind !== "dm" && c.name === name);
      return channel ? `${before}<#${channel.id}>` : whole;
    });
}

function reference(before, name) {
  const user = [...store.users.values()].find((u) => u.name === name);
  if (user) return `${before}<@${user.id}>`;
  const group = [...store.usergroups.values()].find((g) => g.handle === name);
  return group ? `${before}<!subteam^${group.id}>` : null;
}

/** mentionable lists people and groups whose names fit what was typed after @. */
export function mentionable(typed) {
  const fits = (...names) =>
    names.some(
      (n) =>
        n
          ?.toLowerCase()
          .split(/\s+/)
          .some((w) => w.startsWith(typed)) || n?.toLowerCase().startsWith(typed),
    );
  const people = [...store.users.values()].filter((u) => !u.deleted && fits(u.name, u.real_name));
  const groups = [...store.usergroups.values()].filter((g) => fits(g.handle, g.name));
  return [
    ...people.map((user) => ({ user, label: displayName(user), hint: user.title, insert: `@${user.name} ` })),
    ...groups.map((g) => ({ label: `@${g.handle}`, hint: g.name, insert: `@${g.handle} ` })),
  ].slice(0, 8);
}
