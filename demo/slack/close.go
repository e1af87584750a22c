package slack

import "fmt"

// closeView closes the modal in front (Cancel), or all of them (the X), and tells the apps that asked for it with
// view_closed.
func (w *Workspace) closeView(u *User, viewID string, all bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.stack(u.ID)
	top := w.top(u.ID)
	if top == nil || (viewID != "" && top.id != viewID && !all) {
		return fmt.Errorf("the view %s is not the one that %s has in front", viewID, u.Name)
	}
	if clears, _ := top.body["clear_on_close"].(bool); clears {
		all = true
	}
	closed := top
	if all {
		closed = s[0]
		w.setStack(u.ID, nil)
	} else {
		w.setStack(u.ID, s[:len(s)-1])
	}
	if !closed.wantsClose() {
		return nil
	}
	payload := w.interaction(closed.app, u, "view_closed", "")
	delete(payload, "trigger_id")
	shown := w.viewJSON(closed)
	shown["state"] = map[string]any{"values": map[string]any{}}
	payload["view"], payload["is_cleared"] = shown, all
	env := w.post(closed.app, typeInteractive, "view_closed", payload, false, nil)
	if env != nil {
		w.spawn(func() { w.wait(env) })
	}
	return nil
}

// remember keeps what a person has typed so far, so that an update of the view does not lose it.
func (w *Workspace) remember(u *User, viewID string, state values) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.findView(viewID)
	if v == nil || v.user != u.ID {
		return fmt.Errorf("the view %s is not open for %s", viewID, u.Name)
	}
	v.state.merge(v.blocks, state)
	return nil
}
