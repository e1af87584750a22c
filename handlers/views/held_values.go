package views

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// attributes are the attributes of SCIM that people look for first, in that order, with what they are called. What has no name
// says nothing that another does not.
var attributes = [][2]string{
	{"displayName", "Name"},
	{"active", "Active"},
	{"title", "Title"},
	{"department", "Department"},
	{"manager.displayName", "Manager"},
	{"manager.value", "Manager"},
	{"manager", "Manager"},
	{"userType", "Employment"},
	{"emails[work]", "E-mail"},
	{"emails", "E-mail"},
	{"userName", "User name"},
	{"externalId", "Id at the source"},
	{"name.givenName", "First name"},
	{"name.familyName", "Last name"},
	{"emails[work].primary", ""},
	{"emails.primary", ""},
	{"schemas", ""},
}

// heldValuesOf are the attributes that a change would change, before and after: those that people look for first.
func heldValuesOf(held *db.HeldChange) []string {
	if held == nil {
		return nil
	}
	names := map[string]bool{}
	for name := range held.Before {
		names[name] = true
	}
	for name := range held.After {
		names[name] = true
	}
	var sorted []string
	for name := range names {
		if called(name) != "" {
			sorted = append(sorted, name)
		}
	}
	if len(sorted) == 0 { // then what says nothing is all there is
		sorted = slices.Collect(maps.Keys(names))
	}
	if len(sorted) == 0 {
		return nil
	}
	slices.SortFunc(sorted, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b)) })
	lines := []string{"*What changes*"}
	for n, name := range sorted {
		if n == heldValues {
			return append(lines, fmt.Sprintf("… and %d more", len(sorted)-n))
		}
		lines = append(lines, "• *"+escape(cmp.Or(called(name), name), 80)+"*: "+becomes(held.Before[name], held.After[name]))
	}
	return lines
}

// becomes writes what a value was and what it is to be; what was nothing is left out.
func becomes(before, after any) string {
	text := written(worth(after), heldValue)
	if was := worth(before); !blank(was) {
		return written(was, heldValue) + " → " + text
	}
	return text
}

// attribute is a SCIM attribute without the URN in front of it, which says nothing to people.
func attribute(path string) string {
	if strings.HasPrefix(path, "urn:") {
		return path[strings.LastIndex(path, ":")+1:]
	}
	return path
}

func place(path string) int {
	n := slices.IndexFunc(attributes, func(one [2]string) bool { return one[0] == attribute(path) })
	if n < 0 {
		return len(attributes)
	}
	return n
}

// called is what people call an attribute; empty is one that is not shown.
func called(path string) string {
	if n := place(path); n < len(attributes) {
		return attributes[n][1]
	}
	return attribute(path)
}

// worth is one value of an attribute as people write it.
func worth(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case bool:
		if value {
			return "yes"
		}
		return "no"
	case []any:
		parts := make([]string, 0, len(value))
		for _, one := range value {
			parts = append(parts, worth(one))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		if inner, is := value["value"]; is {
			return worth(inner)
		}
	}
	return fmt.Sprint(value)
}
