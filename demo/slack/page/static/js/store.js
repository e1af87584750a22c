// What the page knows: the snapshot, the open place, its messages, the modals, the journal. Modules read it,
// change it through its methods and listen to topics: frame, place, messages, thread, views, home, journal,
// clock, connection.

class Store {
  team = { name: "Workspace" };
  me = null;
  users = new Map();
  channels = [];
  usergroups = new Map();
  apps = [];
  journalErrors = 0;

  /** place is what the middle column shows: {channel} or {app, tab: "home"|"messages"|"about", channel?}. */
  place = null;
  /** thread is the open thread: {channel, ts}, or null. */
  thread = null;
  messages = null;
  threadMessages = null;
  views = [];
  homeView = null;
  /** journal is null until it was read. */
  journal = null;
  journalOpen = false;
  online = true;

  #clock = { now: Date.now() / 1000, offset: 0, at: performance.now() };
  #listeners = new Map();

  on(topic, listener) {
    const list = this.#listeners.get(topic) ?? [];
    list.push(listener);
    this.#listeners.set(topic, list);
  }

  emit(...topics) {
    for (const topic of topics) for (const listener of this.#listeners.get(topic) ?? []) listener();
  }

  /** takeSnapshot puts the answer of /_page/snapshot in place of what was known. */
  takeSnapshot(s) {
    this.team = s.team ?? this.team;
    this.me = s.me;
    this.users = new Map((s.users ?? []).map((u) => [u.id, u]));
    this.channels = s.channels ?? [];
    this.usergroups = new Map((s.usergroups ?? []).map((g) => [g.id, g]));
    this.apps = s.apps ?? [];
    this.links = s.links ?? [];
    this.journalErrors = s.journal_errors ?? 0;
    this.setClock(s.clock ?? {});
    this.emit("frame", "journal");
  }

  setClock({ now = Date.now() / 1000, offset = 0 }) {
    this.#clock = { now, offset, at: performance.now() };
    this.emit("clock");
  }

  /** now is the workspace's time in Unix seconds; it runs on between snapshots. */
  now() {
    return this.#clock.now + (performance.now() - this.#clock.at) / 1000;
  }

  /** offset is how far the workspace's clock was moved ahead, in seconds. */
  get offset() {
    return this.#clock.offset;
  }

  set(topic, field, value) {
    this[field] = value;
    this.emit(topic);
  }

  user(id) {
    return this.users.get(id) ?? (this.me?.id === id ? this.me : null);
  }

  channel(id) {
    return this.channels.find((c) => c.id === id) ?? null;
  }

  app(id) {
    return this.apps.find((a) => a.id === id) ?? null;
  }

  /** appOfBot is the app whose bot user that is, or null. */
  appOfBot(user) {
    return this.apps.find((a) => a.bot_user === user) ?? null;
  }

  /** people are the users a person can play: no bots, no deactivated ones. */
  people() {
    return [...this.users.values()].filter((u) => !u.is_bot && !u.deleted);
  }

  /** channelTitle is the name a person reads: the channel's, or the other side's of a direct conversation. */
  channelTitle(channel) {
    if (channel.kind !== "dm") return channel.name;
    return displayName(this.user(channel.user)) || channel.name;
  }

  /** openChannel is the id of the conversation in the middle column, or "". */
  get openChannel() {
    return this.place?.channel ?? "";
  }
}

/** displayName is how a person is called on the page. */
export function displayName(user) {
  return user ? user.real_name || user.name : "";
}

export const store = new Store();
