package scim_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/directory/scim"
)

// TestFiltersObeyLogic checks what holds for all conditions, whatever they are about.
func TestFiltersObeyLogic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawUser(t)
		holds := func(filter string) bool {
			f, err := scim.ParseFilter(scim.Users(), filter)
			require.NoError(t, err, filter)
			return f.Match(r)
		}
		a, b, c := drawFilter(t, 2, anyComparison), drawFilter(t, 2, anyComparison), drawFilter(t, 1, anyComparison)
		x, y, z := holds(a), holds(b), holds(c)
		require.Equal(t, !x, holds("not ("+a+")"))
		require.Equal(t, x && y, holds("("+a+") and ("+b+")"))
		require.Equal(t, x || y && z, holds("("+a+") or ("+b+") and ("+c+")"))
		require.Equal(t, x && y || z, holds("("+a+") and ("+b+") or ("+c+")"))
		require.Equal(t, x, holds(strings.ReplaceAll(strings.ReplaceAll(a, " eq ", " EQ "), " and ", "  And\t")))
	})
}

// TestEqualitiesAreTrue checks them one by one: whom a filter chooses has them all, and if they are exact, the filter
// chooses everybody who has them.
func TestEqualitiesAreTrue(t *testing.T) {
	t.Parallel()
	var narrowed, exact int
	rapid.Check(t, func(t *rapid.T) {
		r := drawUser(t)
		comparisons := rapid.SampledFrom([]func(*rapid.T) string{anyComparison, func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"userName", "emails.value", "roles[value", "title"}).Draw(t, "path") + " eq " + strconv.Quote(drawWord.Draw(t, "value"))
		}}).Draw(t, "comparisons")
		filter := drawFilter(t, 3, func(t *rapid.T) string {
			one := comparisons(t)
			return one + strings.Repeat("]", strings.Count(one, "[")-strings.Count(one, "]"))
		})
		f, err := scim.ParseFilter(scim.Users(), filter)
		require.NoError(t, err, filter)
		all := true
		for _, equality := range f.Equalities() {
			narrowed++
			all = all && has(r, equality)
		}
		if f.Match(r) {
			require.True(t, all, filter)
		}
		if f.Exact() {
			exact++
			require.NotEmpty(t, f.Equalities())
			require.Equal(t, all, f.Match(r), filter)
		}
	})
	require.Positive(t, narrowed)
	require.Positive(t, exact)
}

// TestMentionsAreTrue checks that whom a filter chooses has all that it says must be mentioned.
func TestMentionsAreTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawUser(t)
		filter := drawFilter(t, 1, func(t *rapid.T) string {
			path, operator := rapid.SampledFrom(textPaths).Draw(t, "path"), rapid.SampledFrom([]string{"co", "sw", "ew", "pr"}).Draw(t, "operator")
			if operator == "pr" {
				return path + " pr"
			}
			return path + " " + operator + " " + strconv.Quote(drawWord.Draw(t, "value")[:1])
		})
		f, err := scim.ParseFilter(scim.Users(), filter)
		require.NoError(t, err, filter)
		if !f.Match(r) {
			return
		}
		text, err := json.Marshal(r)
		require.NoError(t, err)
		for _, mention := range f.Mentions() {
			name := mention.Attribute[strings.LastIndexAny(mention.Attribute, ".:")+1:]
			require.Contains(t, strings.ToLower(string(text)), `"`+name+`":`, filter)
			quoted, err := json.Marshal(mention.Text)
			require.NoError(t, err)
			require.Contains(t, strings.ToLower(string(text)), string(quoted[1:len(quoted)-1]), filter)
		}
	})
	f, err := scim.ParseFilter(scim.Users(), `userName co "a" and title pr`)
	require.NoError(t, err)
	require.Len(t, f.Mentions(), 2, "so that what is checked above is not nothing")
}

// has is a second reading of what an equality says.
func has(r scim.Resource, equality scim.Equality) bool {
	path := strings.TrimPrefix(equality.Attribute, strings.ToLower(enterprise)+":")
	var value any = r
	if path != equality.Attribute {
		value = r[enterprise]
	}
	found := []any{value}
	for name := range strings.SplitSeq(path, ".") {
		var next []any
		for _, one := range found {
			object, _ := one.(map[string]any)
			for key, part := range object {
				if list, many := part.([]any); strings.EqualFold(key, name) && many {
					next = append(next, list...)
				} else if strings.EqualFold(key, name) {
					next = append(next, part)
				}
			}
		}
		found = next
	}
	return slices.ContainsFunc(found, func(one any) bool {
		text, isText := one.(string)
		return isText && strings.EqualFold(text, fmt.Sprint(equality.Value)) || one == equality.Value
	})
}

func parsed(t require.TestingT, kind *scim.Type, list ...map[string]any) *scim.Patch {
	body, err := json.Marshal(map[string]any{"Operations": list})
	require.NoError(t, err)
	p, err := scim.ParsePatch(kind, body)
	require.NoError(t, err, string(body))
	return p
}

// TestPatchesKeepTheRules checks what holds whatever is patched.
func TestPatchesKeepTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawUser(t)
		before := written(t, r)
		p := parsed(t, scim.Users(), rapid.SliceOfN(rapid.Custom(drawOperation), 1, 5).Draw(t, "operations")...)
		after, changed, err := p.Apply(r)
		require.Equal(t, before, written(t, r), "the resource that was given has changed")
		if err != nil {
			requireRefused(t, err, 400, "noTarget")
			require.Nil(t, after)
			return
		}
		require.Equal(t, changed, !reflect.DeepEqual(r, after))
		again, _, err := p.Apply(r)
		require.NoError(t, err)
		require.Equal(t, after, again, "the same patch of the same resource")
		for _, name := range []string{"emails", "roles"} {
			seen, primaries := map[string]bool{}, 0
			list, _ := after[name].([]any)
			for _, one := range list {
				element := one.(map[string]any)
				key := strings.ToLower(fmt.Sprint(element["type"], "\x00", element["value"]))
				require.False(t, seen[key] && element["value"] != nil, "%s twice in %s", key, name)
				seen[key] = true
				if primary, _ := element["primary"].(bool); primary {
					primaries++
				}
			}
			require.LessOrEqual(t, primaries, 1)
		}
		old, now := scim.Changed(scim.Users(), r, after)
		if len(old)+len(now) > 0 {
			require.True(t, changed, "a difference is a change")
		}
		back, _, err := parsed(t, scim.Users(), map[string]any{"op": "replace", "value": r}).Apply(after)
		require.NoError(t, err)
		_, now = scim.Changed(scim.Users(), back, r)
		require.Empty(t, now, "what was there is there again")
	})
}

// TestReplacingTwiceIsReplacingOnce applies one replacement to its own result. One by a filter can be an exception,
// since what it replaces need not be what it chooses.
func TestReplacingTwiceIsReplacingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		operation := rapid.Custom(drawOperation).Filter(func(operation map[string]any) bool {
			path, _ := operation["path"].(string)
			return !strings.Contains(path, "[value")
		}).Draw(t, "operation")
		operation["op"] = "replace"
		p := parsed(t, scim.Users(), operation)
		once, _, err := p.Apply(drawUser(t))
		require.NoError(t, err)
		twice, changed, err := p.Apply(once)
		require.NoError(t, err)
		require.Equal(t, once, twice)
		require.False(t, changed)
	})
}

// TestSelectionsArePartsOfTheWhole checks that to select and to exclude complete each other.
func TestSelectionsArePartsOfTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawUser(t)
		names := rapid.SliceOfN(rapid.SampledFrom([]string{"title", "emails", "name", "active", enterprise, "roles", "meta"}), 1, 4).Draw(t, "names")
		list := strings.Join(names, ",")
		only, err := scim.ParseSelection(scim.Users(), list, "")
		require.NoError(t, err)
		without, err := scim.ParseSelection(scim.Users(), "", list)
		require.NoError(t, err)
		some, others := only.Of(scim.Users(), r), without.Of(scim.Users(), r)
		for name, value := range (scim.Selection{}).Of(scim.Users(), r) {
			_, inSome := some[name]
			_, inOthers := others[name]
			require.Equal(t, name == "id" || name == "schemas", inSome && inOthers, name)
			require.True(t, inSome || inOthers, name)
			if inSome {
				require.Equal(t, value, some[name])
			}
		}
	})
}
