package slack

import (
	"encoding/json"
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

// Type enters text into the field with that label, block id or action id.
func (p *Person) Type(on Target, field, text string) error {
	return p.on(on, func(bs blocks) (element, object, error) {
		e, err := bs.field(field)
		if err != nil {
			return element{}, nil, err
		}
		if stateKeys[e.kind()].key != "value" {
			return element{}, nil, fmt.Errorf("the field %q is a %s and takes no text", field, e.kind())
		}
		return e, object{"type": e.kind(), "value": text}, nil
	})
}

// Select chooses in the field with that label, block id or action id. For lists the choices are texts or values,
// for an external list the app is asked with the first choice as the typed text; dates are YYYY-MM-DD, times
// HH:mm, people and channels ids or names. No choice empties the field.
func (p *Person) Select(on Target, field string, choices ...string) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	p.w.mu.Lock()
	s, err := p.w.surface(u, on)
	if err != nil {
		p.w.mu.Unlock()
		return err
	}
	e, err := s.blocks().field(field)
	p.w.mu.Unlock()
	if err != nil {
		return err
	}
	value, err := p.value(on, e, choices)
	if err != nil {
		return err
	}
	return failed(p.w.act(u, on, e.blockID(), e.actionID(), value, nil))
}

// Fill types or selects, whatever the field is.
func (p *Person) Fill(on Target, field, text string) error {
	var e element
	err := p.see(on, func(bs blocks) (err error) {
		e, err = bs.field(field)
		return err
	})
	if err != nil {
		return err
	}
	if stateKeys[e.kind()].key == "value" {
		return p.Type(on, field, text)
	}
	return p.Select(on, field, text)
}

// Suggest types into an external list and returns what the app offers.
func (p *Person) Suggest(on Target, field, text string) ([]Option, error) {
	u, err := p.user()
	if err != nil {
		return nil, err
	}
	var e element
	err = p.see(on, func(bs blocks) (err error) {
		e, err = bs.field(field)
		return err
	})
	if err != nil {
		return nil, err
	}
	raw, warning, err := p.w.suggest(u, on, e.blockID(), e.actionID(), text, nil)
	if err := failed(warning, err); err != nil {
		return nil, err
	}
	var given suggestions
	if err := json.Unmarshal(raw, &given); err != nil {
		return nil, fmt.Errorf("read the options: %w", err)
	}
	return given.flat(), nil
}

// see looks at the blocks of a surface under the lock.
func (p *Person) see(on Target, look func(blocks) error) error {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u, err := p.found()
	if err != nil {
		return err
	}
	s, err := p.w.surface(u, on)
	if err != nil {
		return err
	}
	return look(s.blocks())
}

// Submit presses the submit button of the view in front.
func (p *Person) Submit(v View) (Result, error) {
	u, err := p.user()
	if err != nil {
		return Result{}, err
	}
	return p.w.submit(u, v.ID, nil)
}

// CloseView presses Cancel on the view in front.
func (p *Person) CloseView(v View) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	return p.w.closeView(u, v.ID, false)
}

// CloseAll presses the X, which closes all modals.
func (p *Person) CloseAll() error {
	u, err := p.user()
	if err != nil {
		return err
	}
	return p.w.closeView(u, "", true)
}
