package slack

import "encoding/json"

// givenView reads and checks the argument "view" of a views.* call.
func givenView(c *call, kind string) (json.RawMessage, error) {
	raw := c.args.structure("view")
	if err := checkView(raw); err != nil {
		return nil, err
	}
	var head struct{ Type string }
	if decode(raw, &head) != nil || (kind != "" && head.Type != kind) {
		return nil, invalidArguments("unsupported type: " + head.Type + " [json-pointer:/view/type]")
	}
	return raw, nil
}

// uniqueExternalID refuses an external_id that another view of the app already has.
func (w *Workspace) uniqueExternalID(a *App, raw json.RawMessage, self *view) error {
	var head struct {
		ExternalID string `json:"external_id"`
	}
	if decode(raw, &head) != nil || head.ExternalID == "" {
		return nil //nolint:nilerr // the view has been checked before
	}
	taken := false
	w.eachView(func(v *view) {
		taken = taken || (v != self && v.app == a && v.externalID() == head.ExternalID)
	})
	if taken {
		return refuse("duplicate_external_id")
	}
	return nil
}

func (w *Workspace) viewsOpen(c *call) (answer, error) {
	raw, err := givenView(c, "modal")
	if err != nil {
		return nil, err
	}
	t, err := w.checkTrigger(c)
	if err != nil {
		return nil, err
	}
	if err := w.uniqueExternalID(c.app, raw, nil); err != nil {
		return nil, err
	}
	v, err := w.newView(c.app, t.user, raw)
	if err != nil {
		return nil, err
	}
	t.used = true
	if t.inView != "" && w.top(t.user) != nil {
		w.note(LevelError, c.method, "opened from inside a modal",
			"Slack answers ok, but its clients show the new modal only by chance: push or update instead", nil)
	}
	w.stacks[t.user] = nil // a new modal takes the place of whatever was open
	w.pushView(v)
	return answer{"view": w.viewJSON(v)}, nil
}

// viewsPush lays a modal on the one in which the trigger was given out.
func (w *Workspace) viewsPush(c *call) (answer, error) {
	raw, err := givenView(c, "modal")
	if err != nil {
		return nil, err
	}
	t, err := w.checkTrigger(c)
	if err != nil {
		return nil, err
	}
	top := w.top(t.user)
	if t.inView == "" || top == nil || top.app != c.app {
		return nil, refuse("not_found")
	}
	if len(w.stack(t.user)) >= stackMost {
		return nil, refuse("push_limit_reached")
	}
	if err := w.uniqueExternalID(c.app, raw, nil); err != nil {
		return nil, err
	}
	v, err := w.newView(c.app, t.user, raw)
	if err != nil {
		return nil, err
	}
	t.used = true
	w.pushView(v)
	return answer{"view": w.viewJSON(v)}, nil
}

func (w *Workspace) viewsUpdate(c *call) (answer, error) {
	raw, err := givenView(c, "")
	if err != nil {
		return nil, err
	}
	id, external := c.args.text("view_id"), c.args.text("external_id")
	if id == "" && external == "" {
		return nil, invalidArguments("missing required field: view_id")
	}
	v := w.ownView(c.app, id, external)
	if v == nil {
		return nil, refuse("not_found")
	}
	if hash := c.args.text("hash"); hash != "" && hash != v.hash {
		return nil, refuse("hash_conflict")
	}
	if err := w.uniqueExternalID(c.app, raw, v); err != nil {
		return nil, err
	}
	if err := w.sameKind(v, raw); err != nil {
		return nil, err
	}
	if err := w.redraw(v, raw, true); err != nil {
		return nil, err
	}
	w.viewChanged(v)
	return answer{"view": w.viewJSON(v)}, nil
}

func (w *Workspace) sameKind(v *view, raw json.RawMessage) error {
	var head struct{ Type string }
	if decode(raw, &head) != nil || head.Type != v.kind() {
		return invalidArguments("view type must be " + v.kind() + " [json-pointer:/view/type]")
	}
	return nil
}

// ownView finds an open view of the app by id, else by external id.
func (w *Workspace) ownView(a *App, id, external string) *view {
	var found *view
	w.eachView(func(v *view) {
		if v.app == a && ((id != "" && v.id == id) || (id == "" && v.externalID() == external)) {
			found = v
		}
	})
	return found
}
