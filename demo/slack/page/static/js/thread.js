// The right-hand panel: one thread.

import { Composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./messagelist.js";
import { closeThread } from "./navigate.js";
import { store } from "./store.js";

const panel = document.getElementById("panel");
let list = null;
let shown = "";

/** startThread draws the panel whenever a thread is open. */
export function startThread() {
  store.on("thread", draw);
  store.on("frame", draw);
  panel.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !e.defaultPrevented) closeThread();
  });
}

function draw() {
  const { thread, threadMessages } = store;
  panel.hidden = !thread;
  document.getElementById("app").classList.toggle("with-thread", Boolean(thread));
  if (!thread) {
    shown = "";
    fill(panel);
    return;
  }
  const key = [store.me.id, thread.channel, thread.ts].join();
  if (key !== shown) open(thread, key);
  if (threadMessages) list.update(threadMessages);
}

function open(thread, key) {
  shown = key;
  list = new MessageList(thread.channel, { inThread: true });
  const channel = store.channel(thread.channel);
  const title = channel ? store.channelTitle(channel) : "";
  const composer = new Composer({ channel: thread.channel, thread_ts: thread.ts }, title);
  fill(
    panel,
    h(
      "header",
      { class: "panel-head" },
      h("div", null, h("h2", null, "Thread"), h("p", null, channel?.kind === "dm" ? title : `#${title}`)),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close thread",
          title: "Close (Esc)",
          onclick: closeThread,
        },
        icon("close"),
      ),
    ),
    list.scroller,
    channel?.is_archived ? null : composer.root,
  );
  panel.dataset.ts = thread.ts;
  composer.focus();
}
