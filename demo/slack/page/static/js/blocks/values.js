// The state form of each element: what view.state.values and the actions of the page's API carry.

/** initialValue is the value an element has before anybody touched it, or null for elements without a value. */
export function initialValue(element) {
  const read = initial[element.type];
  return read ? { type: element.type, ...read(element) } : null;
}

const text = (e) => ({ value: e.initial_value ? String(e.initial_value) : null });
const option = (e) => ({ selected_option: e.initial_option ?? null });
const options = (e) => ({ selected_options: e.initial_options ?? [] });

const initial = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: (e) => ({ rich_text_value: e.initial_value ?? null }),
  static_select: option,
  external_select: option,
  radio_buttons: option,
  checkboxes: options,
  multi_static_select: options,
  multi_external_select: options,
  users_select: (e) => ({ selected_user: e.initial_user ?? null }),
  conversations_select: (e) => ({ selected_conversation: e.initial_conversation ?? null }),
  channels_select: (e) => ({ selected_channel: e.initial_channel ?? null }),
  multi_users_select: (e) => ({ selected_users: e.initial_users ?? [] }),
  multi_conversations_select: (e) => ({ selected_conversations: e.initial_conversations ?? [] }),
  multi_channels_select: (e) => ({ selected_channels: e.initial_channels ?? [] }),
  datepicker: (e) => ({ selected_date: e.initial_date ?? null }),
  timepicker: (e) => ({ selected_time: e.initial_time ?? null }),
  datetimepicker: (e) => ({ selected_date_time: e.initial_date_time ?? null }),
  file_input: () => ({ files: [] }),
};

/** isEmpty tells whether a value in state form holds nothing. */
export function isEmpty(value) {
  if (!value) return true;
  return Object.entries(value).every(([key, v]) => {
    if (key === "type" || key === "timezone") return true;
    return v === null || v === undefined || v === "" || (Array.isArray(v) && v.length === 0);
  });
}

/** offers tells whether a choice of a static list is still in that list; what is typed freely always fits. */
export function offers(element, value) {
  if (!["static_select", "radio_buttons"].includes(element.type) || !value.selected_option) return true;
  const options = element.option_groups?.flatMap((g) => g.options ?? []) ?? element.options ?? [];
  return options.some((o) => o.value === value.selected_option.value);
}

/** elementsOf lists the elements of a block that can carry a value. */
export function elementsOf(block) {
  if (block.type === "input") return block.element ? [block.element] : [];
  if (block.type === "actions") return block.elements ?? [];
  if (block.type === "section") return block.accessory ? [block.accessory] : [];
  return [];
}

/** problem says why a filled input can't be submitted, in Slack's manner, or "". */
export function problem(block, value) {
  const element = block.element ?? {};
  if (isEmpty(value)) return block.optional ? "" : "Please complete this required field.";
  const typed = value.value;
  if (typeof typed !== "string") return "";
  const length = [...typed].length;
  if (element.min_length && length < element.min_length)
    return `Please enter at least ${element.min_length} characters.`;
  if (element.max_length && length > element.max_length)
    return `Please enter at most ${element.max_length} characters.`;
  return (formats[element.type] ?? (() => ""))(typed, element);
}

const formats = {
  email_text_input: (v) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(v) ? "" : "Please enter a valid email address."),
  url_text_input: (v) => (/^https?:\/\/\S+$/.test(v) ? "" : "Please enter a valid URL, with https:// in front."),
  number_input: numberProblem,
};

function numberProblem(typed, element) {
  const pattern = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(typed))
    return element.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  if (element.min_value !== undefined && Number(typed) < Number(element.min_value))
    return `The smallest value is ${element.min_value}.`;
  if (element.max_value !== undefined && Number(typed) > Number(element.max_value))
    return `The largest value is ${element.max_value}.`;
  return "";
}
