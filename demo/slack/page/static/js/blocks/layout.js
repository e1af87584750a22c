// Layout blocks: header, section, context, actions, divider, input, image, rich_text.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { richText } from "../richtext.js";
import { renderElement } from "./element.js";
import { inputBlock } from "./input.js";
import { textObject } from "./text.js";

const layouts = {
  header: (b) => h("h2", { class: "block-header" }, textObject(b.text)),
  section,
  context: (b, surface) =>
    h(
      "div",
      { class: "block-context" },
      (b.elements ?? []).map((e) => contextElement(e, b, surface)),
    ),
  actions: (b, surface) =>
    h(
      "div",
      { class: "block-actions" },
      (b.elements ?? []).map((e) => renderElement(e, b, surface)),
    ),
  divider: () => h("hr", { class: "block-divider" }),
  image: imageBlock,
  input: inputBlock,
  rich_text: richText,
  markdown: (b) => h("div", { class: "block-section" }, h("div", { class: "lines" }, b.text)),
};

/** renderBlock draws one block; a kind the page does not know is named, not hidden. */
export function renderBlock(block, surface, error) {
  const layout = layouts[block.type];
  const body = layout
    ? layout(block, surface, error)
    : h("div", { class: "block-unknown" }, `This page does not draw blocks of type “${block.type}”.`);
  return h("div", { class: "block", dataset: { blockId: block.block_id, blockType: block.type } }, body);
}

function section(block, surface) {
  const text = block.text && h("div", { class: "section-text" }, textObject(block.text));
  const fields =
    block.fields?.length &&
    h(
      "div",
      { class: "section-fields" },
      block.fields.map((f) => h("div", { class: "section-field" }, textObject(f))),
    );
  const accessory =
    block.accessory && h("div", { class: "section-accessory" }, renderElement(block.accessory, block, surface));
  return h(
    "div",
    { class: "block-section" },
    h("div", { class: "section-main" }, text || null, fields || null),
    accessory || null,
  );
}

function contextElement(element, block, surface) {
  if (element.type === "image") return renderElement(element, block, surface);
  return h("span", { class: "context-text" }, textObject(element));
}

function imageBlock(block) {
  return h(
    "figure",
    { class: "block-image" },
    block.title && h("figcaption", null, textObject(block.title)),
    picture(block, "picture"),
  );
}

/** picture shows an image of this workspace, or its alt text in a frame: other hosts are never asked. */
export function picture(element, kind) {
  const alt = element.alt_text ?? "";
  const frame = () =>
    h(
      "span",
      { class: `${kind} picture-missing`, role: "img", "aria-label": alt, title: alt },
      icon("image"),
      kind === "picture" ? h("span", null, alt) : null,
    );
  const address = element.image_url ?? element.slack_file?.url ?? "";
  if (!address || new URL(address, location.href).origin !== location.origin) return frame();
  const img = h("img", { class: kind, alt, src: address });
  img.addEventListener("error", () => img.replaceWith(frame()));
  return img;
}
