package slack

import "fmt"

// shortcut runs a global or a message shortcut. The target is needed for the latter.
func (w *Workspace) shortcut(u *User, callbackID, appKey string, t Target) (warning string, err error) {
	w.mu.Lock()
	app, spec := w.shortcutOwner(callbackID, appKey)
	if app == nil {
		w.mu.Unlock()
		return "", fmt.Errorf("no app has the shortcut %s", callbackID)
	}
	kind := "shortcut"
	if spec.Type == "message" {
		kind = "message_action"
	}
	payload := w.interaction(app, u, kind, "")
	payload["callback_id"], payload["action_ts"] = spec.CallbackID, w.actionTS()
	if kind == "message_action" {
		ch, m := w.channels[t.Channel], (*message)(nil)
		if ch != nil {
			m = ch.find(t.MessageTS)
		}
		if m == nil || (ch.private() && !ch.has(u.ID)) {
			w.mu.Unlock()
			return "", fmt.Errorf("there is no message %s for the shortcut", t.MessageTS)
		}
		payload["message"], payload["message_ts"] = w.messageJSON(ch, m, true), m.ts
		payload["channel"] = map[string]any{"id": ch.id, "name": ch.shownName()}
		payload["response_url"] = w.newResponseURL(app, u.ID, ch, m)
	}
	env := w.post(app, typeInteractive, kind+" "+callbackID, payload, false, nil)
	w.mu.Unlock()
	if env == nil {
		return warnNoAnswer, nil
	}
	if _, ok := w.wait(env); !ok {
		return warnNoAnswer, nil
	}
	return "", nil
}

func (w *Workspace) shortcutOwner(callbackID, appKey string) (*App, shortcutSpec) {
	for _, id := range w.appIDs {
		a := w.apps[id]
		if appKey != "" && a.ID != appKey {
			continue
		}
		for _, spec := range a.manifest.Features.Shortcuts {
			if spec.CallbackID == callbackID || spec.Name == callbackID {
				return a, spec
			}
		}
	}
	return nil, shortcutSpec{}
}

// openHome is a person opening the app's Home or its messages; the app is told with app_home_opened.
func (w *Workspace) openHome(u *User, appKey, tab string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.app(appKey)
	if a == nil {
		return fmt.Errorf("there is no app %q", appKey)
	}
	if tab == "" {
		tab = "home"
	}
	if tab == "home" && !a.manifest.Features.AppHome.Home {
		return fmt.Errorf("%s has no Home", a.Name)
	}
	dm, _ := w.openDM(a.BotUser, u.ID)
	event := map[string]any{
		"type": "app_home_opened", "user": u.ID, "channel": dm.id, "tab": tab, "event_ts": w.newTS(),
	}
	if v := w.homes[a.ID][u.ID]; v != nil && tab == "home" {
		event["view"] = w.viewJSON(v)
	}
	w.raise("app_home_opened", event, a.ID, nil)
	return nil
}
