// rich_text blocks: sections, lists, quotes and preformatted text with styled pieces.

import { h } from "./dom.js";
import { emojiNode, link } from "./mrkdwn.js";
import * as refs from "./refs.js";
import { fullTime, slackDate } from "./time.js";

/** richText renders the elements of one rich_text block. */
export function richText(block) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map(part));
}

function part(element) {
  const children = () => (element.elements ?? []).map(piece);
  switch (element.type) {
    case "rich_text_list":
      return h(
        element.style === "ordered" ? "ol" : "ul",
        {
          class: "bullets",
          start: element.offset ? element.offset + 1 : null,
          style: { "--indent": element.indent ?? 0 },
        },
        (element.elements ?? []).map((item) => h("li", null, (item.elements ?? []).map(piece))),
      );
    case "rich_text_quote":
      return h("blockquote", { class: "quote" }, children());
    case "rich_text_preformatted":
      return h("pre", { class: "code-block" }, children());
    default:
      return h("div", { class: "rich-section" }, children());
  }
}

function piece(element) {
  return styled(bare(element), element.style ?? {});
}

function bare(element) {
  switch (element.type) {
    case "link":
      return link(element.url, element.text ? [element.text] : null);
    case "user":
      return refs.person(element.user_id);
    case "channel":
      return refs.channel(element.channel_id);
    case "usergroup":
      return refs.group(element.usergroup_id);
    case "broadcast":
      return refs.broadcast(element.range);
    case "emoji":
      return emojiNode(element.name);
    case "date":
      return h("time", { title: fullTime(element.timestamp) }, slackDate(element.timestamp, element.format));
    case "color":
      return h("code", null, element.value);
    default:
      return element.text ?? "";
  }
}

function styled(node, style) {
  let result = node;
  if (style.code) result = h("code", null, result);
  if (style.bold) result = h("strong", null, result);
  if (style.italic) result = h("em", null, result);
  if (style.strike) result = h("s", null, result);
  return result;
}
