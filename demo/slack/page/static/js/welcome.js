// What stands in for the page when the workspace named nobody to play, or does not answer.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { playAs } from "./navigate.js";
import { store } from "./store.js";

/** welcome asks for a person and plays them; then() is called once that worked. */
export function welcome(then) {
  const main = document.getElementById("main");
  const before = [...main.childNodes];
  const name = h("input", {
    class: "text-input",
    type: "text",
    autocomplete: "off",
    "aria-label": "Name or e-mail",
    placeholder: "ana, or ana@example.com",
  });
  const enter = async (e) => {
    e.preventDefault();
    await playAs(name.value.trim());
    if (!store.me) return;
    main.replaceChildren(...before);
    then();
  };
  fill(
    main,
    h(
      "form",
      { class: "empty welcome", onsubmit: enter },
      icon("thread"),
      h("h1", null, "Who do you want to be?"),
      h(
        "p",
        null,
        "On this page you can play everybody in the workspace. Begin with one person; the switcher at the top left changes to another.",
      ),
      name,
      h("button", { type: "submit", class: "button primary" }, "Enter"),
    ),
  );
  name.focus();
}
