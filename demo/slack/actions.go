package slack

import (
	"fmt"
	"maps"
)

// act carries out what a person does with an element: it remembers the value and tells the app with
// block_actions, where Slack does. The warning is what the person sees when the app does not acknowledge.
func (w *Workspace) act(u *User, t Target, blockID, actionID string, value object, state values) (warning string, err error) {
	w.mu.Lock()
	s, err := w.surface(u, t)
	if err != nil {
		w.mu.Unlock()
		return "", err
	}
	e, ok := s.blocks().find(blockID, actionID)
	if !ok {
		w.mu.Unlock()
		return "", fmt.Errorf("there is no element %s/%s any more", blockID, actionID)
	}
	if err := e.accepts(value); err != nil {
		w.mu.Unlock()
		return "", err
	}
	if state == nil {
		state = values{}
	}
	if _, ok := stateKeys[e.kind()]; ok {
		state.set(e, value)
	}
	if !e.dispatches() {
		if s.view != nil {
			s.view.state.merge(s.view.blocks, state)
		}
		w.mu.Unlock()
		return "", nil
	}
	payload := w.interaction(s.app, u, "block_actions", s.viewID())
	w.describe(s, state, payload)
	if s.message != nil {
		payload["response_url"] = w.newResponseURL(s.app, u.ID, s.channel, s.message)
	}
	if s.view != nil {
		payload["hash"] = s.view.hash
	}
	payload["actions"] = []object{w.action(e, value)}
	env := w.post(s.app, typeInteractive, "block_actions "+actionID, payload, false, nil)
	w.mu.Unlock()
	if env == nil {
		return warnNoAnswer, nil
	}
	if _, ok := w.wait(env); !ok {
		return warnNoAnswer, nil
	}
	return "", nil
}

// dispatches is true when using the element tells the app: always, save in an input block without
// dispatch_action.
func (e element) dispatches() bool {
	if !e.isInput {
		return true
	}
	yes, _ := e.block["dispatch_action"].(bool)
	return yes
}

// action is the entry of "actions" for one element.
func (w *Workspace) action(e element, value object) object {
	out := object{
		"type": e.kind(), "action_id": e.actionID(), "block_id": e.blockID(), "action_ts": w.actionTS(),
	}
	for _, key := range []string{"text", "value", "style", "url", "confirm", "placeholder"} {
		if v, ok := e.object[key]; ok && e.kind() == "button" || ok && (key == "confirm" || key == "placeholder") {
			out[key] = v
		}
	}
	maps.Copy(out, value)
	out["type"] = e.kind()
	return out
}

// accepts refuses values that the element cannot yield, such as an option that is not in its list.
func (e element) accepts(value object) error {
	if given := str(value, "type"); given != "" && given != e.kind() {
		return fmt.Errorf("the element %s is a %s, not a %s", e.actionID(), e.kind(), given)
	}
	var chosen []object
	if one := obj(value, "selected_option"); one != nil {
		chosen = append(chosen, one)
	}
	chosen = append(chosen, list(value, "selected_options")...)
	if len(e.options()) == 0 {
		return nil
	}
	for _, option := range chosen {
		if !e.offers(str(option, "value")) {
			return fmt.Errorf("the element %s does not offer %q", e.actionID(), str(option, "value"))
		}
	}
	return nil
}
