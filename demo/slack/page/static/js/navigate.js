// Where the page is: the person, the place, the thread. The address's hash keeps it, so that a reload and a second
// window show the same: #/U1/C1, #/U1/C1/1795.0001 (thread), #/U1/app/A1/home.

import * as api from "./api.js";
import { store } from "./store.js";
import * as sync from "./sync.js";
import { attempt } from "./toasts.js";

const lastPerson = "page.person";
let turns = 0;

/** start plays the person of the address, of the last visit, or the first one. */
export async function start() {
  addEventListener("hashchange", () => store.me && followHash());
  for (const user of [path()[0], localStorage.getItem(lastPerson), ""]) {
    if (!store.me && typeof user === "string") await playAs(user, { keepPlace: true, quiet: true });
  }
}

function path() {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

/** playAs makes the page that person's. They see the same place if it is theirs too, so that one can follow a card
 * from requester to approver; otherwise what they last saw. */
export async function playAs(user, { keepPlace = false, quiet = false } = {}) {
  const { place, thread } = store;
  const ask = () => api.snapshot(user);
  const turn = ++turns;
  const snapshot = await (quiet ? ask().catch(() => null) : attempt(ask));
  if (!snapshot || turn !== turns) return;
  Object.assign(store, { place: null, thread: null, messages: null, threadMessages: null, views: [], homeView: null });
  store.takeSnapshot(snapshot);
  localStorage.setItem(lastPerson, store.me.id);
  store.emit("place", "messages", "thread", "views", "home");
  sync.follow();
  sync.views();
  if (keepPlace) await followHash();
  else await openSame(place, thread);
}

async function followHash() {
  const [user, first, second, third] = path();
  if (user && user !== store.me.id && user !== store.me.name) return playAs(user, { keepPlace: true });
  if (first === "app" && store.app(second)) return openApp(second, third || "home");
  if (!store.channel(first)) return openFirst();
  if (first !== store.openChannel) await openChannel(first);
  return second ? openThread(second) : closeThread();
}

async function openSame(place, thread) {
  if (place?.app) return openApp(place.app, place.tab);
  const channel = store.channel(place?.channel);
  if (!channel?.is_member || channel.kind === "dm") return openFirst();
  await openChannel(channel.id);
  return thread ? openThread(thread.ts) : undefined;
}

function openFirst() {
  const last = sessionStorage.getItem(`page.place.${store.me.id}`);
  const mine = store.channels.filter((c) => c.is_member && !c.is_archived && c.kind !== "dm");
  const first = store.channel(last) ?? mine[0] ?? store.channels[0];
  return first ? openChannel(first.id) : undefined;
}

function writeHash() {
  const { place, thread } = store;
  const parts = place?.app ? ["app", place.app, place.tab] : [place?.channel];
  if (thread) parts.push(thread.ts);
  const hash = `#/${[store.me.id, ...parts].filter(Boolean).map(encodeURIComponent).join("/")}`;
  if (hash !== location.hash) history.replaceState(null, "", hash);
}

/** openChannel shows a conversation; a direct one with an app is shown under that app's tabs. */
export async function openChannel(id) {
  const channel = store.channel(id);
  const app = channel?.kind === "dm" && store.appOfBot(channel.user);
  if (app) return openApp(app.id, "messages");
  sessionStorage.setItem(`page.place.${store.me.id}`, id);
  return show({ channel: id });
}

async function show(place) {
  Object.assign(store, { place, thread: null, messages: null, threadMessages: null });
  writeHash();
  store.emit("place", "messages", "thread");
  await sync.messages();
}

/** openApp shows an app's tab: "home", "messages" or "about". */
export async function openApp(id, tab) {
  const app = store.app(id);
  const wanted = tab === "home" && !app.home ? "messages" : tab;
  let channel = store.channels.find((c) => c.kind === "dm" && c.user === app.bot_user)?.id ?? "";
  if (wanted === "messages" && !channel) {
    channel = (await attempt(() => api.dm(store.me.id, app.bot_user)))?.channel ?? "";
    await sync.frame();
  }
  if (wanted === "home") store.homeView = null;
  const shown = show({ app: id, tab: wanted, channel: wanted === "messages" ? channel : "" });
  if (wanted !== "about") attempt(() => api.openHome(store.me.id, id, wanted));
  if (wanted === "home") await sync.home();
  await shown;
}

/** openDM shows the direct conversation with a person or an app. */
export async function openDM(user) {
  const answer = await attempt(() => api.dm(store.me.id, user));
  if (!answer) return;
  if (!store.channel(answer.channel)) await sync.frame();
  await openChannel(answer.channel);
}

export async function openThread(ts) {
  store.thread = { channel: store.openChannel, ts };
  store.threadMessages = null;
  writeHash();
  store.emit("thread");
  await sync.thread();
}

export function closeThread() {
  if (!store.thread) return;
  Object.assign(store, { thread: null, threadMessages: null });
  writeHash();
  store.emit("thread");
}
