// Keeping the store equal to the workspace: reads what an event names, one read at a time per subject, and drops
// answers that belong to a person or place the page has left.

import * as api from "./api.js";
import { store } from "./store.js";
import { Stream } from "./stream.js";
import { toast } from "./toasts.js";

const running = new Map();
let journalTimer = null;

// once runs read() and ends with it; calls that come while it runs lead to exactly one more run, and end with that one.
function once(subject, read) {
  const run = running.get(subject);
  if (run) return (run.again ??= run.done.then(() => once(subject, read)));
  const done = attempt(read).then(() => running.delete(subject));
  running.set(subject, { done, again: null });
  return done;
}

async function attempt(read) {
  try {
    await read();
  } catch (error) {
    if (store.online) toast(error.message, "error");
  }
}

// current returns a test that fails once the page shows another person or place.
function current() {
  const { me, place, thread } = store;
  return () => store.me?.id === me?.id && store.place === place && store.thread === thread;
}

export const frame = () =>
  once("frame", async () => {
    const user = store.me.id;
    const snapshot = await api.snapshot(user);
    if (store.me.id === user) store.takeSnapshot(snapshot);
  });

export const messages = () =>
  once("messages", async () => {
    if (!store.openChannel) return;
    const valid = current();
    const answer = await api.messages(store.me.id, store.openChannel);
    if (valid()) store.set("messages", "messages", answer.messages ?? []);
  });

export const thread = () =>
  once("thread", async () => {
    if (!store.thread) return;
    const valid = current();
    const answer = await api.messages(store.me.id, store.thread.channel, store.thread.ts);
    if (valid()) store.set("thread", "threadMessages", answer.messages ?? []);
  });

export const views = () =>
  once("views", async () => {
    const user = store.me.id;
    const answer = await api.views(user);
    if (store.me.id === user) store.set("views", "views", answer.stack ?? []);
  });

export const home = () =>
  once("home", async () => {
    if (store.place?.tab !== "home") return;
    const valid = current();
    const answer = await api.home(store.me.id, store.place.app);
    if (valid()) store.set("home", "homeView", answer.view ?? null);
  });

export const journal = () =>
  once("journal", async () => {
    const answer = await api.journal();
    store.journalErrors = (answer.entries ?? []).filter((e) => e.level === "error").length;
    store.set("journal", "journal", answer.entries ?? []);
  });

/** everything reads all that is on the screen. */
export function everything() {
  return Promise.all([frame(), messages(), thread(), views(), home(), store.journalOpen && journal()]);
}

// journalChanged waits a little: an app at work writes many entries. The count alone comes with the frame.
function journalChanged() {
  journalTimer ??= setTimeout(() => {
    journalTimer = null;
    if (store.journalOpen) journal();
    else frame();
  }, 500);
}

const readers = {
  messages: (event) => {
    if (event.channel === store.openChannel) messages();
    if (event.channel === store.thread?.channel) thread();
  },
  channels: frame,
  users: frame,
  apps: frame,
  clock: frame,
  views,
  home,
  journal: journalChanged,
};

const stream = new Stream(
  (event) => readers[event.type]?.(event),
  (online) => {
    store.set("connection", "online", online);
    if (online) everything(); // also the first time: what happened before the stream was open made no event
  },
);

/** follow listens to what happens for the person in store.me. */
export function follow() {
  stream.follow(store.me.id);
}
