package llm_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors/llm"
)

const (
	key   = "sk-test-51Hk"
	draft = "Create a custom provisioning workflow with the following steps.\n1. Grant Slack admin access"
)

// completion is an answer in the documented shape of a chat completion.
func completion(content any, finish string) map[string]any {
	return map[string]any{
		"id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion", "created": 1741569952, "model": "small-2026",
		"choices": []any{map[string]any{
			"index": 0, "message": map[string]any{"role": "assistant", "content": content, "refusal": nil, "annotations": []any{}},
			"logprobs": nil, "finish_reason": finish,
		}},
		"usage":        map[string]any{"prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29},
		"service_tier": "default",
	}
}

// failure is an error in the documented shape.
func failure(text string) map[string]any {
	return map[string]any{"error": map[string]any{"message": text, "type": "invalid_request_error", "param": nil, "code": "x"}}
}

// endpoint answers every question with a status and a body, and keeps what it was asked.
type endpoint struct {
	*httptest.Server

	asked  map[string]any
	header http.Header
	path   string
}

func serve(t *testing.T, status int, body any) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.header, e.path = r.Header, r.URL.Path
		raw, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || json.Unmarshal(raw, &e.asked) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if text, is := body.(string); is {
			_, _ = io.WriteString(w, text)
			return
		}
		_ = json.NewEncoder(w).Encode(body)
	}))
	t.Cleanup(e.Close)
	return e
}

func client(t *testing.T, e *endpoint, key string) *llm.Client {
	t.Helper()
	c, err := llm.New(llm.Settings{URL: e.URL + "/v1/", Model: "small", Key: key}, e.Client())
	require.NoError(t, err)
	return c
}

// TestDraft asks as the documentation says: the instructions as the system's message, the material as the user's.
func TestDraft(t *testing.T) {
	t.Parallel()
	e := serve(t, http.StatusOK, completion("\n"+draft+"\n", "stop"))
	text, err := client(t, e, key).Draft(t.Context(), "Write a workflow.", "| <b>\"please\"</b>")
	require.NoError(t, err)
	require.Equal(t, draft, text)
	require.Equal(t, "/v1/chat/completions", e.path)
	require.Equal(t, "Bearer "+key, e.header.Get("Authorization"))
	require.Equal(t, "application/json", e.header.Get("Content-Type"))
	require.Equal(t, map[string]any{"model": "small", "messages": []any{
		map[string]any{"role": "system", "content": "Write a workflow."}, map[string]any{"role": "user", "content": "| <b>\"please\"</b>"},
	}}, e.asked)
}

// TestWithoutAKey is for endpoints within the house.
func TestWithoutAKey(t *testing.T) {
	t.Parallel()
	e := serve(t, http.StatusOK, completion(draft, "stop"))
	_, err := client(t, e, "").Draft(t.Context(), "a", "b")
	require.NoError(t, err)
	require.Empty(t, e.header.Values("Authorization"))
}

// TestRefusals says in plain words what went wrong, and never the key.
func TestRefusals(t *testing.T) {
	t.Parallel()
	refusal := completion(nil, "stop")
	refusal["choices"].([]any)[0].(map[string]any)["message"].(map[string]any)["refusal"] = "I can't help with that."
	for name, tc := range map[string]struct {
		status int
		body   any
		want   string
	}{
		"a wrong key":       {401, failure("Incorrect API key provided: " + key + ".\nSee your settings."), "the model's key is not accepted (status 401: Incorrect API key provided: [redacted]. See your settings.)"},
		"no right":          {403, failure("No."), "the key may not use this model (status 403: No.)"},
		"no such model":     {404, failure("The model does not exist."), "there is no such model"},
		"too often":         {429, failure("Rate limit reached"), "asked too often"},
		"broken":            {500, "<html>oops</html>", "the model's endpoint has failed: try again later (status 500)"},
		"overloaded":        {503, failure("The engine is overloaded"), "overloaded"},
		"odd":               {418, failure(strings.Repeat("long ", 500)), "refused the question (status 418: long"},
		"moved":             {307, "", "refused the question (status 307)"},
		"created":           {201, completion(draft, "stop"), "refused the question (status 201)"},
		"refused":           {200, refusal, "the model refused to write a draft"},
		"filtered":          {200, completion("", "content_filter"), "the model refused to write a draft"},
		"cut off":           {200, completion(draft, "length"), "cut off"},
		"nothing":           {200, completion("  \n", "stop"), "answered nothing"},
		"null":              {200, completion(nil, "stop"), "answered nothing"},
		"no choice":         {200, map[string]any{"choices": []any{}}, "something else than a chat completion"},
		"no JSON":           {200, "hello", "something else than a chat completion"},
		"another shape":     {200, map[string]any{"choices": "none"}, "something else than a chat completion"},
		"a very long draft": {200, completion(strings.Repeat("x", 100<<10), "stop"), "longer than 64 KB"},
		"too large":         {200, completion(strings.Repeat("x", 2<<20), "stop"), "larger than 1024 KB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := client(t, serve(t, tc.status, tc.body), key).Draft(t.Context(), "a", "b")
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), key)
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len(err.Error()), 400)
			require.Empty(t, text)
		})
	}
}

// TestAKeyIsNotCarriedElsewhere follows no redirect with it.
func TestAKeyIsNotCarriedElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, http.StatusOK, completion(draft, "stop"))
	moved := httptest.NewServer(http.RedirectHandler(elsewhere.URL+"/v1/chat/completions", http.StatusTemporaryRedirect))
	t.Cleanup(moved.Close)
	c, err := llm.New(llm.Settings{URL: moved.URL, Model: "small", Key: key}, nil)
	require.NoError(t, err)
	_, err = c.Draft(t.Context(), "a", "b")
	require.ErrorContains(t, err, "status 307")
	require.Nil(t, elsewhere.header)
}

// TestUnreachable is about endpoints that are not there, and about those that take too long.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c, err := llm.New(llm.Settings{URL: gone.URL, Model: "small", Key: key}, nil)
	require.NoError(t, err)
	_, err = c.Draft(t.Context(), "a", "b")
	require.ErrorContains(t, err, "the model cannot be reached")
	require.NotContains(t, err.Error(), "chat/completions")

	asked := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(asked)
		<-r.Context().Done()
	}))
	t.Cleanup(slow.Close)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	c, err = llm.New(llm.Settings{URL: slow.URL, Model: "small"}, slow.Client())
	require.NoError(t, err)
	_, err = c.Draft(ctx, "a", "b")
	require.ErrorIs(t, err, context.Canceled)

	_, err = c.Draft(t.Context(), strings.Repeat("x", 300<<10), "")
	require.ErrorContains(t, err, "too much at once")
}

// TestSettings refuses what cannot work before anything is asked.
func TestSettings(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]llm.Settings{
		"no address": {Model: "small"}, "no scheme": {URL: "api.example.com/v1", Model: "small"}, "another scheme": {URL: "ftp://example.com", Model: "small"},
		"a user": {URL: "https://a:b@example.com/v1", Model: "small"}, "a query": {URL: "https://example.com/v1?x=1", Model: "small"}, "no model": {URL: "https://example.com/v1", Model: " "},
		"a key of two lines": {URL: "https://example.com/v1", Model: "small", Key: "a\nX: b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := llm.New(s, nil)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "a:b")
		})
	}
}
