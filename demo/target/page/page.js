// Draws what the target holds, as the stream of events tells it, and marks what came and went since the last picture.
"use strict";

const find = (id) => document.getElementById(id);
const marks = { in: "+", out: "−", change: "·", switch: "·" };
const lingering = 8000; // milliseconds for which a change stays marked
let names = new Map(); // e-mail to name
let before; // the last picture
const changes = new Map(); // "group id|e-mail" to {kind, until}

/** Makes an element with a class, a text and children. Text is never read as markup. */
function make(tag, className, text, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

/** Remembers which memberships came and went between two pictures. */
function compare(old, now) {
  const until = Date.now() + lingering;
  for (const group of now.groups) {
    const was = old.groups.find((g) => g.id === group.id)?.members ?? [];
    for (const email of group.members) {
      if (!was.includes(email)) changes.set(`${group.id}|${email}`, { kind: "new", until });
    }
    for (const email of was) {
      if (!group.members.includes(email)) changes.set(`${group.id}|${email}`, { kind: "gone", until });
    }
  }
}

function drawGroup(group) {
  const gone = [...changes].filter(([key, c]) => c.kind === "gone" && key.startsWith(`${group.id}|`)).map(([key]) => key.slice(group.id.length + 1));
  const members = [...new Set([...group.members, ...gone])].sort().map((email) => {
    const item = make("li", "member", names.get(email) || email);
    item.title = email;
    const kind = changes.get(`${group.id}|${email}`)?.kind;
    if (kind) item.classList.add(kind);
    return item;
  });
  const head = make("h3", "", group.name, make("span", "count", String(group.members.length)));
  const body = members.length ? make("ul", "", undefined, ...members) : make("p", "empty quiet", "Nobody is in this group.");
  return make("article", "group", undefined, head, body);
}

/** Makes the button with which one plays that person's browser. */
function signIn(user) {
  const button = make("button", "quiet", "Sign in");
  button.title = `Open a session as ${user.name || user.email}`;
  button.onclick = () => fetch(`sessions/${encodeURIComponent(user.email)}`, { method: "POST" }).catch(() => draw(before));
  return button;
}

function drawUser(user) {
  const name = make("span", "name", user.name || user.email);
  const item = make("li", user.active ? "" : "disabled", undefined, name);
  if (!user.active) item.append(make("span", "tag off", "disabled"));
  if (user.active) item.append(signIn(user));
  if (user.sessions) item.append(make("span", "tag signed", user.sessions === 1 ? "signed in" : `signed in ${user.sessions} times`));
  for (const held of [...user.roles, ...user.licenses]) item.append(make("span", "tag", held));
  item.append(make("span", "email", user.title ? `${user.email} · ${user.title}` : user.email));
  if (before && !before.users.some((u) => u.id === user.id && u.active === user.active)) item.classList.add("new");
  return item;
}

function drawEntry(entry, index, fresh) {
  const at = new Date(entry.at);
  const time = make("time", "", at.toLocaleTimeString([], { hour12: false }));
  time.dateTime = entry.at;
  return make("li", `${entry.kind}${index < fresh ? " new" : ""}`, undefined, time, make("span", "mark", marks[entry.kind]), make("span", "", entry.text));
}

function draw(picture) {
  const now = Date.now();
  for (const [key, change] of changes) if (change.until <= now) changes.delete(key);
  document.title = picture.name;
  find("name").textContent = picture.name;
  document.querySelector(`[name="mode"][value="${picture.mode}"]`).checked = true;
  find("groups").replaceChildren(...picture.groups.map(drawGroup));
  find("users").replaceChildren(...picture.users.map(drawUser));
  find("users-count").textContent = String(picture.users.length);
  const newest = before?.history[0]?.at;
  const fresh = before ? picture.history.findIndex((e) => e.at === newest) : 0;
  find("history").replaceChildren(...picture.history.map((e, i) => drawEntry(e, i, fresh < 0 ? picture.history.length : fresh)));
  find("nothing").hidden = picture.history.length > 0;
}

const stream = new EventSource("events");
stream.onopen = () => (find("lost").hidden = true);
stream.onerror = () => (find("lost").hidden = false);
stream.onmessage = (event) => {
  const picture = JSON.parse(event.data);
  for (const user of picture.users) names.set(user.email, user.name);
  if (before) compare(before, picture);
  draw(picture);
  before = picture;
  setTimeout(() => draw(before), lingering + 50);
};

find("modes").addEventListener("change", (event) => {
  fetch(`mode/${event.target.value}`, { method: "POST" }).catch(() => draw(before));
});
