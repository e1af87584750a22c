package scim

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// Changed lists what differs between two states of a resource, by path: "userName", "name.givenName", "emails[work]",
// "emails[work].primary", "urn:…:User:department". A path that one of the maps lacks had no value there. Elements
// without a type share the attribute's own path; where a path has several values, they are a sorted list. What the
// server sets, members of groups and the order of elements do not count.
func Changed(t *Type, before, after Resource) (old, now map[string]any) {
	old, now = t.flat(before), t.flat(after)
	for path, value := range old {
		if reflect.DeepEqual(value, now[path]) {
			delete(old, path)
			delete(now, path)
		}
	}
	return old, now
}

// flat is all values of a resource by path.
func (t *Type) flat(r Resource) map[string]any {
	values := map[string][]any{}
	for _, s := range t.schemas {
		for _, a := range s.all() {
			at := place{schema: s, attr: a}
			value := at.box(r)[a.name]
			if a.mutability != readWrite || a == members || value == nil {
				continue
			}
			if !a.multi {
				flatten(values, at.String(), a, value)
				continue
			}
			for _, element := range elements(value) {
				flatten(values, at.String()+typeOf(element), a, element)
			}
		}
	}
	flat := make(map[string]any, len(values))
	for path, several := range values {
		flat[path] = several[0]
		if len(several) > 1 {
			slices.SortFunc(several, compareScalars)
			flat[path] = several
		}
	}
	return flat
}

// typeOf is the part of a path that says which element is meant.
func typeOf(element any) string {
	object, _ := element.(map[string]any)
	kind, _ := object["type"].(string)
	if kind == "" {
		return ""
	}
	return "[" + strings.ToLower(kind) + "]"
}

// flatten adds a value, a list of texts as it is, or the parts of an object. The part called value has the path of the whole; that something is
// not primary is not worth saying.
func flatten(values map[string][]any, path string, a *attribute, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		values[path] = append(values[path], value)
		return
	}
	for _, sub := range a.subs {
		part := object[sub.name]
		switch {
		case part == nil, a.multi && sub.name == "type", sub.name == "primary" && !isPrimary(object):
		case sub.name == "value":
			values[path] = append(values[path], part)
		default:
			values[path+"."+sub.name] = append(values[path+"."+sub.name], part)
		}
	}
}

func compareScalars(a, b any) int {
	one, _ := a.(string)
	other, _ := b.(string)
	return cmp.Compare(one, other)
}
