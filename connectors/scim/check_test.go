package scim_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/scim"
)

// TestCheckSaysHowToMend is for `usher doctor`.
func TestCheckSaysHowToMend(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { _, _ = fmt.Fprint(w, "<html>") }
	for name, tc := range map[string]struct {
		trick trick
		want  string
	}{
		"wrong token":   {status(401), "check the provider's token"},
		"weak token":    {status(403), "check what the provider's token may do"},
		"wrong address": {status(404), "it often ends with /scim/v2"},
		"a web page":    {page, "check the provider's base_url"},
		"moved":         {status(301, "Location", "http://other.example/"), "check the provider's base_url"},
		"out of order":  {status(503), "503 Service Unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newBench(t, tc.trick, nil).provider.Check(t.Context())
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), secret)
		})
	}
	require.NoError(t, newBench(t, nil, nil).provider.Check(t.Context()))
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry := connectors.NewRegistry(scim.Connector{})
	for name, tc := range map[string]struct {
		setting string
		value   any
		want    string
	}{
		"no address":       {"base_url", "drive", "an address such as https://"},
		"other scheme":     {"base_url", "ftp://drive/scim", "an address such as https://"},
		"token in address": {"base_url", "https://user:pass@drive/scim", "only scheme, host and path"},
		"query in address": {"base_url", "https://drive/scim?key=1", "only scheme, host and path"},
		"no duration":      {"consistency", "soon", `"soon" is not a duration`},
		"past":             {"consistency", "-1s", `"-1s" is not a duration`},
		"patch":            {"patch", "maybe", `"maybe" is none of auto, on, off`},
		"no boolean":       {"delete_disables", "sometimes", "must be of type bool"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := settings(t, "https://drive.example.com/scim/v2")
			given[tc.setting] = tc.value
			_, err := registry.Open("drive", "scim", given, nil)
			require.ErrorContains(t, err, "provider drive: setting "+fmt.Sprintf("%q", tc.setting))
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "pass@")
		})
	}
}

// TestDeleteThatDisables is Slack's habit: deleting an account only switches it off.
func TestDeleteThatDisables(t *testing.T) {
	t.Parallel()
	disable := onWrites(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodDelete {
			r = disabling(r)
		}
		next.ServeHTTP(w, r)
	})
	b := newBench(t, disable, map[string]any{"delete_disables": true})
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "delete_user", connectors.Call{}).Outcome)
	require.Equal(t, connectors.Already, b.run(t, t.Context(), "delete_user", connectors.Call{}).Outcome)
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "create_user", connectors.Call{}).Outcome)
	b = newBench(t, disable, nil)
	require.Equal(t, connectors.Unknown, b.run(t, t.Context(), "delete_user", connectors.Call{}).Outcome, "without the setting it is not believed")
}

// disabling is a request as a target that never deletes takes it: a PATCH that switches the account off.
func disabling(r *http.Request) *http.Request {
	changed := r.Clone(r.Context())
	changed.Method = http.MethodPatch
	changed.Body = io.NopCloser(strings.NewReader(`{"Operations":[{"op":"replace","path":"active","value":false}]}`))
	return changed
}
