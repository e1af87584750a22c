// Times as the viewer reads them: in the time zone of the person who is played, relative to the workspace's clock.

import { store } from "./store.js";

const formats = new Map();

function format(options, tz) {
  const key = JSON.stringify(options) + tz;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", { ...options, timeZone: tz }));
  return formats.get(key);
}

/** zone is the viewer's time zone; an unknown name falls back to UTC. */
export function zone() {
  const tz = store.me?.tz || "UTC";
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: tz });
    return tz;
  } catch {
    return "UTC";
  }
}

export function say(seconds, options, tz = zone()) {
  return format(options, tz).format(new Date(seconds * 1000));
}

/** parts are the wall clock's numbers: {year, month, day, hour, minute, second}. */
export function parts(seconds, tz = zone()) {
  const fields = format(
    {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    },
    tz,
  ).formatToParts(new Date(seconds * 1000));
  return Object.fromEntries(fields.filter((f) => f.type !== "literal").map((f) => [f.type, f.value]));
}

/** dayOf is YYYY-MM-DD in the viewer's zone. */
export function dayOf(seconds, tz = zone()) {
  const p = parts(seconds, tz);
  return `${p.year}-${p.month}-${p.day}`;
}

/** wallToUnix turns "YYYY-MM-DDTHH:MM" on the viewer's wall clock into Unix seconds. */
export function wallToUnix(wall, tz = zone()) {
  const asUTC = Date.parse(`${wall}:00Z`) / 1000;
  const offsetAt = (t) => {
    const p = parts(t, tz);
    return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) / 1000 - Math.floor(t);
  };
  const guess = asUTC - offsetAt(asUTC);
  return asUTC - offsetAt(guess);
}

/** unixToWall is the opposite of wallToUnix. */
export function unixToWall(seconds, tz = zone()) {
  const p = parts(seconds, tz);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

export const clockTime = (ts) => say(Number(ts), { hour: "numeric", minute: "2-digit" });
export const fullTime = (ts) =>
  say(Number(ts), {
    weekday: "long",
    month: "long",
    day: "numeric",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
  });

/** relativeDay is "today", "yesterday", "tomorrow" or "" by the workspace's clock. */
export function relativeDay(seconds) {
  const dayNumber = (t) => Date.parse(`${dayOf(t)}T00:00:00Z`) / 86400000;
  const away = dayNumber(seconds) - dayNumber(store.now());
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[away] ?? "";
}

/** dayTitle heads the messages of one day. */
export function dayTitle(seconds) {
  const relative = relativeDay(seconds);
  if (relative) return relative[0].toUpperCase() + relative.slice(1);
  const options = { weekday: "long", month: "long", day: "numeric" };
  if (dayOf(seconds).slice(0, 4) !== dayOf(store.now()).slice(0, 4)) options.year = "numeric";
  return say(seconds, options);
}

/** ago is a rough distance to now, such as "5 minutes ago" or "in 2 hours". */
export function ago(seconds) {
  const away = seconds - store.now();
  const units = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const words = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
  for (const [unit, size] of units) if (Math.abs(away) >= size) return words.format(Math.round(away / size), unit);
  return "just now";
}

function ordinal(day) {
  const n = Number(day);
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th");
  return `${n}${suffix}`;
}

/** slackDate fills the tokens of <!date^…^format> (Slack: "Formatting dates in messages"). */
export function slackDate(seconds, pattern) {
  const month = say(seconds, { month: "long" });
  const year = say(seconds, { year: "numeric" });
  const date = `${month} ${ordinal(say(seconds, { day: "numeric" }))}, ${year}`;
  const tokens = {
    date_num: dayOf(seconds),
    date_slash: say(seconds, { month: "2-digit", day: "2-digit", year: "numeric" }),
    date,
    date_short: say(seconds, { month: "short", day: "numeric", year: "numeric" }),
    date_long: `${say(seconds, { weekday: "long" })}, ${date}`,
    time: clockTime(seconds),
    time_secs: say(seconds, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
    ago: ago(seconds),
  };
  return pattern.replace(/\{(\w+?)(_pretty)?\}/g, (whole, name, pretty) => {
    if (!(name in tokens)) return whole;
    return (pretty && relativeDay(seconds)) || tokens[name];
  });
}
