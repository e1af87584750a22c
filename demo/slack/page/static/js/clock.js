// The workspace's clock: its time in the viewer's zone, and buttons that move it forward.

import * as api from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import * as sync from "./sync.js";
import { say, zone } from "./time.js";
import { attempt } from "./toasts.js";

const steps = [
  ["+1 min", 60],
  ["+10 min", 600],
  ["+1 h", 3600],
  ["+1 day", 86400],
];

/** clockCard is the box at the foot of the sidebar. */
export function clockCard() {
  const time = h("div", { class: "clock-time", dataset: { testid: "clock-time" } });
  const ahead = h("div", { class: "clock-ahead" });
  const draw = () => {
    fill(
      time,
      h("strong", null, say(store.now(), { hour: "numeric", minute: "2-digit", second: "2-digit" })),
      h("span", null, say(store.now(), { weekday: "short", month: "short", day: "numeric" })),
    );
    fill(ahead, store.offset ? `${span(store.offset)} ahead of the real time` : "Runs with the real time");
    ahead.classList.toggle("moved", store.offset > 0);
    ahead.title = `Shown for ${zone()}`;
  };
  store.on("clock", draw);
  setInterval(draw, 1000);
  draw();
  return h(
    "section",
    { class: "clock", "aria-label": "Workspace clock", dataset: { testid: "clock" } },
    h("h2", null, icon("clock"), "Workspace clock"),
    time,
    ahead,
    h(
      "div",
      { class: "clock-steps" },
      steps.map(([label, seconds]) =>
        h(
          "button",
          {
            type: "button",
            dataset: { advance: seconds },
            title: `Move the workspace’s clock forward by ${span(seconds)}`,
            onclick: () => advance(seconds),
          },
          label,
        ),
      ),
    ),
  );
}

async function advance(seconds) {
  const clock = await attempt(() => api.advance(seconds));
  if (!clock) return;
  store.setClock(clock);
  sync.frame();
}

/** span is a length of time in words: "1 day 2 h". */
export function span(seconds) {
  const parts = [
    ["day", 86400],
    ["h", 3600],
    ["min", 60],
  ];
  let rest = Math.round(seconds);
  const words = [];
  for (const [unit, size] of parts) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n) words.push(`${n} ${unit}${unit === "day" && n > 1 ? "s" : ""}`);
  }
  return words.join(" ") || `${rest} s`;
}
