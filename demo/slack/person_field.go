package slack

import (
	"fmt"
	"strconv"
	"strings"
)

// field finds an element that holds a value by the label of its input block, by block id or by action id.
func (bs blocks) field(name string) (element, error) {
	for _, e := range bs.elements() {
		if _, ok := stateKeys[e.kind()]; !ok {
			continue
		}
		if name == e.label() || name == e.blockID() || name == e.actionID() {
			return e, nil
		}
	}
	return element{}, fmt.Errorf("there is no field %q; there are %s", name, strings.Join(fieldLabels(bs), ", "))
}

// label is what a person reads beside the element.
func (e element) label() string {
	if e.isInput {
		return str(obj(e.block, "label"), "text")
	}
	if text := obj(e.object, "text"); text != nil {
		return str(text, "text")
	}
	return str(obj(e.block, "text"), "text")
}

func fieldLabels(bs blocks) []string {
	var names []string
	for _, e := range bs.elements() {
		if _, ok := stateKeys[e.kind()]; ok {
			names = append(names, fmt.Sprintf("%q", e.label()))
		}
	}
	return names
}

// labels lists the visible labels of buttons and overflow entries.
func labels(bs blocks) []string {
	names := []string{}
	for _, e := range bs.elements() {
		switch e.kind() {
		case "button":
			names = append(names, str(obj(e.object, "text"), "text"))
		case "overflow":
			for _, o := range e.options() {
				names = append(names, str(obj(o, "text"), "text"))
			}
		}
	}
	return names
}

// value makes what an element yields out of a person's choices.
func (p *Person) value(on Target, e element, choices []string) (object, error) {
	key := stateKeys[e.kind()]
	many := strings.HasPrefix(e.kind(), "multi_") || e.kind() == "checkboxes"
	items := []any{}
	for _, choice := range choices {
		item, err := p.choice(on, e, choice)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	out := object{"type": e.kind(), key.key: key.empty}
	switch {
	case many:
		out[key.key] = items
	case len(items) > 0:
		out[key.key] = items[0]
	}
	return out, nil
}

// choice makes one choice: an option, an id, a date or a time.
func (p *Person) choice(on Target, e element, choice string) (any, error) {
	switch e.kind() {
	case "external_select", "multi_external_select":
		offered, err := p.Suggest(on, e.actionID(), choice)
		if err != nil {
			return nil, err
		}
		return pick(e, offered, choice)
	case "users_select", "multi_users_select":
		if u, ok := p.w.User(choice); ok {
			return u.ID, nil
		}
		return nil, fmt.Errorf("there is no person %q to choose", choice)
	case "channels_select", "conversations_select", "multi_channels_select", "multi_conversations_select":
		if id := p.w.ChannelID(choice); id != "" {
			return id, nil
		}
		return nil, fmt.Errorf("there is no channel %q to choose", choice)
	case "datepicker", "timepicker":
		return choice, nil
	case "datetimepicker":
		unix, err := strconv.ParseInt(choice, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the field %q takes seconds since 1970, not %q", e.label(), choice)
		}
		return unix, nil
	}
	var offered []Option
	for _, o := range e.options() {
		offered = append(offered, newOption(o, ""))
	}
	return pick(e, offered, choice)
}

func pick(e element, offered []Option, choice string) (any, error) {
	var names []string
	for _, o := range offered {
		if o.Text == choice || o.Value == choice {
			return o.object, nil
		}
		names = append(names, fmt.Sprintf("%q", o.Text))
	}
	return nil, fmt.Errorf("the field %q does not offer %q; it offers %s", e.label(), choice, strings.Join(names, ", "))
}
