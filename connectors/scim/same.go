package scim

import (
	"slices"
	"strings"
)

// same compares the value of an attribute, or of a part of one, with what is wanted: in whatever form the target writes
// it, and as to what the wanted value names.
func same(path string, seen, wanted any) bool {
	if wanted = assigned(wanted); wanted == nil {
		return assigned(seen) == nil
	}
	switch w := wanted.(type) {
	case []any:
		return sameElements(path, resource{path: seen}.elements(path), w)
	case map[string]any:
		object, isObject := seen.(map[string]any)
		return isObject && sameParts(path, object, w)
	case bool:
		return w == isTrue(path, seen)
	}
	if ignoresCase(path) {
		return strings.EqualFold(scalar(seen), scalar(wanted))
	}
	return scalar(seen) == scalar(wanted)
}

// sameElements compares the values of a multi-valued attribute, in any order.
func sameElements(path string, seen, wanted []any) bool {
	left := slices.Clone(seen)
	for _, element := range wanted {
		i := slices.IndexFunc(left, func(s any) bool { return sameElement(path, s, element) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return len(left) == 0
}

// sameElement compares one value, which both sides may write as an object or as a plain text.
func sameElement(path string, seen, wanted any) bool {
	object, isObject := seen.(map[string]any)
	if parts, ok := wanted.(map[string]any); ok && isObject {
		return sameParts(path, object, parts)
	}
	return same(path+".value", elementValue(seen), elementValue(wanted))
}

// sameParts compares what wanted names; what the target knows besides, such as display or $ref, is its own affair.
func sameParts(path string, seen, wanted map[string]any) bool {
	for name, part := range wanted {
		if !same(path+"."+name, resource(seen).get(name), part) {
			return false
		}
	}
	return true
}

// isTrue reads a boolean that may be written as text. An account that does not say is active; all else is false.
func isTrue(path string, value any) bool {
	if value == nil {
		return strings.EqualFold(path, "active")
	}
	return strings.EqualFold(scalar(value), "true")
}

// ignoresCase names the attributes whose letters' case means nothing (RFC 7643 section 4.1, caseExact false) and which
// targets are known to change. Elsewhere a different case is a correction that somebody wants.
func ignoresCase(path string) bool {
	path = strings.ToLower(path)
	return path == "username" || path == "emails.value" || strings.HasSuffix(path, ".type")
}
