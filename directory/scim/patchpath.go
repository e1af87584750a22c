package scim

import (
	"slices"
	"strings"
)

// path reads where an operation points: a place, with a filter in brackets or without.
func (t *Type) path(text string) (operation, standing, error) {
	name, _, _ := strings.Cut(text, "[")
	at, is := t.place(strings.TrimSpace(name))
	if is == foreign {
		return operation{path: text}, is, nil
	}
	if is == malformed || len(text) > mostFilter {
		return operation{}, malformed, InvalidPath("%s is no path of an attribute.", quoted(text))
	}
	op := operation{at: at, path: text}
	if !strings.Contains(text, "[") || is == strange {
		return op, is, nil
	}
	if at.attr == nil || !at.attr.multi || at.attr.kind != kindComplex || at.sub != nil {
		return op, is, InvalidPath("%s has no elements to choose from.", quoted(name))
	}
	p, err := newParser(t, text)
	if err == nil {
		err = p.advance()
	}
	if err != nil {
		return op, is, err
	}
	if op.where, err = p.brackets(at); err != nil {
		return op, is, err
	}
	if part, dotted := p.dotted(); dotted {
		found, err := p.part(at, part)
		if err != nil {
			return op, is, err
		}
		if op.at.sub = found.attr; found.attr == nil {
			is = strange
		}
	}
	if p.next.kind != tokenEnd {
		return op, is, InvalidPath("%s is no path of an attribute.", quoted(text))
	}
	return op, is, nil
}

// changeable refuses paths to what does not exist, and to what clients may not change (RFC 7644 section 3.5.2).
func changeable(op operation, is standing, does verb) error {
	if is == strange {
		return InvalidPath("There is no attribute %s.", quoted(op.path))
	}
	at := op.at
	fixed := at.attr.mutability == readOnly || at.sub != nil && at.sub.mutability != readWrite
	switch {
	case at.attr.returned == always && at.attr.multi:
		return nil // schemas
	case fixed:
		return Mutability("%s cannot be changed.", at)
	case does == verbRemove && at.attr.required:
		return Mutability("%s is required and cannot be removed.", at)
	}
	return nil
}

// operations makes one operation of each key of an object; keys are paths. Names that we do not have, and those that
// only we may set, are left out.
func (t *Type) operations(does verb, object map[string]any) ([]operation, error) {
	return t.operationsIn(does, object, "")
}

func (t *Type) operationsIn(does verb, object map[string]any, prefix string) ([]operation, error) {
	var all []operation
	for _, key := range ordered(object) {
		op, is, err := t.path(prefix + key)
		if is != known {
			continue
		}
		if err != nil {
			return nil, err
		}
		value := object[key]
		if op.at.attr == nil {
			more, err := t.extension(does, op, value)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
			continue
		}
		if changeable(op, is, verbReplace) != nil {
			continue
		}
		op.verb = does
		if op.value, _, err = op.coerce(value); err != nil {
			return nil, err
		}
		if op.at.leaf().returned == byDefault {
			all = append(all, op)
		}
	}
	return all, nil
}

// extension reads the object that stands under a URN. Null takes the extension away.
func (t *Type) extension(does verb, op operation, value any) ([]operation, error) {
	if object, ok := value.(map[string]any); ok {
		return t.operationsIn(does, object, op.at.schema.urn+":")
	}
	if value != nil {
		return nil, InvalidValue("%s must be an object.", op.at.schema.urn)
	}
	if does != verbReplace || !op.at.schema.extension {
		return nil, nil
	}
	op.verb = verbRemove
	return []operation{op}, nil
}

// ordered is the keys of an object in an order that is always the same, whole attributes before their parts.
func ordered(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return strings.Compare(strings.ToLower(a)+"\x00"+a, strings.ToLower(b)+"\x00"+b)
	})
	return keys
}

// coerce brings the value of an operation into the form that its place has: elements for a multi-valued attribute as a
// whole, one object for chosen elements. Given reports that there is a list, even an empty one.
func (op operation) coerce(value any) (coerced any, given bool, err error) {
	where := op.at.String()
	attr := op.at.attr
	switch {
	case op.at.sub != nil:
		coerced, err = op.at.sub.coerceOne(sole(op.at.sub, value), where)
	case !attr.multi || op.where != nil:
		coerced, err = attr.coerceOne(sole(attr, value), where)
	case value != nil:
		coerced, err = attr.coerceAll(value, where)
		return coerced, true, err
	}
	return coerced, false, err
}
