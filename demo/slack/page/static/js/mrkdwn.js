// Slack's mrkdwn as DOM nodes. Text never becomes markup: every piece is a text node or an element made here.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import * as refs from "./refs.js";
import { slackDate, fullTime } from "./time.js";

/** mrkdwn renders text to a fragment. With verbatim, bare addresses do not become links. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const fragment = document.createDocumentFragment();
  const pieces = String(text ?? "").split(/```([\s\S]*?)```/);
  pieces.forEach((piece, i) => {
    if (i % 2) fragment.append(h("pre", { class: "code-block" }, codeText(piece.replace(/^\n|\n$/g, ""))));
    else appendLines(fragment, trimAroundCode(piece, i, pieces.length), verbatim);
  });
  return fragment;
}

// A code block is a paragraph of its own: the line breaks beside it are not shown twice.
function trimAroundCode(piece, i, count) {
  let trimmed = piece;
  if (i > 0) trimmed = trimmed.replace(/^\n/, "");
  if (i < count - 1) trimmed = trimmed.replace(/\n$/, "");
  return trimmed;
}

const lineKinds = [
  ["quote", /^(?:>|&gt;)(?!(?:>|&gt;){2}) ?(.*)$/],
  ["list", /^\s*[•◦▪-] +(.*)$/],
];

function appendLines(fragment, text, verbatim) {
  let run = null; // consecutive lines of one kind
  const close = () => {
    if (run) fragment.append(renderRun(run, verbatim));
    run = null;
  };
  if (text === "") return;
  for (const line of text.split("\n")) {
    const { kind, content } = classify(line);
    if (run?.kind !== kind) {
      close();
      run = { kind, lines: [] };
    }
    run.lines.push(content);
  }
  close();
}

function classify(line) {
  for (const [kind, pattern] of lineKinds) {
    const match = line.match(pattern);
    if (match) return { kind, content: match[1] };
  }
  return { kind: "text", content: line };
}

function renderRun({ kind, lines }, verbatim) {
  if (kind === "list") {
    return h(
      "ul",
      { class: "bullets" },
      lines.map((line) => h("li", null, inline(line, verbatim))),
    );
  }
  const nodes = lines.flatMap((line, i) => (i ? [h("br"), ...inline(line, verbatim)] : inline(line, verbatim)));
  return h(kind === "quote" ? "blockquote" : "span", { class: kind === "text" ? "lines" : "quote" }, nodes);
}

// In order: what is inside must not be read again by what comes later.
const tokens = [
  { pattern: /<([^<>\n]+)>/, render: (m) => angle(m[1]) },
  { pattern: /`([^`\n]+)`/, render: (m) => h("code", null, codeText(m[1])) },
  { pattern: /(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])/, render: (m, v) => h("strong", null, inline(m[1], v)) },
  { pattern: /(?<![\w_])_(?=\S)([^\n]*?[^_\s])_(?![\w_])/, render: (m, v) => h("em", null, inline(m[1], v)) },
  { pattern: /(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])/, render: (m, v) => h("s", null, inline(m[1], v)) },
  { pattern: /:([\w+'-]+(?:::skin-tone-\d)?):/, render: (m) => emojiNode(m[1]) },
  { pattern: /\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"]/, bare: true, render: (m) => link(decode(m[0])) },
];

/** inline renders one line to a list of nodes. */
export function inline(text, verbatim = false) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const hit = nearest(rest, verbatim);
    if (!hit) break;
    if (hit.match.index) nodes.push(decode(rest.slice(0, hit.match.index)));
    nodes.push(hit.node);
    rest = rest.slice(hit.match.index + hit.match[0].length);
  }
  if (rest) nodes.push(decode(rest));
  return nodes;
}

function nearest(text, verbatim) {
  let best = null;
  for (const token of tokens) {
    if (token.bare && verbatim) continue;
    const match = text.match(token.pattern);
    if (match && (!best || match.index < best.match.index)) best = { token, match };
  }
  if (!best) return null;
  return { match: best.match, node: best.token.render(best.match, verbatim) };
}

function angle(body) {
  const [target, ...labels] = body.split("|");
  const label = labels.join("|");
  if (target.startsWith("@")) return refs.person(target.slice(1));
  if (target.startsWith("#")) return refs.channel(target.slice(1), decode(label));
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!subteam^")) return refs.group(target.slice(9), decode(label));
  if (target.startsWith("!")) return refs.broadcast(target.slice(1), decode(label));
  return link(decode(target), label && inline(label, true));
}

function date(target, fallback) {
  const [, seconds, pattern, address] = target.split("^");
  const at = Number(seconds);
  if (!Number.isFinite(at) || !pattern) return decode(fallback) || target;
  const node = h(
    "time",
    { datetime: new Date(at * 1000).toISOString(), title: fullTime(at) },
    decode(slackDate(at, pattern)),
  );
  return address ? link(decode(address), [node]) : node;
}

/** link is an anchor to a harmless address; anything else is shown as text. */
export function link(address, label) {
  const children = label || [address.replace(/^mailto:/, "")];
  if (!/^(https?:|mailto:|slack:)/i.test(address)) return h("span", null, children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** emojiNode shows a shortcode as its character, unknown ones as they were typed. */
export function emojiNode(name) {
  const character = emoji(name);
  if (!character) return `:${name}:`;
  return h(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    character,
  );
}

// In code Slack still resolves <…> links to their address or label.
function codeText(text) {
  return decode(text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, target, label) => label || target));
}

/** decode undoes Slack's three escapes. */
export function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** plainText is mrkdwn without its signs, for announcements and one-line previews. */
export function plainText(text) {
  return h("div", null, mrkdwn(text)).textContent;
}
