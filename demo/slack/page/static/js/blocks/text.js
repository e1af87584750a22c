// Text objects: plain_text and mrkdwn.

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { mrkdwn } from "../mrkdwn.js";

/** textObject renders a text object to a node. */
export function textObject(text) {
  if (!text) return "";
  if (text.type === "mrkdwn") return mrkdwn(text.text, { verbatim: text.verbatim });
  return h("span", { class: "lines" }, plain(text));
}

/** plain is the string of a plain_text object; colon emoji show unless the app switched them off. */
export function plain(text) {
  if (!text) return "";
  if (typeof text === "string") return text;
  return text.emoji === false ? text.text : withEmoji(text.text ?? "");
}
