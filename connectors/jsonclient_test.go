package connectors_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// jsonServer answers every request with do and makes a client for it.
func jsonServer(t *testing.T, do http.HandlerFunc) *connectors.JSONClient {
	t.Helper()
	server := httptest.NewServer(do)
	t.Cleanup(server.Close)
	return &connectors.JSONClient{
		HTTP: connectors.NewHTTPClient(), Base: server.URL, Media: "application/json", Secrets: []string{"hush", ""},
		Header: http.Header{"Authorization": {"Bearer hush"}}, Detail: func(body []byte) string { return string(body) },
	}
}

func TestRequestsCarryWhatTheyShould(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var sent []byte
	client := jsonServer(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		sent, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, "fine")
	})
	body, err := client.Do(t.Context(), connectors.Request{
		Method: http.MethodPut, Path: "/a%2Fb", Body: map[string]string{"name": "<a>"}, Header: http.Header{"If-Match": {"W/1"}},
	})
	require.NoError(t, err)
	require.Equal(t, "fine", string(body))
	require.Equal(t, "/a%2Fb", got.URL.EscapedPath())
	for name, want := range map[string]string{
		"Authorization": "Bearer hush", "Content-Type": "application/json", "Accept": "application/json", "If-Match": "W/1",
	} {
		require.Equal(t, want, got.Header.Get(name))
	}
	require.Contains(t, string(sent), `"<a>"`, "no more is escaped than must be")
}

// TestErrorsOfTargets checks which mark each answer gets, and that what the target wrote is short, plain and harmless.
func TestErrorsOfTargets(t *testing.T) {
	t.Parallel()
	const read, write = http.MethodGet, http.MethodPost
	var refused *connectors.RefusedError
	var transient *connectors.TransientError
	var unknown *connectors.UnknownError
	for _, tc := range []struct {
		method string
		status int
		want   any
	}{
		{read, 500, &transient},
		{write, 500, &unknown},
		{read, 502, &transient},
		{write, 504, &unknown},
		{write, 501, &refused},
		{read, 429, &transient},
		{write, 429, &transient},
		{write, 503, &transient},
		{write, 408, &transient},
		{write, 412, &transient},
		{read, 404, &refused},
		{write, 409, &refused},
		{write, 422, &refused},
		{write, 303, &refused},
		{read, 418, &refused},
	} {
		client := jsonServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tc.status)
			_, _ = io.WriteString(w, "line\n\ttwo \xff hush "+strings.Repeat("é", 400))
		})
		_, err := client.Do(t.Context(), connectors.Request{Method: tc.method, Path: "/"})
		require.ErrorAs(t, err, tc.want, "%s %d", tc.method, tc.status)
		require.Equal(t, tc.status, connectors.StatusOf(err))
		require.Contains(t, err.Error(), "line two "+connectors.Redacted)
		require.Less(t, len(err.Error()), 500)
	}
	require.Zero(t, connectors.StatusOf(errors.New("other")))
}

// TestTokensStayAtHome follows a redirect at the same host for reads and none that leads elsewhere.
func TestTokensStayAtHome(t *testing.T) {
	t.Parallel()
	var leaked bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked = true }))
	t.Cleanup(elsewhere.Close)
	client := jsonServer(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/near":
			http.Redirect(w, r, "/here", http.StatusTemporaryRedirect)
		case "/far":
			http.Redirect(w, r, elsewhere.URL+"/here", http.StatusTemporaryRedirect)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusTemporaryRedirect)
		default:
			_, _ = io.WriteString(w, "here")
		}
	})
	body, err := client.Do(t.Context(), connectors.Request{Method: http.MethodGet, Path: "/near"})
	require.NoError(t, err)
	require.Equal(t, "here", string(body))
	for _, request := range []connectors.Request{{Method: http.MethodGet, Path: "/far"}, {Method: http.MethodPost, Path: "/near"}} {
		_, err = client.Do(t.Context(), request)
		require.Equal(t, http.StatusTemporaryRedirect, connectors.StatusOf(err))
		require.ErrorContains(t, err, "check the provider's base_url")
	}
	_, err = client.Do(t.Context(), connectors.Request{Method: http.MethodGet, Path: "/round"})
	require.ErrorContains(t, err, "too many redirects")
	require.False(t, leaked)
}

// TestCertificatesAreChecked refuses a target whose certificate nobody vouches for: a retry would not help.
func TestCertificatesAreChecked(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client := &connectors.JSONClient{HTTP: connectors.NewHTTPClient(), Base: server.URL}
	_, err := client.Do(t.Context(), connectors.Request{Method: http.MethodPost, Path: "/"})
	var refused *connectors.RefusedError
	require.ErrorAs(t, err, &refused)
	require.ErrorContains(t, err, "certificate is not trusted")
}

// TestHugeAnswers are not kept in memory.
func TestHugeAnswers(t *testing.T) {
	t.Parallel()
	client := jsonServer(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 20 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	})
	_, err := client.Do(t.Context(), connectors.Request{Method: http.MethodGet, Path: "/"})
	require.ErrorContains(t, err, "larger than 16 MB")
}

// TestCutAnswers ends an answer early: a read may be tried again, a write was answered by its status.
func TestCutAnswers(t *testing.T) {
	t.Parallel()
	client := jsonServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "{")
	})
	_, err := client.Do(t.Context(), connectors.Request{Method: http.MethodGet, Path: "/"})
	var transient *connectors.TransientError
	require.ErrorAs(t, err, &transient)
	_, err = client.Do(t.Context(), connectors.Request{Method: http.MethodDelete, Path: "/"})
	require.NoError(t, err)
}
