// Text inputs: plain (one line or many), e-mail, address, number; rich text; files.

import { debounce, h } from "../dom.js";
import { plain } from "./text.js";

const kinds = {
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
  number_input: { type: "text", inputmode: "decimal", autocomplete: "off" },
  plain_text_input: { type: "text", autocomplete: "off" },
};

/** textInput draws every kind of typed text; max_length is counted, not cut, so that pasting loses nothing. */
export function textInput(element, control, field) {
  const read = () => ({ type: element.type, value: node.value === "" ? null : node.value });
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const sendTyped = debounce(() => control.send(read(), node), 300);
  const multiline = element.type === "plain_text_input" && element.multiline;
  const node = h(multiline ? "textarea" : "input", {
    ...(multiline ? { rows: 4 } : kinds[element.type]),
    class: "text-input",
    id: field.id,
    dataset: control.hooks,
    placeholder: plain(element.placeholder) || null,
    "aria-label": field.id ? null : plain(element.placeholder) || "Text",
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid ? "true" : null,
    "aria-required": field.required ? "true" : null,
    value: control.value.value ?? "",
    oninput: () => {
      control.keep(read());
      count();
      if (control.dispatches && triggers.includes("on_character_entered")) sendTyped();
    },
    onkeydown: (e) => {
      if (e.key !== "Enter" || multiline || e.isComposing) return;
      if (!control.dispatches || !triggers.includes("on_enter_pressed")) return;
      e.preventDefault();
      control.send(read(), node);
    },
  });
  const counter = element.max_length && h("span", { class: "counter", "aria-hidden": "true" });
  const count = () => {
    if (!counter) return;
    const left = element.max_length - [...node.value].length;
    counter.textContent = left <= Math.max(20, element.max_length / 10) ? String(left) : "";
    counter.classList.toggle("over", left < 0);
  };
  count();
  return counter ? h("div", { class: "counted" }, node, counter) : node;
}

/** richTextInput is a plain text area whose text is handed over as one rich text section. */
export function richTextInput(element, control, field) {
  const sections = control.value.rich_text_value?.elements ?? [];
  const typed = sections
    .flatMap((s) => s.elements ?? [])
    .map((e) => e.text ?? "")
    .join("");
  const node = h("textarea", {
    rows: 4,
    class: "text-input",
    id: field.id,
    dataset: control.hooks,
    placeholder: plain(element.placeholder) || null,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid ? "true" : null,
    value: typed,
    oninput: () => control.keep({ type: element.type, rich_text_value: node.value ? asRichText(node.value) : null }),
  });
  return node;
}

function asRichText(text) {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

/** fileInput says that files can't be handed over here. */
export function fileInput(_, control) {
  return h("p", { class: "block-unknown", dataset: control.hooks }, "Files can’t be handed over in this workspace.");
}
