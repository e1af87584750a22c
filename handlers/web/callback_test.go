package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
)

// call sends a callback's body.
func (b *bundle) call(token, body string) answer {
	b.t.Helper()
	return b.post("/callbacks/"+token, "application/json", body)
}

func TestACallbackCountsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.post("/callbacks/good", "application/json; charset=utf-8", `{"status":"done","message":" all\u0007 set ","output":{"id":"x1","deep":[{"n":2}]}}`)
	require.Equal(t, http.StatusOK, got.Status)
	require.JSONEq(t, `{"accepted":true}`, got.Body)
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
	require.Equal(t, []flows.CallbackAnswer{{
		Status: "done", Message: "all set", Output: map[string]any{"id": "x1", "deep": []any{map[string]any{"n": 2.0}}},
	}}, b.callbacks)

	again := b.call("good", `{"status":"failed"}`)
	require.Equal(t, http.StatusGone, again.Status)
	require.Len(t, b.callbacks, 1)
}

func TestCallbacksThatDoNotCount(t *testing.T) {
	t.Parallel()
	const done = `{"status":"done"}`
	for name, tc := range map[string]struct {
		token, body string
		status      int
		want        string
	}{
		"unknown":            {"never", done, 404, `{"error":"unknown"}`},
		"over":               {"over", done, 410, `{"error":"over, or used already"}`},
		"early":              {"early", done, 503, `{"error":"not open yet: try again in a moment"}`},
		"too long a token":   {strings.Repeat("x", 600), done, 404, `{"error":"unknown"}`},
		"refused":            {"self", done, 400, `{"error":"You can't decide on access of your own. Somebody else who was asked has to."}`},
		"no JSON":            {"good", `status=done`, 400, ""},
		"nothing":            {"good", ``, 400, ""},
		"half":               {"good", `{"status":"done"`, 400, ""},
		"null":               {"good", `null`, 400, `{"error":"status must be \"done\" or \"failed\""}`},
		"a list":             {"good", `[` + done + `]`, 400, ""},
		"two":                {"good", done + done, 400, ""},
		"garbage after it":   {"good", done + `,`, 400, ""},
		"no status":          {"good", `{"message":"hi"}`, 400, `{"error":"status must be \"done\" or \"failed\""}`},
		"another status":     {"good", `{"status":"running"}`, 400, `{"error":"status must be \"done\" or \"failed\""}`},
		"another field":      {"good", `{"status":"done","outputs":{}}`, 400, `{"error":"unknown field: known are status, message and output"}`},
		"a number as status": {"good", `{"status":1}`, 400, `{"error":"status is not of the right kind: status and message are texts, output is an object"}`},
		"a list as output":   {"good", `{"status":"done","output":[1]}`, 400, `{"error":"output is not of the right kind: status and message are texts, output is an object"}`},
		"a huge number":      {"good", `{"status":"done","output":{"n":1e999}}`, 400, `{"error":"output is not of the right kind: status and message are texts, output is an object"}`},
		"zero in a message":  {"good", `{"status":"done","message":"a\u0000b"}`, 400, `{"error":"texts must not contain the character \\u0000"}`},
		"zero in a name":     {"good", `{"status":"done","output":{"x":[{"a\u0000b":1}]}}`, 400, `{"error":"texts must not contain the character \\u0000"}`},
		"too deep":           {"good", `{"status":"done","output":{"x":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}}`, 400, ""},
		"too large":          {"good", `{"status":"done","message":"` + strings.Repeat("x", 257<<10) + `"}`, 413, `{"error":"the body must have at most 256 KB"}`},
		"too much after it":  {"good", done + strings.Repeat(" ", 257<<10), 413, `{"error":"the body must have at most 256 KB"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			got := b.call(tc.token, tc.body)
			require.Equal(t, tc.status, got.Status, got.Body)
			if tc.want == "" {
				tc.want = `{"error":"the body must be one JSON object such as {\"status\": \"done\", \"message\": \"...\", \"output\": {}}"}`
			}
			require.JSONEq(t, tc.want, got.Body)
			require.Empty(t, b.callbacks)
			require.Empty(t, b.log.String())
		})
	}
}

func TestWhatIsNoCallback(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.get("/callbacks/good")
	require.Equal(t, http.StatusMethodNotAllowed, got.Status)
	require.Equal(t, "POST", got.Header.Get("Allow"))
	require.JSONEq(t, `{"error":"only POST is allowed"}`, got.Body)
	require.Equal(t, http.StatusUnsupportedMediaType, b.post("/callbacks/good", formType, "status=done").Status)
	require.Equal(t, http.StatusUnsupportedMediaType, b.post("/callbacks/good", "", `{"status":"done"}`).Status)
	require.Empty(t, b.callbacks)
	require.Equal(t, "5", b.call("early", `{"status":"done"}`).Header.Get("Retry-After"))
}

func TestACallbackThatGoesWrong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.call("broken", `{"status":"done"}`)
	require.Equal(t, http.StatusInternalServerError, got.Status)
	require.NotContains(t, got.Body, "disk")
	require.Regexp(t, `the log has it as [A-Z0-9]{8}"`, got.Body)
	require.Contains(t, b.log.String(), "the disk with")
	require.NotContains(t, b.log.String(), "/callbacks/")
}

func FuzzCallback(f *testing.F) {
	f.Add(`{"status":"done","message":"hi","output":{"a":[1,{"b":null}]}}`)
	f.Add(`{"status":"failed","status":"done"}`)
	f.Add("{\"status\":\"done\",\"message\":\"\xff\\ud800\"}")
	f.Fuzz(func(t *testing.T, body string) {
		b := setup(t)
		got := b.call("good", body)
		require.Empty(t, b.log.String())
		if got.Status == http.StatusOK {
			require.Len(t, b.callbacks, 1)
			require.Contains(t, []string{"done", "failed"}, b.callbacks[0].Status)
			require.NotContains(t, b.callbacks[0].Message, "\x00")
			return
		}
		require.Contains(t, []int{400, 413}, got.Status)
		require.Empty(t, b.callbacks)
	})
}
