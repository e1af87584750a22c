package scim

import (
	"maps"
	"strings"
)

// resource is a user or a group as the target wrote it, so that a PUT can give back what we do not know.
type resource map[string]any

// get finds an attribute; names ignore case (RFC 7643 section 2.1).
func (r resource) get(name string) any {
	if value, ok := r[name]; ok {
		return value
	}
	for key, value := range r {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// with is a copy of the resource in which one attribute is replaced.
func (r resource) with(name string, value any) resource {
	copied := maps.Clone(r)
	maps.DeleteFunc(copied, func(key string, _ any) bool { return strings.EqualFold(key, name) })
	copied[name] = value
	return copied
}

// without is a copy of the resource that lacks some attributes.
func (r resource) without(names ...string) resource {
	copied := maps.Clone(r)
	for _, name := range names {
		maps.DeleteFunc(copied, func(key string, _ any) bool { return strings.EqualFold(key, name) })
	}
	return copied
}

func (r resource) id() string { return scalar(r.get("id")) }

func (r resource) text(name string) string { return scalar(r.get(name)) }

// active reads the account's state. Some targets write booleans as text; without the attribute an account is active.
func (r resource) active() bool {
	return !strings.EqualFold(scalar(r.get("active")), "false")
}

// elements reads a multi-valued attribute. Null and absence are the same as empty; a single value counts as a list.
func (r resource) elements(name string) []any {
	switch value := r.get(name).(type) {
	case nil:
		return nil
	case []any:
		return value
	default:
		return []any{value}
	}
}

// elementValue reads the value of one element, which may be an object or a plain text.
func elementValue(element any) string {
	if object, ok := element.(map[string]any); ok {
		return resource(object).text("value")
	}
	return scalar(element)
}

// holds reports whether a multi-valued attribute has an element with this value.
func (r resource) holds(name, value string) bool {
	for _, element := range r.elements(name) {
		if elementValue(element) == value {
			return true
		}
	}
	return false
}

// lacking is a multi-valued attribute without any element of this value. It is never nil, so that JSON shows [].
func (r resource) lacking(name, value string) []any {
	kept := []any{}
	for _, element := range r.elements(name) {
		if elementValue(element) != value {
			kept = append(kept, element)
		}
	}
	return kept
}
