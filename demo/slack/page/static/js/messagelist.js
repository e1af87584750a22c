// A scrolling list of messages: grouped by author, parted by days, with a line above what is new. It stays at the
// bottom when it was there, and where it was otherwise.

import { announce, h, reconcile } from "./dom.js";
import { author, Cards } from "./message.js";
import { plainText } from "./mrkdwn.js";
import { displayName, store } from "./store.js";
import { dayOf, dayTitle } from "./time.js";

const groupSeconds = 300;

export class MessageList {
  root = h("div", {
    class: "message-list",
    role: "log",
    "aria-live": "off",
    "aria-label": "Messages",
    dataset: { testid: "messages" },
  });
  scroller = h("div", { class: "scroller", tabIndex: -1 }, this.root);
  #cards;
  #seen = null;
  #newFrom = "";
  #atBottom = true;
  #lastTop = 0;

  /** inThread lists begin with the root, which is set apart, and have no threads of their own. */
  constructor(channel, { openThread, inThread = false } = {}) {
    this.inThread = inThread;
    this.#cards = new Cards(channel, openThread);
    // Pictures, the thread beside it and a growing composer change the heights after drawing.
    const watch = new ResizeObserver(() => this.#atBottom && this.#toBottom());
    watch.observe(this.root);
    watch.observe(this.scroller);
    this.scroller.addEventListener("scroll", () => this.#scrolled());
  }

  // Only a person's own scrolling up leaves the bottom; a list that grew does not.
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < 60) this.#atBottom = true;
    else if (scrollTop < this.#lastTop - 1) this.#atBottom = false;
    this.#lastTop = scrollTop;
  }

  #toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#lastTop = this.scroller.scrollTop;
  }

  /** update draws messages; unread is how many of them the viewer had not read when the place was opened. */
  update(messages, unread = 0) {
    const first = this.#seen === null;
    if (first && unread > 0) this.#newFrom = messages.filter((m) => m.user !== store.me.id).at(-unread)?.ts ?? "";
    this.#announceNew(messages);
    const own = messages.at(-1)?.user === store.me.id && !this.#seen?.has(messages.at(-1)?.ts);
    const stay = this.#atBottom || first || own;
    const top = this.scroller.scrollTop;
    reconcile(this.root, this.#items(messages));
    this.#seen = new Set(messages.map((m) => m.ts));
    if (stay) this.#toBottom();
    else this.scroller.scrollTop = top;
  }

  #announceNew(messages) {
    if (!this.#seen) return;
    const fresh = messages.filter((m) => !this.#seen.has(m.ts) && m.user !== store.me.id);
    if (fresh.length) announce(fresh.map((m) => `${displayName(author(m))}: ${plainText(m.text)}`).join(". "));
  }

  #items(messages) {
    const items = [];
    const today = dayOf(store.now()); // at midnight all is drawn anew: "today" has become "yesterday"
    let before = null;
    for (const message of messages) {
      const day = dayOf(Number(message.ts));
      const newDay = !before || dayOf(Number(before.ts)) !== day;
      if (newDay && !this.inThread) items.push(separator(`day-${day}`, "day", dayTitle(Number(message.ts))));
      const isNew = message.ts === this.#newFrom;
      if (isNew) items.push(separator("new", "new", "New"));
      const follows = !newDay && !isNew && continues(before, message) && !(this.inThread && before === messages[0]);
      items.push({
        key: message.ts,
        sig: JSON.stringify([message, follows, author(message), today]),
        render: () => h("div", null, this.#cards.draw(message, follows)),
      });
      if (this.inThread && message === messages[0]) items.push(replyLine(messages.length - 1));
      before = message;
    }
    return items;
  }
}

function continues(before, message) {
  return (
    before.user === message.user &&
    before.username === message.username &&
    Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
    Number(message.ts) - Number(before.ts) < groupSeconds
  );
}

function separator(key, kind, text) {
  return {
    key,
    sig: text,
    render: () =>
      h("div", { class: `separator separator-${kind}`, role: "separator", "aria-label": text }, h("span", null, text)),
  };
}

function replyLine(n) {
  const text = n ? `${n} ${n === 1 ? "reply" : "replies"}` : "No replies yet";
  return separator("replies", "replies", text);
}
