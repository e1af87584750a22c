// Shortcuts: the global ones of the lightning menu, and those of a message.

import * as api from "./api.js";
import { menu } from "./floating.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { attempt, toast } from "./toasts.js";

/** runShortcut tells the app; at may name {channel, message_ts} for a message shortcut. */
export async function runShortcut(app, shortcut, at = {}) {
  const answer = await attempt(() =>
    api.shortcut({ user: store.me.id, callback_id: shortcut.callback_id, app_id: app.id, ...at }),
  );
  if (answer?.warning) toast(answer.warning, "error");
}

/** shortcutMenu opens the global shortcuts and the commands above button; onCommand gets a chosen command. */
export function shortcutMenu(button, onCommand) {
  const items = store.apps.flatMap((app) => {
    const global = (app.shortcuts ?? []).filter((s) => s.type === "global");
    const commands = app.commands ?? [];
    return [
      ...(global.length + commands.length ? [{ heading: app.name }] : []),
      ...global.map((s) => ({
        label: s.name,
        hint: s.description,
        icon: icon("bolt"),
        dataset: { shortcut: s.callback_id },
        run: () => runShortcut(app, s),
      })),
      ...commands.map((c) => ({
        label: c.command,
        hint: c.description,
        icon: icon("chevron"),
        run: () => onCommand(c.command),
      })),
    ];
  });
  if (!items.length) return toast("No app offers shortcuts here.");
  return menu(button, items, { label: "Shortcuts", prefer: "above" });
}
