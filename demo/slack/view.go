package slack

import (
	"encoding/json"
	"fmt"
	"maps"
)

// stackMost is how many modals may lie on top of each other.
const stackMost = 3

// view is a modal that is open for a person, or their Home.
type view struct {
	id, user       string
	app            *App
	rootID, prevID string
	hash           string
	body           object // as the app gave it, without its blocks
	blocks         blocks
	state          values
}

// newView makes a view out of checked JSON; it is on no stack yet. The lock is held.
func (w *Workspace) newView(a *App, user string, raw json.RawMessage) (*view, error) {
	v := &view{id: w.newID("V"), app: a, user: user}
	v.rootID = v.id
	if err := w.redraw(v, raw, false); err != nil {
		return nil, err
	}
	return v, nil
}

// redraw gives a view new content. What the person typed stays where block_id and action_id are the same.
func (w *Workspace) redraw(v *view, raw json.RawMessage, keepTyped bool) error {
	body := object{}
	if err := decode(raw, &body); err != nil {
		return fmt.Errorf("read the view: %w", err)
	}
	bs, err := w.parseBlocks(mustJSON(body["blocks"]))
	if err != nil {
		return err
	}
	delete(body, "blocks")
	typed := v.state
	v.body, v.blocks, v.state = body, bs, bs.initialState()
	if keepTyped {
		v.state = v.state.keep(bs, typed)
	}
	v.hash = fmt.Sprintf("%d.%s", w.clock.Now().Unix(), secret(4))
	return nil
}

func (v *view) kind() string { return str(v.body, "type") }

func (v *view) externalID() string { return str(v.body, "external_id") }

func (v *view) wantsClose() bool {
	yes, _ := v.body["notify_on_close"].(bool)
	return yes
}

// json is the view as Slack hands it to apps.
func (w *Workspace) viewJSON(v *view) map[string]any {
	out := map[string]any{
		"id": v.id, "team_id": w.team.ID, "type": "modal", "private_metadata": "", "callback_id": "",
		"hash": v.hash, "title": nil, "submit": nil, "close": nil, "clear_on_close": false,
		"notify_on_close": false, "external_id": "", "previous_view_id": nil, "root_view_id": v.rootID,
		"app_id": v.app.ID, "bot_id": v.app.BotID, "app_installed_team_id": w.team.ID,
	}
	maps.Copy(out, v.body)
	out["blocks"] = v.blocks
	out["state"] = map[string]any{"values": v.state.copy()}
	if v.prevID != "" {
		out["previous_view_id"] = v.prevID
	}
	return out
}

// stack returns the person's open modals, the top one last.
func (w *Workspace) stack(user string) []*view { return w.stacks[user] }

func (w *Workspace) top(user string) *view {
	if s := w.stacks[user]; len(s) > 0 {
		return s[len(s)-1]
	}
	return nil
}

func (w *Workspace) setStack(user string, s []*view) {
	w.stacks[user] = s
	w.notify(pageEvent{Type: "views", user: user})
}

// pushView lays a view on top of the person's stack.
func (w *Workspace) pushView(v *view) {
	s := w.stacks[v.user]
	if len(s) > 0 {
		v.rootID, v.prevID = s[0].id, s[len(s)-1].id
	}
	w.setStack(v.user, append(s, v))
}

// findView finds an open modal or a Home by id.
func (w *Workspace) findView(id string) *view {
	for _, s := range w.stacks {
		for _, v := range s {
			if v.id == id {
				return v
			}
		}
	}
	for _, homes := range w.homes {
		for _, v := range homes {
			if v.id == id {
				return v
			}
		}
	}
	return nil
}

// eachView visits every open modal and every Home.
func (w *Workspace) eachView(visit func(*view)) {
	for _, s := range w.stacks {
		for _, v := range s {
			visit(v)
		}
	}
	for _, homes := range w.homes {
		for _, v := range homes {
			visit(v)
		}
	}
}

// viewChanged wakes the page of the one person who sees the view.
func (w *Workspace) viewChanged(v *view) {
	name := "views"
	if v.kind() == "home" {
		name = "home"
	}
	w.notify(pageEvent{Type: name, user: v.user})
}
