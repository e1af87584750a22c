// One message: who, when, text or blocks, files, reactions, replies, and its menu.

import { avatar, badge } from "./avatar.js";
import { Surface } from "./blocks/surface.js";
import { h } from "./dom.js";
import { menu } from "./floating.js";
import { icon } from "./icons.js";
import { emojiNode, mrkdwn, plainText } from "./mrkdwn.js";
import { displayName, store } from "./store.js";
import { runShortcut } from "./shortcuts.js";
import { ago, clockTime, fullTime } from "./time.js";

/** author is the user a message shows, with the name that the message may carry itself. */
export function author(message) {
  const user = store.user(message.user) ?? {
    id: message.user ?? message.app_id,
    name: message.username ?? "app",
    is_bot: message.is_app,
  };
  return message.username ? { ...user, real_name: message.username } : user;
}

/** Cards draws messages of one list and keeps the surfaces of their blocks, so that typed text survives. */
export class Cards {
  #surfaces = new Map();

  /** openThread is called with a ts, or left out where messages have no threads. */
  constructor(channel, openThread) {
    this.channel = channel;
    this.openThread = openThread;
  }

  /** draw renders a message; follows is true when it continues the one above. */
  draw(message, follows) {
    const who = author(message);
    return h(
      "article",
      {
        class: ["message", follows && "follows", message.ephemeral && "ephemeral"].filter(Boolean).join(" "),
        dataset: {
          ts: message.ts,
          user: message.user,
          testid: "message",
          ephemeral: message.ephemeral ? "true" : null,
        },
        "aria-label": `${displayName(who)}, ${clockTime(message.ts)}`,
        tabIndex: 0,
      },
      h("div", { class: "message-gutter" }, follows ? time(message) : avatar(who, "large")),
      h(
        "div",
        { class: "message-body" },
        message.ephemeral && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
        follows
          ? null
          : h(
              "div",
              { class: "message-head" },
              h("span", { class: "message-author" }, displayName(who)),
              badge(who),
              time(message),
            ),
        this.#content(message),
        (message.files ?? []).map(file),
        reactions(message),
        this.#replies(message),
      ),
      this.#tools(message),
    );
  }

  #content(message) {
    const edited = message.edited ? h("span", { class: "edited" }, " (edited)") : null;
    if (!message.blocks?.length) return h("div", { class: "message-text" }, mrkdwn(message.text), edited);
    const surface = this.#surface(message);
    surface.update(message.blocks, message.state?.values);
    return h("div", { class: "message-blocks" }, surface.root, edited);
  }

  #surface(message) {
    const known = this.#surfaces.get(message.ts);
    if (known) return known;
    const surface = new Surface({ type: "message", channel: this.channel, message_ts: message.ts });
    this.#surfaces.set(message.ts, surface);
    return surface;
  }

  #replies(message) {
    if (!this.openThread || !message.reply_count) return null;
    const n = message.reply_count;
    return h(
      "button",
      { type: "button", class: "replies", dataset: { testid: "replies" }, onclick: () => this.openThread(message.ts) },
      h(
        "span",
        { class: "replies-faces" },
        (message.reply_users ?? []).slice(0, 4).map((id) => avatar(store.user(id) ?? { id }, "small")),
      ),
      h("span", { class: "replies-count" }, `${n} ${n === 1 ? "reply" : "replies"}`),
      message.latest_reply
        ? h("span", { class: "replies-last" }, `Last reply ${ago(Number(message.latest_reply))}`)
        : null,
    );
  }

  #tools(message) {
    const tools = [];
    if (this.openThread && !message.ephemeral) {
      tools.push(
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Reply in thread",
            title: "Reply in thread",
            onclick: () => this.openThread(message.ts),
          },
          icon("thread"),
        ),
      );
    }
    const more = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "More message actions",
        title: "More actions",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => menu(more, this.#choices(message), { label: "Message actions", align: "end" }),
      },
      icon("more"),
    );
    return h("div", { class: "message-tools" }, tools, more);
  }

  #choices(message) {
    const copy = { label: "Copy text", run: () => navigator.clipboard?.writeText(plainText(message.text)) };
    if (message.ephemeral) return [copy];
    const shortcuts = store.apps.flatMap((app) =>
      (app.shortcuts ?? [])
        .filter((s) => s.type === "message")
        .map((s) => ({
          label: s.name,
          hint: app.name,
          icon: icon("bolt"),
          dataset: { shortcut: s.callback_id },
          run: () => runShortcut(app, s, { channel: this.channel, message_ts: message.ts }),
        })),
    );
    return shortcuts.length ? [copy, { heading: "Message shortcuts" }, ...shortcuts] : [copy];
  }
}

function time(message) {
  const at = Number(message.ts);
  return h(
    "time",
    { class: "message-time", datetime: new Date(at * 1000).toISOString(), title: fullTime(at) },
    clockTime(at),
  );
}

function file(f) {
  const size =
    f.size > 1048576 ? `${(f.size / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round((f.size ?? 0) / 1024))} KB`;
  const attributes = f.url ? { href: f.url, download: f.name } : {};
  return h(
    f.url ? "a" : "div",
    { class: "file", ...attributes },
    icon("file"),
    h("span", null, h("strong", null, f.name), h("small", null, size)),
  );
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((r) =>
      h(
        "span",
        {
          class: `reaction${r.users?.includes(store.me.id) ? " mine" : ""}`,
          title: (r.users ?? []).map((id) => displayName(store.user(id))).join(", "),
        },
        emojiNode(r.name),
        String(r.users?.length ?? 1),
      ),
    ),
  );
}
