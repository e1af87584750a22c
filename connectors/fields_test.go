package connectors_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

var fields = []connectors.Field{
	{Name: "group", Type: connectors.TypeString, Required: true, Doc: "which group"},
	{Name: "force", Type: connectors.TypeBool},
	{Name: "count", Type: connectors.TypeInt},
	{Name: "more", Type: connectors.TypeMap},
	{Name: "what", Type: connectors.TypeAny},
}

func TestArgumentsThatFit(t *testing.T) {
	t.Parallel()
	for name, args := range map[string]map[string]any{
		"plain":        {"group": "a", "force": true, "count": 3, "more": map[string]any{"a": 1}, "what": []any{1}},
		"as text":      {"group": "a", "force": "false", "count": "-3"},
		"from JSON":    {"group": "a", "count": 3.0},
		"null":         {"group": "a", "force": nil},
		"placeholders": {"group": "{{ entitlement.target }}", "force": "{{ find.active }}", "count": "{{ n }}", "more": "{{ m }}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, connectors.CheckArgs(fields, args))
		})
	}
}

func TestArgumentsThatDoNotFit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args map[string]any
		want string
	}{
		"missing":     {map[string]any{}, `argument "group" is missing: which group`},
		"blank":       {map[string]any{"group": ""}, `argument "group" is missing`},
		"wrong name":  {map[string]any{"group": "a", "groop": "b"}, `unknown argument "groop": known are group, force, count, more, what`},
		"no text":     {map[string]any{"group": 3}, `argument "group" must be of type string`},
		"no boolean":  {map[string]any{"group": "a", "force": "yes"}, `argument "force" must be of type bool`},
		"no integer":  {map[string]any{"group": "a", "count": 1.5}, `argument "count" must be of type int`},
		"no map":      {map[string]any{"group": "a", "more": "x"}, `argument "more" must be of type map`},
		"text number": {map[string]any{"group": "a", "count": "many"}, `argument "count" must be of type int`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, connectors.CheckArgs(fields, tc.args), tc.want)
		})
	}
	require.ErrorContains(t, connectors.CheckArgs(nil, map[string]any{"a": 1}), "known are none")
}

func TestCallText(t *testing.T) {
	t.Parallel()
	call := connectors.Call{Args: map[string]any{"a": " x ", "b": "", "c": nil, "d": 7}}
	require.Equal(t, "x", call.Text("a", "f"))
	require.Equal(t, "f", call.Text("b", "f"))
	require.Equal(t, "f", call.Text("c", "f"))
	require.Equal(t, "7", call.Text("d", "f"))
	require.Equal(t, "f", call.Text("e", "f"))
}

func TestRedactGoesDeep(t *testing.T) {
	t.Parallel()
	facts := map[string]any{
		"id": "1", "Password": "p", "nested": map[string]any{"apiKey": "k", "ok": true},
		"list": []any{map[string]any{"client_secret": "s"}, "x"}, "tokens": []any{"a"},
	}
	require.Equal(t, map[string]any{
		"id": "1", "Password": connectors.Redacted, "nested": map[string]any{"apiKey": connectors.Redacted, "ok": true},
		"list": []any{map[string]any{"client_secret": connectors.Redacted}, "x"}, "tokens": connectors.Redacted,
	}, connectors.Redact(facts))
	require.Equal(t, "p", facts["Password"], "the original stays")
	require.Nil(t, connectors.Redact(nil))
}
