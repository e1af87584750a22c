// Starts the page. Read on in this order: store.js (what is known), sync.js (how it stays true), navigate.js
// (where the page is), then the columns: sidebar.js, place.js, thread.js; then modal.js and blocks/.

import { startHome } from "./home.js";
import { startJournal } from "./journal.js";
import { startKeys } from "./keys.js";
import { startModals } from "./modal.js";
import { openChannel, start } from "./navigate.js";
import { startPlace } from "./place.js";
import { store } from "./store.js";
import { startSidebar } from "./sidebar.js";
import { startThread } from "./thread.js";
import { welcome } from "./welcome.js";

addEventListener("page:open-channel", (e) => openChannel(e.detail.channel));

startSidebar();
startPlace();
startThread();
startHome();
startModals();
startJournal();
startKeys();
const ready = () => {
  document.documentElement.dataset.ready = "true";
};
await start();
if (store.me) ready();
else welcome(ready);
