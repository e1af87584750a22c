package target

import (
	"slices"
	"strings"
)

// operators are those of RFC 7644 table 3 that this service provider knows, besides pr.
var operators = []string{"eq", "ne", "co", "sw", "ew"}

// exact reports whether an attribute heeds case (RFC 7643 section 7, caseExact).
func exact(name string) bool {
	last := strings.ToLower(name[strings.LastIndexAny(name, ".:")+1:])
	return slices.Contains([]string{"id", "externalid", "value", "members"}, last) && !strings.HasPrefix(strings.ToLower(name), "emails")
}

// resolve splits a name into the steps that lead to it: a schema's URN, the attribute, its sub-attribute.
func resolve(name string) []string {
	if colon := strings.LastIndex(name, ":"); strings.HasPrefix(strings.ToLower(name), "urn:") && colon > 0 {
		urn, rest := name[:colon], name[colon+1:]
		if strings.EqualFold(urn, userKind.schema) || strings.EqualFold(urn, groupKind.schema) {
			return resolve(rest)
		}
		return append([]string{urn}, strings.Split(rest, ".")...)
	}
	steps := strings.Split(name, ".")
	steps[0] = spell(steps[0])
	return steps
}

// values finds all values of an attribute. A multi-valued attribute without a sub-attribute stands for its "value".
func values(object map[string]any, name string) []any {
	found := []any{object}
	for _, step := range resolve(name) {
		var next []any
		for _, v := range found {
			if o, ok := v.(map[string]any); ok {
				next = append(next, flat(lookup(o, step))...)
			}
		}
		found = next
	}
	for i, v := range found {
		if o, ok := v.(map[string]any); ok && lookup(o, "value") != nil {
			found[i] = lookup(o, "value")
		}
	}
	return found
}

func flat(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return slices.Clone(v)
	}
	return []any{value}
}

// anyElement reports whether an element of a multi-valued attribute fits.
func anyElement(object map[string]any, name string, fits condition) bool {
	for _, element := range flat(lookup(object, spell(name))) {
		if o, ok := element.(map[string]any); ok && fits(o) {
			return true
		}
	}
	return false
}

// compare applies an operator to each value; one that fits is enough, except for ne, which none may contradict.
func compare(found []any, operator string, wanted any, exact bool) bool {
	if operator == "ne" {
		return !compare(found, "eq", wanted, exact)
	}
	return slices.ContainsFunc(found, func(v any) bool {
		have, isText := v.(string)
		want, wantsText := wanted.(string)
		if !isText || !wantsText {
			return operator == "eq" && v == wanted
		}
		if !exact {
			have, want = strings.ToLower(have), strings.ToLower(want)
		}
		switch operator {
		case "co":
			return strings.Contains(have, want)
		case "sw":
			return strings.HasPrefix(have, want)
		case "ew":
			return strings.HasSuffix(have, want)
		}
		return have == want
	})
}
