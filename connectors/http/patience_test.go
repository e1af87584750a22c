package http_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// TestTimeoutsOfDeclarations waits as long as the declaration says for a server that never answers: one second here,
// where the client would wait for thirty.
func TestTimeoutsOfDeclarations(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that its client has gone only after the body
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	list := declared()
	list[0].(map[string]any)["check"].(map[string]any)["timeout"] = "1s"
	list[3].(map[string]any)["timeout"] = "1s"
	provider := open(t, server.URL, list)
	for endpoint, want := range map[string]connectors.Outcome{"open_ticket": connectors.Transient, "page_somebody": connectors.Unknown} {
		began := time.Now()
		result := run(t, provider, endpoint, call(nil))
		require.Equal(t, want, result.Outcome, result.Summary)
		require.Less(t, time.Since(began), 20*time.Second)
		require.GreaterOrEqual(t, time.Since(began), time.Second)
	}
}

// TestArgumentsGetTheirType where they were written as text, as placeholders leave them.
func TestArgumentsGetTheirType(t *testing.T) {
	t.Parallel()
	d, address := newDesk(t)
	d.with(func() { d.before = noContent })
	list := everywhere("")
	declaration := list[0].(map[string]any)
	declaration["args"] = map[string]any{
		"n": map[string]any{"type": "int"}, "b": map[string]any{"type": "bool"}, "s": map[string]any{}, "none": map[string]any{}, "m": map[string]any{"type": "map"},
	}
	declaration["path"], declaration["query"], declaration["headers"] = "/x", map[string]any{"none": "{{ args.none }}"}, nil
	declaration["body"] = map[string]any{"n": "{{ args.n }}", "b": "{{ args.b }}", "s": "{{ args.s }}", "none": "{{ args.none }}", "m": "{{ args.m }}"}
	given := map[string]any{"n": "7", "b": "true", "s": "7", "m": map[string]any{"a": 1}}
	require.Equal(t, connectors.Applied, run(t, open(t, address, list), "put_it", call(given)).Outcome)
	d.with(func() {
		require.JSONEq(t, `{"n":7,"b":true,"s":"7","none":null,"m":{"a":1}}`, d.bodies[0])
		require.Empty(t, d.seen[0].URL.RawQuery, "what is null is left out")
	})
}
