package slack

import (
	"fmt"
	"strings"
)

// Press clicks a button by its action id, or chooses in an overflow menu. Where several have the same action id,
// the value of the button or option decides.
func (p *Person) Press(on Target, actionID string, value ...string) error {
	return p.on(on, func(bs blocks) (element, object, error) {
		for _, e := range bs.elements() {
			if e.actionID() != actionID {
				continue
			}
			if pressed, ok := e.pressed(value); ok {
				return e, pressed, nil
			}
		}
		return element{}, nil, fmt.Errorf("there is no button %s %v", actionID, value)
	})
}

// pressed is what a button or an overflow menu yields, if it has the value.
func (e element) pressed(value []string) (object, bool) {
	switch e.kind() {
	case "button":
		if len(value) > 0 && str(e.object, "value") != value[0] {
			return nil, false
		}
		return object{"type": "button", "value": e.object["value"]}, true
	case "overflow":
		for _, o := range e.options() {
			if len(value) > 0 && (str(o, "value") == value[0] || str(obj(o, "text"), "text") == value[0]) {
				return object{"type": "overflow", "selected_option": o}, true
			}
		}
	}
	return nil, false
}

// PressLabel clicks the button with that visible label, or chooses that entry of an overflow menu. Where several
// have the label, the value decides.
func (p *Person) PressLabel(on Target, label string, value ...string) error {
	return p.on(on, func(bs blocks) (element, object, error) {
		for _, e := range bs.elements() {
			if e.kind() == "button" && str(obj(e.object, "text"), "text") == label {
				if pressed, ok := e.pressed(value); ok {
					return e, pressed, nil
				}
			}
			if e.kind() == "overflow" {
				if pressed, ok := e.pressed([]string{label}); ok {
					return e, pressed, nil
				}
			}
		}
		return element{}, nil, fmt.Errorf("there is no button %q; there are %s", label, strings.Join(labels(bs), ", "))
	})
}

// on finds an element on a surface with the choice, and acts on it.
func (p *Person) on(t Target, choose func(blocks) (element, object, error)) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	p.w.mu.Lock()
	s, err := p.w.surface(u, t)
	if err != nil {
		p.w.mu.Unlock()
		return err
	}
	e, value, err := choose(s.blocks())
	p.w.mu.Unlock()
	if err != nil {
		return err
	}
	return failed(p.w.act(u, t, e.blockID(), e.actionID(), value, nil))
}
