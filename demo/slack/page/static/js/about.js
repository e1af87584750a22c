// Pages without messages: an empty place, and what an app says about itself.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** empty fills a place in which there is nothing yet. */
export function empty(title, text) {
  return h("div", { class: "empty" }, icon("thread"), h("h2", null, title), h("p", null, text));
}

/** about lists an app's connections, commands and shortcuts. */
export function about(app) {
  return h(
    "div",
    { class: "scroller" },
    h(
      "div",
      { class: "about" },
      h("h2", null, app.name),
      h(
        "p",
        null,
        app.connections
          ? `Connected with ${app.connections} socket${app.connections === 1 ? "" : "s"}.`
          : "Not connected: commands and buttons fail until the app is back.",
      ),
      h("h3", null, "Commands"),
      app.commands?.length
        ? h(
            "dl",
            null,
            app.commands.flatMap((c) => [
              h("dt", null, h("code", null, `${c.command} ${c.usage_hint ?? ""}`.trim())),
              h("dd", null, c.description),
            ]),
          )
        : h("p", null, "None."),
      h("h3", null, "Shortcuts"),
      app.shortcuts?.length
        ? h(
            "dl",
            null,
            app.shortcuts.flatMap((s) => [
              h("dt", null, s.name, " ", h("span", { class: "tag" }, s.type)),
              h("dd", null, s.description),
            ]),
          )
        : h("p", null, "None."),
    ),
  );
}
