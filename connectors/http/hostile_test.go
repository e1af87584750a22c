package http_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	usherhttp "github.com/usherhq/usher/connectors/http"
	"github.com/usherhq/usher/connectors/scim"
)

// everywhere puts one argument into each place of a request.
func everywhere(base string) []any {
	declaration := map[string]any{
		"name": "put_it", "effect": "grants", "method": "PUT", "idempotency_header": "Idempotency-Key",
		"args": map[string]any{
			"segment": map[string]any{"default": "s"}, "parameter": map[string]any{"type": "any", "default": "p"},
			"header": map[string]any{"default": "h"}, "body": map[string]any{"type": "any", "default": "b"},
		},
		"path": "/a/{{ args.segment }}/b-{{ args.segment }}", "query": map[string]any{"q": "{{ args.parameter }}", "fixed": 7},
		"headers": map[string]any{"X-It": "x {{ args.header }}"}, "body": map[string]any{"in": []any{"{{ args.body }}", "a {{ args.body }} b"}},
	}
	if base != "" {
		declaration["base_url"] = base
	}
	return []any{declaration}
}

// TestValuesStayInTheirPlace sends hostile texts: each arrives as the value that it is.
func TestValuesStayInTheirPlace(t *testing.T) {
	t.Parallel()
	for _, nasty := range []string{
		"a/b", "a?b=c&d", "a#b", "a%2e%2e%2fb", "a;b", "a b+c", `"},"x":{"y":"`, "{{ target }}", "ä\u2028", "a\\b", "...", "..a", `<&>'"`,
	} {
		t.Run(nasty, func(t *testing.T) {
			t.Parallel()
			d, address := newDesk(t)
			d.with(func() { d.before = noContent })
			result := run(t, open(t, address, everywhere("")), "put_it",
				call(map[string]any{"segment": nasty, "parameter": nasty, "header": nasty, "body": nasty}))
			require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
			d.with(func() {
				require.Len(t, d.seen, 1)
				got := d.seen[0]
				require.Equal(t, "/a/"+nasty+"/b-"+nasty, got.URL.Path)
				require.Equal(t, 3, strings.Count(got.URL.EscapedPath(), "/"), "no segment more")
				require.Equal(t, map[string][]string{"q": {nasty}, "fixed": {"7"}}, map[string][]string(got.URL.Query()))
				require.Equal(t, "x "+nasty, got.Header.Get("X-It"))
				var sent map[string]any
				require.NoError(t, json.Unmarshal([]byte(d.bodies[0]), &sent))
				require.Equal(t, map[string]any{"in": []any{nasty, "a " + nasty + " b"}}, sent)
			})
		})
	}
}

// noContent is a trick: every request is well.
func noContent(w http.ResponseWriter, _ *http.Request) bool {
	w.WriteHeader(http.StatusNoContent)
	return true
}

// TestValuesThatFitNowhere are refused before anything is called.
func TestValuesThatFitNowhere(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("x", 3<<20)
	for name, args := range map[string]map[string]any{
		"up":                      {"segment": ".."},
		"up and on":               {"segment": "../../admin"},
		"up in the middle":        {"segment": "a/../b"},
		"up with backslashes":     {"segment": `a\..\b`},
		"up before a semicolon":   {"segment": "..;/admin"},
		"here":                    {"segment": "./a"},
		"nothing":                 {"segment": " "[1:]},
		"a line break in a path":  {"segment": "a\nb"},
		"a NUL in a path":         {"segment": "a\x00b"},
		"no text in a path":       {"segment": "a\xffb"},
		"a line break in headers": {"header": "a\r\nX-Evil: b"},
		"a lone line feed":        {"header": "a\nb"},
		"a map in a query":        {"parameter": map[string]any{"a": 1}},
		"a map in a list":         {"parameter": []any{"a", map[string]any{"a": 1}}},
		"a long path":             {"segment": huge},
		"a long query":            {"parameter": huge},
		"a long header":           {"header": huge},
		"a long body":             {"body": huge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, address := newDesk(t)
			result := run(t, open(t, address, everywhere("")), "put_it", call(args))
			require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
			d.with(func() { require.Empty(t, d.seen) })
		})
	}
}

// TestQueriesTakeLists repeats a parameter for each element and leaves null out.
func TestQueriesTakeLists(t *testing.T) {
	t.Parallel()
	d, address := newDesk(t)
	provider := open(t, address, everywhere(""))
	run(t, provider, "put_it", call(map[string]any{"parameter": []any{"a", 2.5, true}}))
	d.with(func() { require.Equal(t, []string{"a", "2.5", "true"}, d.seen[0].URL.Query()["q"]) })
}

// elsewhere counts the calls of a server and what signed in there.
func elsewhere(t *testing.T) (address string, calls *[]string) {
	t.Helper()
	calls = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*calls = append(*calls, r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	return server.URL, calls
}

// TestHostsOfOthersGoThroughTheGuard names the host by a placeholder: an internal one is refused unless it is allowed.
func TestHostsOfOthersGoThroughTheGuard(t *testing.T) {
	t.Parallel()
	address, calls := elsewhere(t)
	port := address[strings.LastIndex(address, ":")+1:]
	for name, base := range map[string]string{"a part": "http://{{ args.header }}:" + port, "the whole": "{{ args.header }}"} {
		t.Run(name, func(t *testing.T) {
			for _, allowed := range []string{"", "127.0.0.0/8"} {
				*calls = nil
				networks, err := connectors.ParseNetworks(allowed)
				require.NoError(t, err)
				provider := guarded(t, networks, everywhere(base))
				host := "127.0.0.1"
				if name == "the whole" {
					host = address
				}
				result := run(t, provider, "put_it", call(map[string]any{"header": host}))
				if allowed == "" {
					require.Equal(t, connectors.Refused, result.Outcome)
					require.ErrorContains(t, result.Err, "127.0.0.1 is internal")
					require.ErrorContains(t, result.Err, "USHER_ALLOW_NETWORKS")
					require.Empty(t, *calls)
					continue
				}
				require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
				require.Equal(t, []string{""}, *calls, "the provider's token stays at home")
			}
			for _, bad := range []string{"a/b", "a@b", "a?", "a#", "a:80/", "a\\b", "http://a@b", "file:///etc", "//x", ""} {
				result := run(t, guarded(t, nil, everywhere(base)), "put_it", call(map[string]any{"header": bad}))
				require.Equal(t, connectors.Refused, result.Outcome, bad)
			}
		})
	}
}

func guarded(t *testing.T, networks []netip.Prefix, endpoints []any) connectors.Provider {
	t.Helper()
	client := connectors.NewOutsideClient(networks)
	deps := connectortest.WithTemplates(connectors.Deps{Outside: func() *http.Client { return client }})
	provider, err := connectors.NewRegistry(usherhttp.Connector{}).WithDeps(deps).Open("desk", "http", settings(t, "http://desk.invalid"), endpoints)
	require.NoError(t, err)
	return provider
}

// TestOwnAddressWithItsOwnToken signs in as the declaration says; written out by the operator, it may be internal.
func TestOwnAddressWithItsOwnToken(t *testing.T) {
	t.Parallel()
	address, calls := elsewhere(t)
	list := everywhere(address + "/api")
	list[0].(map[string]any)["token"] = settings(t, "x")["token"]
	require.Equal(t, connectors.Applied, run(t, guarded(t, nil, list), "put_it", call(nil)).Outcome)
	require.Equal(t, []string{"Bearer " + token}, *calls)
}

// TestOtherConnectorsLendTheirClient declares a call at a SCIM provider.
func TestOtherConnectorsLendTheirClient(t *testing.T) {
	t.Parallel()
	d, address := newDesk(t)
	d.with(func() { d.tickets["k"] = "open" })
	deps := connectortest.WithTemplates(connectors.Deps{})
	provider, err := connectors.NewRegistry(scim.Connector{}).WithDeps(deps).Open("drive", "scim", settings(t, address), declared()[2:3])
	require.NoError(t, err)
	require.Equal(t, connectors.Applied, run(t, provider, "read_ticket", call(map[string]any{"key": "k"})).Outcome)
	connectortest.Endpoint(t, provider, "add_user_to_group")
	_, hooked := provider.(connectors.Hooked)
	require.True(t, hooked)
}
