// Draws who works here, as the stream of events tells it, and says what the administrator does.
"use strict";

const find = (id) => document.getElementById(id);
const departments = ["Design", "Engineering", "Finance", "IT", "Sales"];
let now; // the newest picture
let editing = ""; // e-mail address of whoever is being changed
let fresh = ""; // time of the newest push of the picture before

/** Makes an element with a class, a text and children. Text is never read as markup. */
function make(tag, className, text, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

function button(text, className, press) {
  const made = make("button", className, text);
  made.type = "button";
  made.onclick = press;
  return made;
}

/** Says a change, and shows why it is refused. */
async function change(what) {
  const problem = find("problem");
  problem.hidden = true;
  try {
    const answer = await fetch("changes", { method: "POST", body: JSON.stringify(what) });
    if (answer.ok) return true;
    problem.textContent = await answer.text();
  } catch {
    problem.textContent = "The page cannot reach the identity provider.";
  }
  problem.hidden = false;
  return false;
}

/** Fills a select; what was chosen stays chosen. */
function choices(select, options, chosen) {
  const kept = chosen ?? select.value;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value, false, value === kept)));
}

const named = (email) => now.people.find((p) => p.email === email)?.name ?? email;
const everybody = () => now.people.filter((p) => p.active).map((p) => [p.email, p.name]);
const allDepartments = () => [...new Set([...departments, ...now.people.map((p) => p.department)])].filter(Boolean).sort().map((d) => [d, d]);

function labelled(text, field) {
  return make("label", "", text, field);
}

/** Makes the form with which somebody is changed. */
function editor(person) {
  const title = make("input");
  title.name = "title";
  title.value = person.title;
  const department = make("select");
  department.name = "department";
  choices(department, allDepartments(), person.department);
  const manager = make("select");
  manager.name = "manager";
  choices(manager, [["", "nobody"], ...everybody().filter(([email]) => email !== person.email)], person.manager);
  const save = make("button", "main", "Save");
  const form = make("form", "edit", undefined, labelled("Title", title), labelled("Department", department), labelled("Manager", manager), save);
  form.onsubmit = async (event) => {
    event.preventDefault();
    const what = { action: "change", email: person.email, title: title.value, department: department.value, manager: manager.value };
    if (await change(what)) {
      editing = "";
      draw();
    }
  };
  return form;
}

function drawPerson(person) {
  const about = make("div", "", undefined, make("span", "name", person.name));
  if (!person.active) about.append(make("span", "tag off", "suspended"));
  for (const group of now.groups) if (group.members.includes(person.email)) about.append(make("span", "tag", group.name));
  const facts = [person.title, person.department, person.manager && `reports to ${named(person.manager)}`];
  about.append(make("span", "facts", facts.filter(Boolean).join(" · ")), make("span", "facts", person.email));
  const turn = person.active ? "suspend" : "resume";
  const does = make(
    "div",
    "does",
    undefined,
    button(editing === person.email ? "Close" : "Change…", "", () => {
      editing = editing === person.email ? "" : person.email;
      draw();
    }),
    button(person.active ? "Suspend" : "Resume", "", () => change({ action: turn, email: person.email })),
    button("Delete", "danger", () => change({ action: "delete", email: person.email })),
  );
  const item = make("li", person.active ? "" : "suspended", undefined, about, does);
  item.dataset.email = person.email;
  if (editing === person.email) item.append(editor(person));
  return item;
}

function drawGroup(group) {
  const members = group.members.map((email) => {
    const out = button("×", "", () => change({ action: "leave", group: group.name, email }));
    out.setAttribute("aria-label", `Take ${named(email)} out of ${group.name}`);
    return make("li", "member", named(email), out);
  });
  const others = make("select");
  others.setAttribute("aria-label", `Put somebody in ${group.name}`);
  choices(others, [["", "Put somebody in…"], ...everybody().filter(([email]) => !group.members.includes(email))], "");
  others.onchange = () => change({ action: "join", group: group.name, email: others.value });
  const head = make("h3", "", group.name, make("span", "count", String(group.members.length)));
  const card = make("article", "group card", undefined, head, make("ul", "", undefined, ...members), others);
  return card;
}

function drawEntry(entry) {
  const time = make("time", "", new Date(entry.at).toLocaleTimeString([], { hour12: false }));
  time.dateTime = entry.at;
  return make("li", `${entry.good ? "" : "bad"}${entry.at > fresh ? " new" : ""}`, undefined, time, make("span", "", entry.text));
}

function draw() {
  document.title = now.name;
  find("name").textContent = now.name;
  find("address").textContent = now.address ? `to ${now.address}` : "once it is told where to";
  find("state").textContent = now.waiting ? `${now.waiting} to be pushed` : "all pushed";
  find("state").classList.toggle("waiting", now.waiting > 0);
  find("people-count").textContent = String(now.people.length);
  find("people").replaceChildren(...now.people.toReversed().map(drawPerson));
  find("groups").replaceChildren(...now.groups.map(drawGroup));
  find("history").replaceChildren(...now.history.map(drawEntry));
  find("nothing").hidden = now.history.length > 0;
  for (const select of document.querySelectorAll("[data-departments]")) choices(select, allDepartments());
  for (const select of document.querySelectorAll("[data-people]")) choices(select, [["", "nobody"], ...everybody()]);
}

/** Lets a form say a change. */
function says(id, action) {
  find(id).addEventListener("submit", (event) => {
    event.preventDefault();
    change({ action, ...Object.fromEntries(new FormData(event.target)) });
  });
}

says("hire", "hire");
says("reorganise", "reorganise");
says("quarter", "quarter");

const stream = new EventSource("events");
stream.onopen = () => (find("lost").hidden = true);
stream.onerror = () => (find("lost").hidden = false);
stream.onmessage = (event) => {
  const first = !now;
  fresh = now?.history[0]?.at ?? "9";
  now = JSON.parse(event.data);
  const typing = editing && document.activeElement?.closest(".edit");
  if (!typing) draw();
  if (first) {
    document.querySelector("#hire [name=department]").value = "Design";
    document.querySelector("#hire [name=manager]").value = now.people.find((p) => p.title.startsWith("Head of Design"))?.email ?? "";
    document.querySelector("#reorganise [name=department]").value = "Sales";
    document.querySelector("#reorganise [name=to]").value = "Design";
  }
};
