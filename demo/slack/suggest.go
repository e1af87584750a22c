package slack

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

const (
	suggestionsMost = 100
	optionMost      = 75 // characters of an option's texts and of a group's label
	queryLeast      = 3  // when min_query_length is not set
)

// Option is one choice of a select.
type Option struct {
	Text        string `json:"text"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Group       string `json:"group,omitempty"`
	object      object
}

// suggestions is the answer to a block_suggestion, as the app gave it.
type suggestions struct {
	Options []object `json:"options"`
	Groups  []struct {
		Label   object   `json:"label"`
		Options []object `json:"options"`
	} `json:"option_groups"`
}

// suggest asks the app for the options of an external select. Nothing is asked while the text is shorter than
// min_query_length.
func (w *Workspace) suggest(u *User, t Target, blockID, actionID, text string, state values) (raw json.RawMessage, warning string, err error) {
	w.mu.Lock()
	s, err := w.surface(u, t)
	if err != nil {
		w.mu.Unlock()
		return nil, "", err
	}
	e, ok := s.blocks().find(blockID, actionID)
	if !ok || (e.kind() != "external_select" && e.kind() != "multi_external_select") {
		w.mu.Unlock()
		return nil, "", fmt.Errorf("there is no external select %s", actionID)
	}
	if utf8.RuneCountInString(text) < e.queryLeast() {
		w.mu.Unlock()
		return json.RawMessage(`{"options":[]}`), "", nil
	}
	payload := w.interaction(s.app, u, "block_suggestion", s.viewID())
	delete(payload, "trigger_id")
	w.describe(s, state, payload)
	payload["block_id"], payload["action_id"], payload["value"] = e.blockID(), e.actionID(), text
	env := w.post(s.app, typeInteractive, "block_suggestion "+actionID, payload, true, nil)
	w.mu.Unlock()
	if env == nil {
		return nil, warnNoAnswer, nil
	}
	answer, ok := w.wait(env)
	if !ok {
		return nil, warnNoAnswer, nil
	}
	if problem := checkSuggestions(answer); problem != "" {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.note(LevelError, "block_suggestion", actionID+": "+problem, clip(string(answer)), nil)
		return nil, "the list of options could not be loaded", nil
	}
	return answer, "", nil
}

func (e element) queryLeast() int {
	if n, ok := e.object["min_query_length"].(float64); ok {
		return int(n)
	}
	return queryLeast
}

// checkSuggestions says what is wrong with an app's options, or "".
func checkSuggestions(raw json.RawMessage) string {
	var fields map[string]json.RawMessage
	var given suggestions
	if json.Unmarshal(raw, &fields) != nil || json.Unmarshal(raw, &given) != nil {
		return "the answer is not an object with options"
	}
	if (fields["options"] == nil) == (fields["option_groups"] == nil) {
		return "the answer must have options or option_groups"
	}
	if len(given.Groups) > suggestionsMost {
		return "no more than 100 items allowed [json-pointer:/option_groups]"
	}
	lists := [][]object{given.Options}
	for _, g := range given.Groups {
		if problem := checkText(g.Label); problem != "" {
			return "label: " + problem
		}
		lists = append(lists, g.Options)
	}
	for _, options := range lists {
		if len(options) > suggestionsMost {
			return "no more than 100 items allowed [json-pointer:/options]"
		}
		for _, o := range options {
			if problem := checkText(obj(o, "text")); problem != "" {
				return "text: " + problem
			}
			if n := utf8.RuneCountInString(str(o, "value")); n < 1 || n > 150 {
				return "value: must have 1 to 150 characters"
			}
			if d := obj(o, "description"); d != nil && checkText(d) != "" {
				return "description: " + checkText(d)
			}
		}
	}
	return ""
}

// checkText says what is wrong with the text of an option or a group, or "".
func checkText(o object) string {
	n := utf8.RuneCountInString(str(o, "text"))
	if str(o, "type") != "plain_text" {
		return "must be plain_text"
	}
	if n < 1 || n > optionMost {
		return fmt.Sprintf("must have 1 to %d characters", optionMost)
	}
	return ""
}

// flat lists the options of an answer, those in groups included.
func (s suggestions) flat() []Option {
	var all []Option
	for _, o := range s.Options {
		all = append(all, newOption(o, ""))
	}
	for _, g := range s.Groups {
		for _, o := range g.Options {
			all = append(all, newOption(o, str(g.Label, "text")))
		}
	}
	return all
}

func newOption(o object, group string) Option {
	return Option{
		Text: str(obj(o, "text"), "text"), Value: str(o, "value"),
		Description: str(obj(o, "description"), "text"), Group: group, object: o,
	}
}
