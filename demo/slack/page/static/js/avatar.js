// Avatars: a coloured tile with initials; apps get a rounded mark of their own.

import { h } from "./dom.js";
import { displayName } from "./store.js";

const fallback = ["#2f7d6b", "#b4572f", "#5a63b8", "#9a4a86", "#3a7ca5", "#8a6d1d", "#a23b4b", "#4b7a2e"];

/** avatar is a decorative picture of a user; its name stands beside it. */
export function avatar(user, size = "") {
  const name = displayName(user) || "?";
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const initials = (
    words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, user?.is_bot ? 1 : 2)
  ).toUpperCase();
  const classes = ["avatar", size && `avatar-${size}`, user?.is_bot && "avatar-app"].filter(Boolean).join(" ");
  return h("span", { class: classes, "aria-hidden": "true", style: { "--avatar": colour(user) } }, initials);
}

function colour(user) {
  if (/^#[0-9a-f]{3,8}$/i.test(user?.avatar ?? "")) return user.avatar;
  const sum = [...(user?.id ?? "")].reduce((n, c) => n + c.codePointAt(0), 0);
  return fallback[sum % fallback.length];
}

/** badge says what kind of account that is, when it is not an ordinary one. */
export function badge(user) {
  if (!user) return null;
  const kind =
    (user.is_bot && "App") ||
    (user.deleted && "Deactivated") ||
    (user.is_stranger && "External") ||
    (user.is_ultra_restricted && "Single-channel guest") ||
    (user.is_restricted && "Guest");
  return kind ? h("span", { class: `tag${user.is_bot ? " tag-app" : ""}` }, kind) : null;
}
