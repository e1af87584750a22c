// The calls of API.md. Every function returns the documented body or throws an ApiError with a sentence to show.

export class ApiError extends Error {}

async function call(path, options) {
  let response;
  try {
    response = await fetch(`/_page/${path}`, options);
  } catch {
    throw new ApiError("The workspace does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(body.error ?? `The workspace answered ${response.status}.`);
  return body;
}

const read = (path, params = {}) => {
  const query = new URLSearchParams(Object.entries(params).filter(([, v]) => v));
  return call(query.size ? `${path}?${query}` : path);
};

const act = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const snapshot = (user) => read("snapshot", { user });
export const messages = (user, channel, thread_ts) => read("messages", { user, channel, thread_ts });
export const views = (user) => read("views", { user });
export const home = (user, app_id) => read("home", { user, app_id });
export const journal = () => read("journal");

export const say = (user, channel, text, thread_ts) => act("say", { user, channel, text, thread_ts });
export const action = (body) => act("action", body);
export const suggest = (body) => act("suggest", body);
export const input = (user, view_id, state) => act("input", { user, view_id, state });
export const submit = (user, view_id, state) => act("submit", { user, view_id, state });
export const close = (user, view_id, all) => act("close", { user, view_id, all });
export const shortcut = (body) => act("shortcut", body);
export const openHome = (user, app_id, tab) => act("home", { user, app_id, tab });
export const dm = (user, other) => act("dm", { user, with: other });
export const join = (user, channel) => act("join", { user, channel });
export const markRead = (user, channel, ts) => act("read", { user, channel, ts });
export const advance = (seconds) => act("advance", { seconds });

/** streamURL is the address of the event stream for that person. */
export const streamURL = (user) => `/_page/stream?user=${encodeURIComponent(user)}`;
