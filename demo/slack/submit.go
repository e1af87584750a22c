package slack

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/usherhq/usher/demo/slack/blockkit"
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

// submitted does what the app answered; the problem says why the answer is no answer. The lock is held.
func (w *Workspace) submitted(u *User, v *view, answer json.RawMessage) (Result, string) {
	if answer == nil {
		w.pop(v)
		return Result{Result: "closed"}, ""
	}
	var fields struct {
		Action string            `json:"response_action"`
		View   json.RawMessage   `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if err := json.Unmarshal(answer, &fields); err != nil {
		return Result{}, err.Error()
	}
	switch fields.Action {
	case "clear":
		w.setStack(u.ID, nil)
		return Result{Result: "cleared"}, ""
	case "errors":
		return v.refused(fields.Errors)
	case "update":
		return w.answeredUpdate(v, fields.View)
	case "push":
		return w.answeredPush(u, v, fields.View)
	default:
		return Result{}, fmt.Sprintf("unknown response_action %q", fields.Action)
	}
}

// refused checks an app's errors: each belongs to an input block of the view.
func (v *view) refused(errs map[string]string) (Result, string) {
	if len(errs) == 0 {
		return Result{}, "errors is empty"
	}
	inputs := blockkit.InputBlocks(v.raw())
	for id, text := range errs {
		if !inputs[id] {
			return Result{}, fmt.Sprintf("errors: %q is not the block_id of an input block", id)
		}
		if strings.TrimSpace(text) == "" {
			return Result{}, fmt.Sprintf("errors: the text of %q is empty", id)
		}
	}
	return Result{Result: "errors", Errors: errs}, ""
}

// raw is the view as its app would send it.
func (v *view) raw() json.RawMessage {
	body := maps.Clone(v.body)
	body["blocks"] = v.blocks
	return mustJSON(body)
}

func (w *Workspace) answeredUpdate(v *view, raw json.RawMessage) (Result, string) {
	if problem := w.answeredView(v, raw, v); problem != "" {
		return Result{}, problem
	}
	if err := w.redraw(v, raw, true); err != nil {
		return Result{}, err.Error()
	}
	w.viewChanged(v)
	return Result{Result: "updated"}, ""
}

func (w *Workspace) answeredPush(u *User, v *view, raw json.RawMessage) (Result, string) {
	if problem := w.answeredView(v, raw, nil); problem != "" {
		return Result{}, problem
	}
	if len(w.stack(u.ID)) >= stackMost {
		return Result{}, "push_limit_reached"
	}
	next, err := w.newView(v.app, u.ID, raw)
	if err != nil {
		return Result{}, err.Error()
	}
	w.pushView(next)
	return Result{Result: "pushed"}, ""
}

// answeredView checks a view that came in an acknowledgement.
func (w *Workspace) answeredView(v *view, raw json.RawMessage, self *view) string {
	if raw == nil {
		return "missing required field: view"
	}
	for _, check := range []func() error{
		func() error { return checkView(raw) },
		func() error { return w.sameKind(v, raw) },
		func() error { return w.uniqueExternalID(v.app, raw, self) },
	} {
		if err := check(); err != nil {
			return explain(err)
		}
	}
	return ""
}

// pop closes a modal that was answered with nothing: the one in front. An app that pushed another by views.push
// before it answered loses that one, as Slack's clients close what they show.
func (w *Workspace) pop(v *view) {
	s := w.stack(v.user)
	if len(s) == 0 {
		return
	}
	if s[len(s)-1] != v {
		w.note(LevelError, "view_submission", "the answer closes a modal that was pushed meanwhile",
			"answer with response_action push or update instead", nil)
	}
	w.setStack(v.user, s[:len(s)-1])
}
