// An app's Home tab.

import { Surface } from "./blocks/surface.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

const box = h("div", { class: "home", dataset: { testid: "home" } });
const scroller = h("div", { class: "scroller" }, box);
let surface = null;
let shown = "";

/** homeTab is the tab's content; it follows the store. */
export function homeTab() {
  shown = "";
  draw();
  return scroller;
}

/** startHome listens for new Home views. */
export function startHome() {
  store.on("home", draw);
}

function draw() {
  const view = store.homeView;
  if (!view) {
    shown = "";
    fill(
      box,
      h(
        "div",
        { class: "empty" },
        icon("clock"),
        h("h2", null, "Nothing published yet"),
        h("p", null, "The app fills this tab when it is opened."),
      ),
    );
    return;
  }
  const key = [store.me.id, view.id].join();
  if (key !== shown) {
    shown = key;
    surface = new Surface({ type: "view", view_id: view.id });
    fill(box, surface.root);
  }
  surface.update(view.blocks, view.state?.values);
}
