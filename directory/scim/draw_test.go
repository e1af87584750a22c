package scim_test

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/directory/scim"
)

// words is few, so that generated values meet, and lower-case, so that case does not matter.
var words = []string{"a", "b", "ab", "ana", "o'x", "two words", `q"q`, "zz"}

var drawWord = rapid.SampledFrom(words)

// drawUser is a user as Read would store it. Each element of a multi-valued attribute has a type of its own.
func drawUser(t *rapid.T) scim.Resource {
	r := scim.Resource{
		"id": drawWord.Draw(t, "id"), "userName": drawWord.Draw(t, "userName"), "active": rapid.Bool().Draw(t, "active"),
		"meta": map[string]any{"lastModified": drawTime(t)},
	}
	for _, name := range []string{"title", "nickName", "displayName"} {
		if rapid.Bool().Draw(t, name+"?") {
			r[name] = drawWord.Draw(t, name)
		}
	}
	if rapid.Bool().Draw(t, "name?") {
		r["name"] = map[string]any{"givenName": drawWord.Draw(t, "givenName"), "familyName": drawWord.Draw(t, "familyName")}
	}
	if rapid.Bool().Draw(t, "enterprise?") {
		r[enterprise] = map[string]any{"department": drawWord.Draw(t, "department")}
	}
	for _, name := range []string{"emails", "roles"} {
		var list []any
		for _, kind := range []string{"work", "home", "other"} {
			if rapid.Bool().Draw(t, name+"["+kind+"]?") {
				list = append(list, map[string]any{"type": kind, "value": drawWord.Draw(t, name)})
			}
		}
		if list != nil {
			r[name] = list
		}
	}
	read, err := scim.Read(scim.Users(), []byte(written(t, r)))
	require.NoError(t, err)
	r["schemas"] = read["schemas"]
	return r
}

func drawTime(t *rapid.T) string {
	return fmt.Sprintf("2026-0%d-01T00:00:00Z", rapid.IntRange(1, 9).Draw(t, "month"))
}

// drawFilter joins comparisons in all ways that there are.
func drawFilter(t *rapid.T, depth int, comparison func(*rapid.T) string) string {
	kinds := []string{"one"}
	if depth > 0 {
		kinds = []string{"one", "and", "or", "not", "group"}
	}
	inner := func() string { return drawFilter(t, depth-1, comparison) }
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "and":
		return inner() + " and " + inner()
	case "or":
		return inner() + " or " + inner()
	case "not":
		return "not (" + inner() + ")"
	case "group":
		return "(" + inner() + ")"
	}
	return comparison(t)
}

var (
	allOperators = []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}
	textPaths    = []string{"title", "nickName", "displayName", "name.givenName", "name.familyName", enterprise + ":department", "emails.value", "emails.type", "roles.value", coreUser + ":title"}
)

// drawComparison has all operators. Those paths that a user may lack have no "ne" unless it is asked for.
func drawComparison(t *rapid.T, neOfNothing bool) string {
	switch rapid.IntRange(0, 5).Draw(t, "comparison") {
	case 0:
		return "active " + rapid.SampledFrom([]string{"eq", "ne"}).Draw(t, "operator") + " " + strconv.FormatBool(rapid.Bool().Draw(t, "truth"))
	case 1:
		return "meta.lastModified " + rapid.SampledFrom([]string{"eq", "ne", "gt", "ge", "lt", "le", "sw"}).Draw(t, "operator") + " " + strconv.Quote(drawTime(t))
	case 2:
		return rapid.SampledFrom(textPaths).Draw(t, "path") + " pr"
	case 3:
		return rapid.SampledFrom([]string{"id", "userName"}).Draw(t, "path") + " " + rapid.SampledFrom(allOperators).Draw(t, "operator") + " " + strconv.Quote(drawWord.Draw(t, "value"))
	case 4:
		part := rapid.SampledFrom([]string{"type", "value"}).Draw(t, "part")
		operator := rapid.SampledFrom(allOperators).Draw(t, "operator")
		return fmt.Sprintf("%s[%s %s %q]", rapid.SampledFrom([]string{"emails", "roles"}).Draw(t, "path"), part, operator, drawWord.Draw(t, "value"))
	}
	operators := allOperators
	if !neOfNothing {
		operators = slices.DeleteFunc(slices.Clone(operators), func(operator string) bool { return operator == "ne" })
	}
	return rapid.SampledFrom(textPaths).Draw(t, "path") + " " + rapid.SampledFrom(operators).Draw(t, "operator") + " " + strconv.Quote(drawWord.Draw(t, "value"))
}

func anyComparison(t *rapid.T) string { return drawComparison(t, true) }

// drawOperation is an operation on a user.
func drawOperation(t *rapid.T) map[string]any {
	verb := rapid.SampledFrom([]string{"add", "replace", "remove", "Replace"}).Draw(t, "op")
	kind := rapid.SampledFrom([]string{"work", "home", "other"}).Draw(t, "type")
	list := rapid.SampledFrom([]string{"emails", "roles"}).Draw(t, "list")
	element := map[string]any{"type": kind, "value": drawWord.Draw(t, "element")}
	for _, given := range []struct {
		path  string
		value any
	}{
		{rapid.SampledFrom([]string{"title", "nickName", "displayName", "name.givenName", enterprise + ":department"}).Draw(t, "path"), drawWord.Draw(t, "value")},
		{"active", rapid.SampledFrom([]any{true, false, "True", "False"}).Draw(t, "active")},
		{"name", map[string]any{"familyName": drawWord.Draw(t, "familyName")}},
		{list, []any{element}},
		{list, []any{element, map[string]any{"type": "fourth", "value": drawWord.Draw(t, "fourth"), "primary": rapid.Bool().Draw(t, "primary")}}},
		{fmt.Sprintf("%s[type eq %q].value", list, kind), drawWord.Draw(t, "value")},
		{fmt.Sprintf("%s[type eq %q].primary", list, kind), true},
		{fmt.Sprintf("%s[value eq %q]", list, drawWord.Draw(t, "chosen")), element},
	} {
		if rapid.Bool().Draw(t, "this") {
			return map[string]any{"op": verb, "path": given.path, "value": given.value}
		}
	}
	return map[string]any{"op": "replace", "value": map[string]any{"title": drawWord.Draw(t, "title"), "name.givenName": drawWord.Draw(t, "givenName"), list: []any{element}}}
}
