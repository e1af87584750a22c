package scim

import (
	"encoding/base64"
	"strings"
	"time"
)

// sole unwraps a list of one, as old Entra jobs send single values: [{"$ref": …, "value": "x"}].
func sole(a *attribute, value any) any {
	list, ok := value.([]any)
	if !ok || len(list) != 1 {
		return value
	}
	if object, ok := list[0].(map[string]any); ok && a.kind != kindComplex && object["value"] != nil {
		return object["value"]
	}
	if a.kind == kindOpen {
		return value // a list of one text is a list
	}
	return list[0]
}

// coerceAll brings the elements of a multi-valued attribute into their form. A single one may stand without its list.
// The same element twice is one element.
func (a *attribute) coerceAll(value any, where string) ([]any, error) {
	list, many := value.([]any)
	if !many {
		list = []any{value}
	}
	if len(list) > a.mostValues {
		return nil, TooLarge("%s has more than %d values.", where, a.mostValues)
	}
	elements := make([]any, 0, len(list))
	for _, one := range list {
		element, err := a.coerceOne(one, where)
		if err != nil {
			return nil, err
		}
		if element = pruned(element); element != nil {
			elements = append(elements, element)
		}
	}
	elements = a.united(elements)
	if primaries(elements) > 1 {
		return nil, InvalidValue("%s has more than one primary value.", where)
	}
	return elements, nil
}

// coerceOne brings one value into the form of its attribute. Nil is unassigned: null, or what stands for it. Where
// names the attribute in refusals.
func (a *attribute) coerceOne(value any, where string) (any, error) {
	if value == nil {
		return nil, nil //nolint:nilnil // Nil is a value here: unassigned.
	}
	switch a.kind {
	case kindComplex:
		return a.coerceObject(value, where)
	case kindBoolean:
		return coerceBoolean(value, where)
	case kindOpen:
		return a.coerceOpen(value, where)
	default:
		return a.coerceText(value, where)
	}
}

func (a *attribute) coerceText(value any, where string) (any, error) {
	text, ok := value.(string)
	if !ok {
		return nil, InvalidValue("%s must be a text.", where)
	}
	switch {
	case len(text) > a.most:
		return nil, InvalidValue("%s is longer than %d bytes.", where, a.most)
	case strings.ContainsRune(text, 0):
		return nil, InvalidValue("%s contains a NUL character.", where)
	case a.kind == kindBinary && !isBase64(text):
		return nil, InvalidValue("%s must be in base64.", where)
	case a.kind == kindTime && strings.TrimSpace(text) == "":
		return nil, nil //nolint:nilnil // Nil is a value here: unassigned.
	case a.kind == kindTime:
		if _, ok := parseTime(text); !ok {
			return nil, InvalidValue("%s must be a date or a dateTime, such as 2026-11-27 or 2026-11-27T09:00:00Z.", where)
		}
	}
	return text, nil
}

// isBase64 takes what RFC 7643 section 2.3.6 allows, with and without padding, and line breaks.
func isBase64(text string) bool {
	text = strings.TrimRight(strings.Join(strings.Fields(text), ""), "=")
	_, standard := base64.RawStdEncoding.DecodeString(text)
	_, forAddresses := base64.RawURLEncoding.DecodeString(text)
	return standard == nil || forAddresses == nil
}

// coerceBoolean takes texts too: Entra sends "True" and "False".
func coerceBoolean(value any, where string) (any, error) {
	switch v := value.(type) {
	case bool:
		return v, nil
	case string:
		if truth, ok := booleanOf(v); ok {
			return truth, nil
		}
	}
	return nil, InvalidValue("%s must be true or false.", where)
}

func booleanOf(text string) (truth, ok bool) {
	return strings.EqualFold(text, "true"), strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

// coerceObject takes a plain text for an object with that value: a member, a role, a manager. Sub-attributes that are
// null stay in the object as nil, so that a patch can take them away; unknown ones and those that only we may set go.
func (a *attribute) coerceObject(value any, where string) (any, error) {
	if text, ok := value.(string); ok && a.sub("value") != nil {
		if text == "" && !a.multi {
			return nil, nil //nolint:nilnil // Nil is a value here: unassigned.
		}
		value = map[string]any{"value": text}
	}
	given, ok := value.(map[string]any)
	if !ok {
		return nil, InvalidValue("%s must be an object.", where)
	}
	object := make(map[string]any, len(given))
	for name, part := range given {
		sub := a.sub(name)
		if sub == nil || sub.mutability == readOnly {
			continue
		}
		coerced, err := sub.coerceOne(sole(sub, part), where+"."+sub.name)
		if err != nil {
			return nil, err
		}
		object[sub.name] = coerced
	}
	for _, sub := range a.subs {
		if sub.required && (object[sub.name] == nil || object[sub.name] == "") {
			return nil, InvalidValue("%s needs a %s.", where, sub.name)
		}
	}
	return object, nil
}

// pruned takes out what is nil; an object of nothing is nil.
func pruned(value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	kept := make(map[string]any, len(object))
	for name, part := range object {
		if part != nil {
			kept[name] = part
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// parseTime reads an xsd:dateTime or a date. What names no zone is UTC.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
