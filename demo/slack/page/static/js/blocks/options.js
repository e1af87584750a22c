// Where the options of a select come from: its own list, the app, the people, or the channels of the workspace.
// A source yields groups of {label, hint?, user?, option}; option is the value in the element's own terms.

import { displayName, store } from "../store.js";
import { plain } from "./text.js";

/** source tells how to find options: {min, find(typed)} where find returns groups [{label, options}], maybe later. */
export function source(element, control) {
  const kind = element.type.replace(/^multi_/, "");
  const sources = {
    static_select: () => ({ min: 0, find: (typed) => matching(groupsOf(element), typed) }),
    external_select: () => ({
      min: element.min_query_length ?? 3,
      remote: true,
      find: (typed) => external(control, typed),
    }),
    users_select: () => ({ min: 0, find: (typed) => matching([{ label: "", options: people() }], typed) }),
    channels_select: () => ({
      min: 0,
      find: (typed) => matching([{ label: "", options: channels(["channel"]) }], typed),
    }),
    conversations_select: () => ({
      min: 0,
      find: (typed) => matching([{ label: "", options: conversations(element.filter) }], typed),
    }),
  };
  return sources[kind]();
}

/** read turns Slack's value (an option object or an id) into a choice with a label. */
export function read(element, value) {
  if (typeof value === "object") return choice(value);
  if (element.type.includes("users_")) return person(store.user(value) ?? { id: value, name: value });
  const found = store.channel(value);
  return found ? channelChoice(found) : { label: value, option: value, key: value };
}

function choice(option) {
  return { label: plain(option.text), hint: plain(option.description), option, key: option.value };
}

function groupsOf(list) {
  const groups = list.option_groups ?? [{ options: list.options ?? [] }];
  return groups.map((g) => ({ label: plain(g.label), options: (g.options ?? []).map(choice) }));
}

async function external(control, typed) {
  const answer = await control.suggest(typed);
  if (answer.warning) throw new Error(answer.warning);
  return groupsOf(answer);
}

function people() {
  return store
    .people()
    .map(person)
    .sort((a, b) => a.label.localeCompare(b.label));
}

function person(user) {
  return { label: displayName(user), hint: user.title, user, option: user.id, key: user.id, also: user.name };
}

function channels(kinds) {
  return store.channels.filter((c) => kinds.includes(c.kind) && !c.is_archived).map(channelChoice);
}

function channelChoice(c) {
  return { label: c.kind === "dm" ? store.channelTitle(c) : `#${c.name}`, option: c.id, key: c.id };
}

// Slack's filter names kinds of conversations: public, private, im, mpim.
function conversations(filter) {
  const names = { public: "channel", private: "private", im: "dm" };
  const kinds = (filter?.include ?? ["public", "private", "im"]).map((name) => names[name]).filter(Boolean);
  return channels(kinds);
}

function matching(groups, typed) {
  const words = typed.trim().toLowerCase();
  if (!words) return groups;
  const fits = (o) => `${o.label} ${o.also ?? ""}`.toLowerCase().includes(words);
  return groups.map((g) => ({ ...g, options: g.options.filter(fits) })).filter((g) => g.options.length);
}
