package slack

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Result says what became of a submitted view.
type Result struct {
	Result  string            `json:"result"` // closed, updated, pushed, cleared, errors or error
	Errors  map[string]string `json:"errors,omitempty"`
	Warning string            `json:"warning,omitempty"`
}

// OK is true unless the view was refused.
func (r Result) OK() bool { return r.Result != "errors" && r.Result != "error" }

// submit sends a modal to its app and does what the app answers. What Slack's own client checks (required fields,
// lengths, e-mail addresses) never reaches the app.
func (w *Workspace) submit(u *User, viewID string, state values) (Result, error) {
	w.mu.Lock()
	v := w.top(u.ID)
	if v == nil || v.id != viewID {
		w.mu.Unlock()
		return Result{}, fmt.Errorf("the view %s is not the one that %s has in front", viewID, u.Name)
	}
	if v.body["submit"] == nil {
		w.mu.Unlock()
		return Result{}, fmt.Errorf("the view %s has no submit button", viewID)
	}
	v.state.merge(v.blocks, state)
	if errs := v.invalid(); len(errs) > 0 {
		w.mu.Unlock()
		return Result{Result: "errors", Errors: errs}, nil
	}
	payload := w.interaction(v.app, u, "view_submission", v.id)
	payload["view"] = w.viewJSON(v)
	payload["response_urls"] = w.responseURLs(v)
	env := w.post(v.app, typeInteractive, "view_submission "+str(v.body, "callback_id"), payload, true, nil)
	w.mu.Unlock()
	if env == nil {
		return Result{Result: "error", Warning: warnTrouble}, nil
	}
	answer, ok := w.wait(env)
	if !ok {
		return Result{Result: "error", Warning: warnTrouble}, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	result, problem := w.submitted(u, v, answer)
	if problem != "" {
		w.note(LevelError, "view_submission", "the answer is invalid: "+problem, clip(string(answer)), nil)
		return Result{Result: "error", Warning: warnTrouble}, nil
	}
	return result, nil
}

// responseURLs gives out a response URL for every chosen conversation whose select asks for it.
func (w *Workspace) responseURLs(v *view) []map[string]any {
	urls := []map[string]any{}
	for _, e := range v.blocks.elements() {
		enabled, _ := e.object["response_url_enabled"].(bool)
		value := v.state[e.blockID()][e.actionID()]
		key := stateKeys[e.kind()].key
		ch := w.channels[str(value, key)]
		if !e.isInput || !enabled || ch == nil {
			continue
		}
		urls = append(urls, map[string]any{
			"block_id": e.blockID(), "action_id": e.actionID(), "channel_id": ch.id,
			"response_url": w.newResponseURL(v.app, v.user, ch, nil),
		})
	}
	return urls
}

// raw is the view as its app would send it.
func (v *view) raw() json.RawMessage {
	body := maps.Clone(v.body)
	body["blocks"] = v.blocks
	return mustJSON(body)
}
