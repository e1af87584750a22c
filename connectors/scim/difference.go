package scim

import (
	"maps"
	"slices"
	"strings"
)

// difference is one attribute in which an account is not as wanted.
type difference struct {
	// path is as in a PATCH (RFC 7644 section 3.5.2).
	path string
	// value is what is wanted there; nil takes the attribute away. Fresh says that nothing is there yet.
	value any
	fresh bool
}

// operation is the PATCH operation that mends a difference. Each has a path: AWS refuses a value without one that names
// more than one attribute.
func (d difference) operation() any {
	switch {
	case d.value == nil:
		return map[string]any{"op": "remove", "path": d.path}
	case d.fresh:
		return map[string]any{"op": "add", "path": d.path, "value": d.value}
	}
	return map[string]any{"op": "replace", "path": d.path, "value": d.value}
}

// differences lists what an account has otherwise than wanted, in alphabetical order. What wanted does not name is
// never one of them; null, an empty list and absence are the same (RFC 7643 section 2.5), and so is an empty text.
func differences(seen, wanted resource) []difference {
	var all []difference
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		separator := "."
		if isURN(name) {
			separator = ":"
		}
		all = append(all, differ(name, separator, seen.get(name), wanted[name])...)
	}
	return all
}

// differ compares one attribute, and the parts of a complex one by themselves: those that are not named stay. A complex
// attribute that is not there is written whole. The attributes of an extension are each one of their own, since a path
// cannot end with a URN.
func differ(path, separator string, seen, wanted any) []difference {
	parts, isComplex := wanted.(map[string]any)
	there, isThere := seen.(map[string]any)
	if separator == ":" && assigned(wanted) == nil && !isComplex {
		parts, isComplex = emptied(there), true
	}
	if isComplex && (isThere || separator == ":" || len(parts) == 0) {
		var all []difference
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			all = append(all, differ(path+separator+name, ".", resource(there).get(name), parts[name])...)
		}
		return all
	}
	if same(path, seen, wanted) {
		return nil
	}
	return []difference{{path: path, value: assigned(wanted), fresh: assigned(seen) == nil}}
}

// emptied names all parts of a complex attribute to take them away.
func emptied(parts map[string]any) map[string]any {
	none := map[string]any{}
	for name := range parts {
		none[name] = nil
	}
	return none
}

// paths names differences for people.
func paths(all []difference) string {
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.path
	}
	return strings.Join(names, ", ")
}

// isURN reports whether a name is that of a schema, under which an extension's attributes are.
func isURN(name string) bool { return strings.HasPrefix(strings.ToLower(name), "urn:") }

// assigned is a value without its parts that are null or empty; nil if nothing remains.
func assigned(value any) any {
	switch v := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, part := range v {
			if part = assigned(part); part != nil {
				kept[name] = part
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		kept := []any{}
		for _, element := range v {
			if element = assigned(element); element != nil {
				kept = append(kept, element)
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case string:
		if v == "" {
			return nil
		}
	}
	return value
}

// merged is an account with what is wanted put into it, for a PUT. What is as wanted already stays as the target writes
// it. Prefix is the path of the complex attribute that both are the parts of.
func merged(prefix string, seen, wanted resource) resource {
	result := resource{}
	maps.Copy(result, seen)
	for name, value := range wanted {
		there := seen.get(name)
		if parts, isComplex := value.(map[string]any); isComplex {
			object, _ := there.(map[string]any)
			value = map[string]any(merged(prefix+name+".", object, parts))
		} else if same(prefix+name, there, value) {
			continue
		}
		if value = assigned(value); value == nil {
			result = result.without(name)
			continue
		}
		result = result.with(name, value)
	}
	return result
}
