// Starts the page. Read on in this order: store.js (what is known), sync.js (how it stays true), navigate.js
// (where the page is), then the columns: sidebar.js, place.js, thread.js; then modal.js and blocks/.

import { h } from "./dom.js";
import { startHome } from "./home.js";
import { startJournal } from "./journal.js";
import { startKeys } from "./keys.js";
import { startModals } from "./modal.js";
import { openChannel, start } from "./navigate.js";
import { startPlace } from "./place.js";
import { store } from "./store.js";
import { startSidebar } from "./sidebar.js";
import { startThread } from "./thread.js";

addEventListener("page:open-channel", (e) => openChannel(e.detail.channel));

startSidebar();
startPlace();
startThread();
startHome();
startModals();
startJournal();
startKeys();
await start();
if (!store.me) document.getElementById("main").replaceChildren(unreachable());
document.documentElement.dataset.ready = store.me ? "true" : "false";

// unreachable stands in for the page when the workspace named nobody to play.
function unreachable() {
  return h(
    "div",
    { class: "empty" },
    h("h3", null, "The workspace does not answer"),
    h("p", null, "Start it, or name a person in the address: #/ana"),
    h("button", { type: "button", class: "button primary", onclick: () => location.reload() }, "Try again"),
  );
}
