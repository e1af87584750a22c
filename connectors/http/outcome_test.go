package http_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
)

func run(t *testing.T, provider connectors.Provider, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	result := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, endpoint), call)
	connectortest.RequireNoSecret(t, result, []string{token})
	return result
}

// TestLostAnswersAreLookedUp cuts the connection after the change was made, and before it.
func TestLostAnswersAreLookedUp(t *testing.T) {
	t.Parallel()
	d, address := newDesk(t)
	provider := open(t, address, declared())
	d.with(func() { d.after = lose })
	result := run(t, provider, "open_ticket", call(nil))
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Equal(t, map[string]any{"exists": true, "id": int64(9007199254740993), "url": "https://desk.example.com/ana@example.com"}, result.Output)
	d.with(func() { require.Equal(t, 1, d.made) })
	require.Equal(t, connectors.Applied, run(t, provider, "close_ticket", call(nil)).Outcome)

	d.with(func() { d.after, d.before = nil, lose })
	result = run(t, provider, "open_ticket", call(nil))
	require.Equal(t, connectors.Unknown, result.Outcome, "it may still be on its way")
	d.with(func() { d.before = nil })
	settling := call(nil)
	settling.Settle = true
	require.Equal(t, connectors.Applied, run(t, provider, "open_ticket", settling).Outcome)
	d.with(func() { require.Equal(t, map[string]string{"ana@example.com": "open"}, d.tickets) })
	d.with(func() { require.Equal(t, 3, d.made, "opened, closed, opened") })
}

// TestOutputsOfTheCallAndOfItsCheck go together; where both name one, the check knows better. A call that was not made
// has only those of the check.
func TestOutputsOfTheCallAndOfItsCheck(t *testing.T) {
	t.Parallel()
	_, address := newDesk(t)
	list := declared()
	list[0].(map[string]any)["outputs"] = map[string]any{"status": "{{ response.status }}", "id": "of the call"}
	provider := open(t, address, list)
	known := map[string]any{"exists": true, "id": int64(9007199254740993), "url": "https://desk.example.com/ana@example.com"}
	require.Equal(t, known, without(run(t, provider, "open_ticket", call(nil)).Output, "status", int64(201)))
	result := run(t, provider, "open_ticket", call(nil))
	require.Equal(t, connectors.Already, result.Outcome)
	require.Equal(t, known, result.Output)
}

// without takes an output out that must be there with this value.
func without(output map[string]any, name string, value any) map[string]any {
	if output[name] != value {
		return nil
	}
	delete(output, name)
	return output
}

// TestIdempotencyKeysSettleWhatCannotBeRead sends the same call with the same key until its answer arrives.
func TestIdempotencyKeysSettleWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	d, address := newDesk(t)
	provider := open(t, address, declared())
	endpoint := connectortest.Endpoint(t, provider, "page_somebody")
	require.Contains(t, endpoint.Doc, "Nothing can be read back")
	d.with(func() { d.after = lose })
	require.Equal(t, connectors.Unknown, run(t, provider, "page_somebody", call(nil)).Outcome)
	settling := call(nil)
	settling.Settle = true
	require.Equal(t, connectors.Unknown, run(t, provider, "page_somebody", settling).Outcome, "lost again")
	d.with(func() { d.after = nil })
	result := run(t, provider, "page_somebody", settling)
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Equal(t, map[string]any{"id": int64(9007199254740993), "type": "application/json"}, result.Output)
	d.with(func() { require.Equal(t, []string{"scr_1", "scr_1", "scr_1"}, d.keys) })
	d.with(func() { require.Equal(t, 1, d.made, "one page for three attempts") })

	state, err := connectors.Plan(t.Context(), endpoint, call(nil))
	require.NoError(t, err)
	require.False(t, state.Done)
	d.with(func() { require.Len(t, d.seen, 3, "a plan calls nothing") })
	keyless := call(nil)
	keyless.IdempotencyKey = ""
	require.Equal(t, connectors.Refused, run(t, provider, "page_somebody", keyless).Outcome)
	d.with(func() { require.Len(t, d.seen, 3) })
}

// TestAnswersOfTheTarget goes through what a target may answer to a read, a check and a write.
func TestAnswersOfTheTarget(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		endpoint string
		trick    func(w http.ResponseWriter, r *http.Request)
		outcome  connectors.Outcome
		want     string
	}{
		"check refused":           {"open_ticket", answer(403, `{"message":"not you"}`), connectors.Refused, "not you"},
		"check fails":             {"open_ticket", answer(500, ""), connectors.Transient, "500"},
		"check limited":           {"open_ticket", answer(429, ""), connectors.Transient, "429"},
		"check answers no JSON":   {"open_ticket", answer(200, "<html>"), connectors.Refused, "done: response.body.state"},
		"check lacks an output":   {"open_ticket", answer(200, `{"state":"open"}`), connectors.Refused, "output id"},
		"check in another form":   {"open_ticket", answer(200, `[]`), connectors.Refused, "check: done"},
		"write refused":           {"open_ticket", onWrite(422, `{"errors":[{"detail":"no such queue"}]}`), connectors.Refused, "no such queue"},
		"write not a success":     {"open_ticket", onWrite(202, `{}`), connectors.Unknown, "202 Accepted, which is not among success"},
		"write fails":             {"open_ticket", onWrite(500, token), connectors.Unknown, "500"},
		"write limited":           {"open_ticket", onWrite(503, ""), connectors.Transient, "503"},
		"redirected write":        {"open_ticket", onWrite(307, ""), connectors.Refused, "leads to another address"},
		"claims without doing":    {"open_ticket", onWrite(201, "{}"), connectors.Unknown, "does not show"},
		"no check, no output":     {"page_somebody", onWrite(201, `{"key":"x"}`), connectors.Unknown, "its answer is not as expected"},
		"no check, too much":      {"page_somebody", onWrite(200, `{"id":"`+strings.Repeat("x", 2<<20)+`"}`), connectors.Unknown, "larger than 1 MB"},
		"read":                    {"read_ticket", answer(200, `{"state":"a","nested":{"token":"x","echo":"`+token+`"}}`), connectors.Applied, "answered 200"},
		"read refused":            {"read_ticket", answer(404, `{"title":"gone"}`), connectors.Refused, "gone"},
		"read fails":              {"read_ticket", answer(502, ""), connectors.Transient, "502"},
		"read too much":           {"read_ticket", answer(200, strings.Repeat("x", 2<<20)), connectors.Refused, "larger than 1 MB"},
		"read too much to keep":   {"read_ticket", answer(200, `{"state":"`+strings.Repeat("x", 80<<10)+`"}`), connectors.Refused, "larger than 64 KB"},
		"read without the output": {"read_ticket", answer(200, `{}`), connectors.Refused, "output state"},
		"read no JSON":            {"read_ticket", answer(200, "{} {}"), connectors.Refused, "output state"},
		"read not even text":      {"read_ticket", answer(200, "\xff"), connectors.Refused, "output state"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, address := newDesk(t)
			d.with(func() {
				d.before = func(w http.ResponseWriter, r *http.Request) bool {
					wrapped := &watched{ResponseWriter: w}
					tc.trick(wrapped, r)
					return wrapped.used
				}
			})
			args := map[string]any{}
			if tc.endpoint == "read_ticket" {
				args["key"] = "k"
			}
			result := run(t, open(t, address, declared()), tc.endpoint, call(args))
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, tc.want)
		})
	}
}

// watched notices whether an answer was written.
type watched struct {
	http.ResponseWriter
	used bool
}

func (w *watched) WriteHeader(status int) {
	w.used = true
	w.ResponseWriter.WriteHeader(status)
}

func answer(status int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func onWrite(status int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			answer(status, body)(w, r)
		}
	}
}
