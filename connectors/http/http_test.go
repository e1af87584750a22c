package http_test

import (
	"cmp"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	usherhttp "github.com/usherhq/usher/connectors/http"
)

// declaring is the connector with declared endpoints, for the conformance suite.
type declaring struct{ endpoints []any }

func (d declaring) registry(deps connectors.Deps) *connectors.Registry {
	return connectors.NewRegistry(usherhttp.Connector{}).WithDeps(connectortest.WithTemplates(deps))
}

func (d declaring) Info() connectors.Info {
	info, err := d.registry(connectors.Deps{}).Describe("desk", "http", nil, d.endpoints)
	if err != nil {
		panic(err)
	}
	return info
}

func (d declaring) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	return d.registry(deps).Open("desk", "http", settings, d.endpoints)
}

// TestConformance is the suite that every connector passes, over declared calls.
func TestConformance(t *testing.T) {
	t.Parallel()
	_, address := newDesk(t)
	connectortest.Run(t, connectortest.Suite{
		Connector: declaring{declared()}, Settings: settings(t, address), Secrets: []string{token}, Subject: ana,
		Pairs: []connectortest.Pair{{
			Name: "a ticket", Do: connectortest.Step{Endpoint: "open_ticket", Target: "Editors"}, Undo: connectortest.Step{Endpoint: "close_ticket"},
		}, {
			Name: "a ticket of another name",
			Do:   connectortest.Step{Endpoint: "open_ticket", Args: map[string]any{"key": "a b/c?d#e%f", "title": `"}`}},
			Undo: connectortest.Step{Endpoint: "close_ticket", Args: map[string]any{"key": "a b/c?d#e%f"}},
		}},
	})
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry := connectors.NewRegistry(usherhttp.Connector{})
	for name, tc := range map[string]struct {
		change map[string]any
		want   string
	}{
		"no address":       {map[string]any{"base_url": "desk"}, `setting "base_url": an address such as`},
		"password in it":   {map[string]any{"base_url": "https://a:pass@desk"}, `setting "base_url": a user or password`},
		"query in it":      {map[string]any{"base_url": "https://desk/?key=1"}, `setting "base_url": only scheme, host and path`},
		"other auth":       {map[string]any{"auth": "digest"}, `"digest" is none of bearer, basic, header`},
		"no header":        {map[string]any{"auth": "header"}, "the name of the header"},
		"header without":   {map[string]any{"header": "X-Key"}, "header is for auth: header only"},
		"no user":          {map[string]any{"auth": "basic"}, "the token is user:password"},
		"secret in header": {map[string]any{"headers": map[string]any{"X-Api-Key": "s3cret"}}, "would hold a secret"},
		"bad header":       {map[string]any{"headers": map[string]any{"X Y": "a"}}, "no name of a header"},
		"own header":       {map[string]any{"headers": map[string]any{"host": "a"}}, "set by the transport"},
		"broken header":    {map[string]any{"headers": map[string]any{"X-A": "a\r\nX-B: b"}}, "line break"},
		"health":           {map[string]any{"health_path": "health"}, `setting "health_path"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := settings(t, "https://desk.example.com/api")
			for key, value := range tc.change {
				given[key] = value
			}
			_, err := registry.Open("desk", "http", given, nil)
			require.ErrorContains(t, err, "provider desk: ")
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "pass@")
			require.NotContains(t, err.Error(), "s3cret")
		})
	}
}

// TestSigningIn checks what reaches the target for each way of signing in.
func TestSigningIn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		secret       string
		settings     map[string]any
		header, want string
	}{
		"bearer": {"abc", nil, "Authorization", "Bearer abc"},
		"basic":  {"ana:pa:ss", map[string]any{"auth": "basic"}, "Authorization", "Basic YW5hOnBhOnNz"},
		"header": {"abc", map[string]any{"auth": "header", "header": "x-api-key"}, "X-Api-Key", "abc"},
		"fixed":  {"abc", map[string]any{"headers": map[string]any{"X-Tenant": 7}}, "X-Tenant", "7"},
		"kept":   {"abc", map[string]any{"auth": "header", "header": "X-Tenant", "headers": map[string]any{"X-Tenant": 7}}, "X-Tenant", "abc"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, address := newDesk(t)
			given := map[string]any{"base_url": address + "/", "token": "env:ANY"}
			for key, value := range tc.settings {
				given[key] = value
			}
			deps := connectors.Deps{Secret: func(string) (string, error) { return tc.secret, nil }}
			provider, err := connectors.NewRegistry(usherhttp.Connector{}).WithDeps(deps).Open("desk", "http", given, nil)
			require.NoError(t, err)
			require.Error(t, provider.Check(t.Context()), "the desk knows another token")
			d.with(func() { require.Equal(t, tc.want, d.seen[0].Header.Get(tc.header)) })
		})
	}
}

// TestCheckSaysHowToMend is for `usher doctor`.
func TestCheckSaysHowToMend(t *testing.T) {
	t.Parallel()
	answering := func(status int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(status); return true }
	}
	for name, tc := range map[string]struct {
		health string
		status int
		want   string
	}{
		"well":                  {"/health?deep=1", 200, ""},
		"wrong path":            {"/health", 404, "nothing at health_path"},
		"no health path, 404":   {"", 404, ""},
		"no health path, 401":   {"", 401, "check the provider's token"},
		"no health path, 403":   {"", 403, "what the provider's token may do"},
		"no health path, fails": {"", 500, "call base_url: the target answered 500"},
		"fails":                 {"/health", 503, "call health_path: the target answered 503"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, address := newDesk(t)
			d.with(func() { d.before = answering(tc.status) })
			given := settings(t, address)
			given["health_path"] = tc.health
			provider, err := connectors.NewRegistry(usherhttp.Connector{}).Open("desk", "http", given, nil)
			require.NoError(t, err)
			if err = provider.Check(t.Context()); tc.want == "" {
				require.NoError(t, err)
				d.with(func() { require.Equal(t, cmp.Or(tc.health, "/"), d.seen[0].URL.RequestURI()) })
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), token)
		})
	}
}
