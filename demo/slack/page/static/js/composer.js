// The composer: Enter sends, Shift+Enter breaks the line, "/" lists the commands, "@" the people. What was typed
// is kept per place, also across switches of the person.

import * as api from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { Hints } from "./hints.js";
import { outgoing } from "./outgoing.js";
import { shortcutMenu } from "./shortcuts.js";
import { store } from "./store.js";
import * as sync from "./sync.js";

const drafts = new Map();

export class Composer {
  /** to is {channel, thread_ts?}; title names the place. */
  constructor(to, title) {
    this.to = to;
    this.key = [store.me.id, to.channel, to.thread_ts].join();
    this.notice = h("div", { class: "notice", hidden: true, role: "status", dataset: { testid: "notice" } });
    this.input = this.#drawInput(title);
    this.sendButton = h(
      "button",
      { type: "button", class: "send", "aria-label": "Send", title: "Send (Enter)", onclick: () => this.#send() },
      icon("send"),
    );
    this.hints = new Hints(this.input, { commands: !to.thread_ts });
    const bolt = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        dataset: { testid: "shortcuts" },
        onclick: () => shortcutMenu(bolt, (command) => this.insert(`${command} `)),
      },
      icon("bolt"),
    );
    this.root = h(
      "form",
      {
        class: "composer",
        dataset: { testid: to.thread_ts ? "thread-composer" : "composer-form" },
        onsubmit: (e) => e.preventDefault(),
      },
      this.notice,
      this.hints.root,
      h(
        "div",
        { class: "composer-box" },
        this.input,
        h(
          "div",
          { class: "composer-bar" },
          bolt,
          h(
            "span",
            { class: "composer-help" },
            h("kbd", null, "Enter"),
            " to send, ",
            h("kbd", null, "Shift Enter"),
            " for a new line",
          ),
          this.sendButton,
        ),
      ),
    );
    this.#changed();
  }

  #drawInput(title) {
    return h("textarea", {
      class: "composer-input",
      rows: 1,
      placeholder: this.to.thread_ts ? "Reply…" : `Message ${title}`,
      "aria-label": this.to.thread_ts ? "Reply" : `Message ${title}`,
      dataset: { testid: this.to.thread_ts ? "thread-composer-input" : "composer" },
      value: drafts.get(this.key) ?? "",
      oninput: () => this.#changed(),
      onkeydown: (e) => this.#keys(e),
      onblur: () => this.hints.close(),
    });
  }

  /** insert puts text into the empty composer and focuses it. */
  insert(text) {
    this.input.value = text;
    this.input.focus();
    this.#changed();
  }

  focus() {
    this.input.focus();
  }

  #changed() {
    drafts.set(this.key, this.input.value);
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 220)}px`;
    this.sendButton?.classList.toggle("ready", this.input.value.trim() !== "");
    if (document.activeElement === this.input) this.hints?.update();
  }

  #keys(e) {
    if (e.isComposing || this.hints.keys(e)) return;
    if (e.key === "Enter" && !e.shiftKey) {
      e.preventDefault();
      this.#send();
    }
  }

  async #send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.insert("");
    this.#tell("");
    try {
      const answer = await api.say(store.me.id, this.to.channel, outgoing(text), this.to.thread_ts);
      if (answer.notice) this.#tell(answer.notice);
    } catch (error) {
      if (!this.input.value) this.insert(text);
      this.#tell(error.message);
    }
    sync.messages();
    sync.thread();
  }

  // A notice is what Slackbot would whisper: only this person sees it, and only until the next message.
  #tell(text) {
    this.notice.hidden = !text;
    fill(
      this.notice,
      text && [
        h("span", { class: "only-you" }, icon("eye"), "Only visible to you"),
        h("p", null, text),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => this.#tell("") },
          icon("close"),
        ),
      ],
    );
  }
}
