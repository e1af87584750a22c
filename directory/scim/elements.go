package scim

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// identity is what makes an element of a multi-valued attribute the same as another: its type and value (RFC 7643
// section 2.4), or all of it where it has no value.
func (a *attribute) identity(element any) string {
	object, ok := element.(map[string]any)
	value, isText := object["value"].(string)
	if !ok || !isText {
		return fmt.Sprintf("%#v", element)
	}
	value = a.sub("value").folded(value)
	if a.byValue {
		return value
	}
	kind, _ := object["type"].(string)
	return strings.ToLower(kind) + "\x00" + value
}

// united makes one element of those that are the same; what comes later counts.
func (a *attribute) united(elements []any) []any {
	kept, _ := a.joined(nil, elements)
	return kept
}

// joined adds elements to others, and says at which positions they are then.
func (a *attribute) joined(old, added []any) (all []any, touched []int) {
	all = make([]any, 0, len(old)+len(added))
	at := make(map[string]int, len(old)+len(added))
	put := func(element any) int {
		key := a.identity(element)
		position, there := at[key]
		if !there {
			at[key] = len(all)
			all = append(all, element)
			return len(all) - 1
		}
		all[position] = merged(all[position], element)
		return position
	}
	for _, element := range old {
		put(element)
	}
	for _, element := range added {
		touched = append(touched, put(element))
	}
	return all, touched
}

// merged lays the parts of one object over those of another; a nil part takes away. A new value does not keep the
// address of what the old one named; a new manager would have the old one's.
func merged(old, over any) any {
	parts, ok := over.(map[string]any)
	if !ok {
		return over
	}
	object, _ := old.(map[string]any)
	result := maps.Clone(object)
	if result == nil {
		result = map[string]any{}
	}
	if value, given := parts["value"]; given && !reflect.DeepEqual(value, object["value"]) {
		delete(result, "$ref")
	}
	maps.Copy(result, parts)
	return pruned(result)
}

func isPrimary(element any) bool {
	object, _ := element.(map[string]any)
	primary, _ := object["primary"].(bool)
	return primary
}

func primaries(elements []any) int {
	n := 0
	for _, element := range elements {
		if isPrimary(element) {
			n++
		}
	}
	return n
}

// onePrimary leaves one primary element: of those that were touched the last one, since a new primary takes the place
// of the old (RFC 7644 section 3.5.2).
func onePrimary(elements []any, touched []int) []any {
	if primaries(elements) < 2 {
		return elements
	}
	winner := slices.IndexFunc(elements, isPrimary)
	for _, position := range touched {
		if isPrimary(elements[position]) {
			winner = position
		}
	}
	result := slices.Clone(elements)
	for n, element := range result {
		if n != winner && isPrimary(element) {
			result[n] = merged(element, map[string]any{"primary": false})
		}
	}
	return result
}

// matchesGiven reports whether an element is one that a client listed: the same value and, if the client names one, the
// same type; or, where there is no value, all that the client wrote.
func (a *attribute) matchesGiven(element any, given map[string]any) bool {
	object, _ := element.(map[string]any)
	for name, part := range given {
		if given["value"] != nil && name != "value" && (name != "type" || a.byValue) {
			continue
		}
		if !a.sub(name).same(object[name], part) {
			return false
		}
	}
	return true
}

// same compares two values as the attribute does.
func (a *attribute) same(x, y any) bool {
	one, isText := x.(string)
	other, areTexts := y.(string)
	if isText && areTexts {
		return a.folded(one) == a.folded(other)
	}
	return x == y
}
