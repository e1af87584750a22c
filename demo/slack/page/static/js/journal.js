// The journal: what the app sent that real Slack would refuse, missed deadlines, and warnings.

import { fill, h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import * as sync from "./sync.js";
import { say } from "./time.js";

const drawer = document.getElementById("journal");
const list = h("div", { class: "journal-list" });
const mostShown = 300;
let all = false;

/** journalButton opens and closes the drawer and counts the errors. */
export function journalButton() {
  const count = h("span", { class: "count", hidden: true });
  const button = h(
    "button",
    {
      type: "button",
      class: "tool-button",
      title: "Journal (Alt J)",
      dataset: { testid: "journal" },
      "aria-expanded": "false",
      "aria-controls": "journal",
      onclick: () => toggle(),
    },
    icon("journal"),
    h("span", { class: "tool-label" }, "Journal"),
    count,
  );
  const draw = () => {
    count.hidden = !store.journalErrors;
    count.textContent = String(store.journalErrors);
    button.classList.toggle("alarm", store.journalErrors > 0);
    button.setAttribute("aria-description", store.journalErrors ? `${store.journalErrors} errors` : "no errors");
  };
  store.on("journal", draw);
  draw();
  return button;
}

/** startJournal draws the drawer. */
export function startJournal() {
  const filter = h("input", {
    type: "checkbox",
    onchange: () => {
      all = filter.checked;
      draw();
    },
  });
  fill(
    drawer,
    h(
      "header",
      { class: "panel-head" },
      h("div", null, h("h2", null, "Journal"), h("p", null, "What the app sent that Slack would refuse")),
      h("label", { class: "journal-filter" }, filter, " All traffic"),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close journal", onclick: () => toggle(false) },
        icon("close"),
      ),
    ),
    list,
  );
  drawer.addEventListener("keydown", (e) => e.key === "Escape" && toggle(false));
  store.on("journal", draw);
}

/** toggle opens or closes the drawer. */
export function toggle(open = drawer.hidden) {
  drawer.hidden = !open;
  store.journalOpen = open;
  const button = document.querySelector("[data-testid=journal]");
  button?.setAttribute("aria-expanded", String(open));
  if (!open) return button?.focus();
  sync.journal();
  draw();
  return drawer.querySelector("[aria-label='Close journal']").focus();
}

function draw() {
  if (drawer.hidden || !store.journal) return;
  const entries = store.journal.filter((e) => all || e.level !== "info").slice(0, mostShown);
  if (!entries.length) {
    fill(
      list,
      h(
        "div",
        { class: "empty" },
        icon("check"),
        h("h3", null, "Nothing to report"),
        h("p", null, "Everything the app sent would be accepted by Slack, in time."),
      ),
    );
    return;
  }
  reconcile(
    list,
    entries.map((e) => ({ key: String(e.id), sig: JSON.stringify(e), render: () => entry(e) })),
  );
}

function entry(e) {
  return h(
    "details",
    { class: `journal-entry ${e.level}`, dataset: { level: e.level } },
    h(
      "summary",
      null,
      h("span", { class: "level" }, e.level),
      h("code", null, e.method),
      h("time", null, moment(e.at)),
      h("span", { class: "journal-summary" }, e.summary),
    ),
    e.detail ? h("p", { class: "journal-detail" }, e.detail) : null,
    e.payload ? h("pre", { class: "code-block" }, pretty(e.payload)) : null,
  );
}

// at is Unix seconds or RFC 3339.
function moment(at) {
  const seconds = typeof at === "number" ? at : Date.parse(at) / 1000;
  return Number.isFinite(seconds)
    ? say(seconds, { hour: "numeric", minute: "2-digit", second: "2-digit" })
    : String(at ?? "");
}

function pretty(payload) {
  if (typeof payload !== "string") return JSON.stringify(payload, null, 2);
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
