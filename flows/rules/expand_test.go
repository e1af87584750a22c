package rules_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/rules"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ value, want any }{
		"plain text":              {"Editors", "Editors"},
		"no text":                 {7, 7},
		"nothing":                 {nil, nil},
		"one placeholder":         {"{{ entitlement.target }}", "Editors"},
		"without spaces":          {"{{entitlement.target}}", "Editors"},
		"keeps bool":              {"{{ find.exists }}", false},
		"keeps number":            {"{{ size(approvers) }}", int64(1)},
		"keeps decimal":           {"{{ 1.5 }}", 1.5},
		"keeps null":              {"{{ find.none }}", nil},
		"keeps list":              {"{{ find.tags }}", []any{"a", "b"}},
		"keeps map":               {"{{ {'a': {'b': 1}} }}", map[string]any{"a": map[string]any{"b": int64(1)}}},
		"duration":                {"{{ duration }}", "8h"},
		"time":                    {"{{ request.created_at }}", "2026-03-01T08:00:00Z"},
		"odd duration":            {"{{ duration('1.5s') }}", "1.5s"},
		"within text":             {"Hello {{ subject.name }}, {{ duration }} for {{ entitlement.target }}", "Hello Ana Lima, 8h for Editors"},
		"space around keeps text": {" {{ find.count }}", " 2"},
		"two beside each other":   {"{{ 1 }}{{ true }}", "1true"},
		"list in text":            {"tags: {{ find.tags }}", `tags: ["a","b"]`},
		"braces in a literal":     {"{{ '}}' }} {{ \"{{\" }}", "}} {{"},
		"raw literal":             {`{{ r'\' }}x`, `\x`},
		"closing alone":           {"a }} b", "a }} b"},
		"in lists and maps": {
			map[string]any{"to": []any{"{{ subject.email }}", 3}, "deep": map[string]any{"x": "{{ look_up.id }}"}},
			map[string]any{"to": []any{"ana@example.com", 3}, "deep": map[string]any{"x": "x1"}},
		},
		"not expanded twice": {"{{ '{{ subject.' + 'email }}' }}", "{{ subject.email }}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, rules.CheckTemplate(tc.value, rules.Outputs("find", "look-up")...))
			got, err := rules.Expand(tc.value, scope())
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestTemplatesRefused(t *testing.T) {
	t.Parallel()
	deep := any("x")
	for range 100 {
		deep = []any{deep}
	}
	for name, tc := range map[string]struct {
		value any
		want  string
	}{
		"unknown name":   {"Hi {{ subjet.name }}", `placeholder "Hi {{ subjet.name }}", column 7: nothing here is called "subjet" (did you mean "subject"?)`},
		"unknown field":  {"é {{ subject.nme }}", `column 13: there is no field "nme" (did you mean "name"?)`},
		"the second":     {"{{ subject.name }} {{ x }}", `column 23: nothing here is called "x"`},
		"never closed":   {"Hi {{ subject.name }", `column 4: the {{ is never closed by }}`},
		"open quote":     {"{{ 'a }}", `column 1: the {{ is never closed by }}`},
		"empty":          {"{{ }}", `nothing stands between {{ and }}`},
		"in a list":      {[]any{"ok", "{{ nope }}"}, `nothing here is called "nope"`},
		"in a map":       {map[string]any{"a": map[string]any{"b": "{{ nope }}"}}, `nothing here is called "nope"`},
		"a key":          {map[string]any{"{{ subject.name }}": 1}, `a key may not hold placeholders`},
		"too deep":       {deep, `more than 50 times`},
		"a later script": {"{{ later.id }}", `nothing here is called "later"`},
		"a whole person": {"Hi {{ subject }}", `column 6: is a whole person: name the field that you mean`},
		"whole people":   {"{{ approvers }}", `is a whole person`},
		"not CEL":        {"{{ subject.name | upper }}", `is not a valid expression`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, rules.CheckTemplate(tc.value, rules.Outputs("find")...), tc.want)
			_, err := rules.Expand(tc.value, scope())
			require.Error(t, err)
		})
	}
}

func TestExpandWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"{{ find.missing }}":          `placeholder "{{ find.missing }}", column 3: there is no value called missing`,
		"id {{ find.none }}":          `is null, which cannot stand in a text`,
		"{{ b'abc' }}":                `is a bytes, which cannot be written`,
		"{{ type(1) }}":               `is a type, which cannot be written`,
		"{{ {1: 'a'} }}":              `only texts can be keys`,
		"{{ 18446744073709551615u }}": `is too large`,
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			_, err := rules.Expand(value, scope())
			require.ErrorContains(t, err, want)
		})
	}
	_, err := rules.Expand(strings.Repeat("{{ find.big }}", 400), rules.Scope{"find": map[string]any{"big": strings.Repeat("x", 1000)}})
	require.ErrorContains(t, err, "more than 256 KB")
}

func TestExpandLeavesItsArgumentAlone(t *testing.T) {
	t.Parallel()
	value := map[string]any{"list": []any{"{{ subject.name }}"}}
	_, err := rules.Expand(value, scope())
	require.NoError(t, err)
	require.Equal(t, map[string]any{"list": []any{"{{ subject.name }}"}}, value)
}

// FuzzExpand: whatever an administrator writes ends, in an error or in what JSON can hold, and what was found good
// before never turns out to be malformed later.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{
		"", "{{ subject.name }}", "{{ {'a': 1} }}", "{{", "}}", "{{ '}}' }}", "{{ r'\\' }}", "{{ [1,2].map(x, x*x) }}",
		"{{ duration('7d') }}", "x{{ find.tags }}{{ size('é') }}", "{{ \"\"\"a\"b\"\"\" }}", "{{ subject }}", "{{ find }}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checked := rules.CheckTemplate(text, rules.Outputs("find", "look-up")...)
		value, err := rules.Expand(text, scope())
		if checked != nil {
			require.Error(t, err)
			require.NotEmpty(t, checked.Error())
			return
		}
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		if !strings.Contains(text, "{{") {
			require.Equal(t, text, value)
		}
		_, err = json.Marshal(value)
		if f, isFloat := value.(float64); !isFloat || f-f == 0 {
			require.NoError(t, err)
		}
	})
}
