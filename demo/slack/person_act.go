package slack

import (
	"encoding/json"
	"fmt"
)

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
// HH:mm, moments Unix seconds, people and channels ids or names. No choice empties the field.
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
