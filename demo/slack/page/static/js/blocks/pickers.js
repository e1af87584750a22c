// Date, time, and date with time: the browser's own pickers, read in the viewer's time zone.

import { debounce, h } from "../dom.js";
import { unixToWall, wallToUnix, zone } from "../time.js";
import { plain } from "./text.js";

export function datepicker(element, control, field) {
  return picker(control, field, "date", plain(element.placeholder) || "Date", {
    show: (v) => v.selected_date ?? "",
    read: (typed) => ({ type: "datepicker", selected_date: typed || null }),
  });
}

export function timepicker(element, control, field) {
  return picker(control, field, "time", plain(element.placeholder) || "Time", {
    show: (v) => v.selected_time ?? "",
    read: (typed) => ({
      type: "timepicker",
      selected_time: typed || null,
      ...(element.timezone ? { timezone: element.timezone } : {}),
    }),
  });
}

/** datetimepicker yields Unix seconds; what is typed is the viewer's wall clock. */
export function datetimepicker(_, control, field) {
  return picker(control, field, "datetime-local", `Date and time (${zone()})`, {
    show: (v) => (v.selected_date_time ? unixToWall(v.selected_date_time) : ""),
    read: (typed) => ({ type: "datetimepicker", selected_date_time: typed ? wallToUnix(typed.slice(0, 16)) : null }),
  });
}

function picker(control, field, type, title, { show, read }) {
  const node = h("input", {
    type,
    class: `text-input picker picker-${type}`,
    id: field.id,
    dataset: control.hooks,
    title,
    "aria-label": field.id ? null : title,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid ? "true" : null,
    "aria-required": field.required ? "true" : null,
    value: show(control.value),
    onchange: () => (control.dispatches ? settled() : choose()),
  });
  const choose = async () => {
    if (/^0/.test(node.value) && type !== "time") return; // a year that is still being typed
    if (!(await control.choose(read(node.value), node))) node.value = show(control.value);
  };
  // Browsers report a change for every part that is typed; the app is told once.
  const settled = debounce(choose, 600);
  return node;
}
