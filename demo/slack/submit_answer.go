package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

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
