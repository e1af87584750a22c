package target

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFilter feeds the filter parser: whatever it accepts can be applied to anything.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{`userName eq "a"`, `emails[type eq "work"].value`, `not (a pr) or b co "c" and d eq true`, `((`, `a eq -1e9`, `urn:a:b:c.d pr`, "a eq \"\\u0000\"]"} {
		f.Add(seed)
	}
	object := map[string]any{"userName": "a", "emails": []any{map[string]any{"value": "x"}, "y", nil}, "active": true, "name": map[string]any{"a": 1.0}}
	f.Fuzz(func(t *testing.T, text string) {
		fits, err := parseFilter(text)
		if err != nil {
			require.Equal(t, "invalidFilter", err.kind)
			return
		}
		first := fits(object)
		fits(nil)
		require.Equal(t, first, fits(object))
	})
}

// FuzzPatch feeds PATCH: the resource is changed as a whole or not at all, and stays a resource that can be written.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`[{"op":"add","path":"members","value":[{"value":"1"}]}]`, `[{"op":"remove","path":"members[value eq \"1\"]"}]`,
		`[{"op":"replace","value":{"name.givenName":"x","emails":"y"}}]`, `[{"op":"replace","path":"emails[type eq \"work\"].value","value":1}]`,
		`[{"op":"add","path":".","value":1}]`, `[{"op":"remove","path":"emails[","value":null}]`, `[{"op":"add","path":"urn:x:y","value":{}}]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var operations []operation
		if json.Unmarshal([]byte(text), &operations) != nil {
			return
		}
		before := resource{"userName": "a", "emails": []any{map[string]any{"value": "x", "type": "work"}}, "members": []any{map[string]any{"value": "1"}}}
		kept := before.copied()
		after, err := patched(before, operations)
		require.Equal(t, kept, before, "the old resource stays as it was")
		if err != nil {
			require.Nil(t, after)
			return
		}
		_, jsonErr := json.Marshal(after)
		require.NoError(t, jsonErr)
	})
}
