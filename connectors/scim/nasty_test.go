package scim_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/demo/target"
)

// trick stands between the connector and a well-behaved service provider.
type trick func(w http.ResponseWriter, r *http.Request, next http.Handler)

// bench is a service provider with a trick, and the connector that must cope with it.
type bench struct {
	system   *target.Target
	provider connectors.Provider
	wire     *connectortest.Wire
	// honest turns the trick off.
	honest atomic.Bool
}

// newBench makes a target that knows ana and ben, a group Editors with ben in it, and a trick that applies to it.
func newBench(t *testing.T, do trick, more map[string]any) *bench {
	t.Helper()
	b := &bench{wire: &connectortest.Wire{}, system: target.New(target.Options{
		Name: "nasty", Token: secret,
		Users:  []target.User{{Email: "ana@example.com", Name: "Ana"}, {Email: "ben@example.com", Name: "Ben"}},
		Groups: []target.Group{{Name: "Editors", Members: []string{"ben@example.com"}}},
	})}
	next := b.system.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if do == nil || b.honest.Load() {
			next.ServeHTTP(w, r)
			return
		}
		do(w, r, next)
	}))
	t.Cleanup(server.Close)
	given := settings(t, server.URL+"/scim/v2")
	given["consistency"] = "100ms"
	for name, value := range more {
		given[name] = value
	}
	var err error
	b.provider, err = scim.Connector{}.Open(given, b.wire.Deps())
	require.NoError(t, err)
	return b
}

func (b *bench) run(t *testing.T, ctx context.Context, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	if call.Subject.Email == "" {
		call.Subject = connectors.Person{Email: "ana@example.com", Name: "Ana"}
	}
	if call.Target == "" {
		call.Target = "Editors"
	}
	result := connectors.Run(ctx, connectortest.Endpoint(t, b.provider, endpoint), call)
	connectortest.RequireNoSecret(t, result, []string{secret})
	return result
}

// onWrites plays a trick on everything that is not a read.
func onWrites(do trick) trick {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		do(w, r, next)
	}
}

// status answers without doing anything, and repeats the token, as careless systems do.
func status(code int, header ...string) trick {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"status":"`+http.StatusText(code)+`","detail":"you sent `+r.Header.Get("Authorization")+`"}`)
	}
}

// committed does what is asked and then answers something else.
func committed(answer trick) trick {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		answer(w, r, next)
	}
}

// hangUp closes the connection without an answer.
func hangUp(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

// silent reads the request and never answers.
func silent(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client is gone
	<-r.Context().Done()
}

// TestAnswersToWrites goes through what a target may answer to a write, whether it did it or not.
func TestAnswersToWrites(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		trick   trick
		outcome connectors.Outcome
		member  bool
		settled connectors.Outcome
		after   time.Duration
	}{
		"429 with Retry-After":      {status(429, "Retry-After", "7"), connectors.Transient, false, connectors.Applied, 7 * time.Second},
		"503 with a date":           {status(503, "Retry-After", "Sat, 21 Nov 2026 10:00:09 GMT", "Date", "Sat, 21 Nov 2026 10:00:00 GMT"), connectors.Transient, false, connectors.Applied, 9 * time.Second},
		"429 for a year":            {status(429, "Retry-After", "31536000"), connectors.Transient, false, connectors.Applied, time.Hour},
		"500 after commit":          {committed(status(500)), connectors.Applied, true, connectors.Applied, 0},
		"500 without commit":        {status(500), connectors.Unknown, false, connectors.Applied, 0},
		"502 after commit":          {committed(status(502)), connectors.Applied, true, connectors.Applied, 0},
		"504 without commit":        {status(504), connectors.Unknown, false, connectors.Applied, 0},
		"answer lost after commit":  {committed(hangUp), connectors.Applied, true, connectors.Applied, 0},
		"answer lost before commit": {hangUp, connectors.Unknown, false, connectors.Applied, 0},
		"403":                       {status(403), connectors.Refused, false, connectors.Applied, 0},
		"401":                       {status(401), connectors.Refused, false, connectors.Applied, 0},
		"400":                       {status(400), connectors.Refused, false, connectors.Applied, 0},
		"409 after commit":          {committed(status(409)), connectors.Already, true, connectors.Applied, 0},
		"409 without commit":        {status(409), connectors.Refused, false, connectors.Applied, 0},
		"412":                       {status(412), connectors.Transient, false, connectors.Applied, 0},
		"200 but nothing done":      {status(200), connectors.Unknown, false, connectors.Applied, 0},
		"redirect to elsewhere":     {status(307, "Location", "http://other.example/scim"), connectors.Refused, false, connectors.Applied, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, onWrites(tc.trick), nil)
			result := b.run(t, t.Context(), "add_user_to_group", connectors.Call{})
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Equal(t, tc.member, len(b.system.Members("Editors")) == 2)
			require.Equal(t, tc.after, result.RetryAfter)
			b.honest.Store(true)
			settled := b.run(t, t.Context(), "add_user_to_group", connectors.Call{Settle: true})
			require.Equal(t, tc.settled, settled.Outcome, settled.Summary)
			require.Equal(t, []string{"ana@example.com", "ben@example.com"}, b.system.Members("Editors"))
		})
	}
}

// TestSlowTargets ends calls by their context: a read that hangs changed nothing, after a write nobody knows.
func TestSlowTargets(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		trick   trick
		outcome connectors.Outcome
	}{
		"slow to read":               {silent, connectors.Transient},
		"slow to write, not done":    {onWrites(silent), connectors.Unknown},
		"slow to write, but it does": {onWrites(committed(silent)), connectors.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tc.trick, nil)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			result := b.run(t, ctx, "add_user_to_group", connectors.Call{})
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.ErrorIs(t, result.Err, context.DeadlineExceeded)
		})
	}
}

// TestNobodyAtHome calls a port on which nothing listens.
func TestNobodyAtHome(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	provider, err := scim.Connector{}.Open(settings(t, server.URL), (&connectortest.Wire{}).Deps())
	require.NoError(t, err)
	result := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, "create_user"), connectors.Call{Subject: connectors.Person{Email: "a@example.com"}})
	require.Equal(t, connectors.Transient, result.Outcome)
	require.Contains(t, result.Summary, "refused")
	require.ErrorContains(t, provider.Check(t.Context()), "refused")
}

// TestPatchThatDoesNotWork advertises PATCH and refuses it; PUT must do, with the whole member list.
func TestPatchThatDoesNotWork(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]trick{
		"405": status(405), "501": status(501),
		"400 invalidPath": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"scimType":"invalidPath","detail":"no filters here"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if r.Method == http.MethodPatch {
					refusal(w, r, next)
					return
				}
				next.ServeHTTP(w, r)
			}, nil)
			require.Equal(t, connectors.Applied, b.run(t, t.Context(), "add_user_to_group", connectors.Call{}).Outcome)
			require.Equal(t, []string{"ana@example.com", "ben@example.com"}, b.system.Members("Editors"), "others stay")
			for _, email := range []string{"ana@example.com", "ben@example.com"} {
				call := connectors.Call{Subject: connectors.Person{Email: email}}
				require.Equal(t, connectors.Applied, b.run(t, t.Context(), "remove_user_from_group", call).Outcome)
			}
			require.Empty(t, b.system.Members("Editors"), "the last member goes, too")
			for _, step := range []connectortest.Step{
				wish(joined), wish(moved), wish(joined), members("Editors", "ana@example.com"), members("Editors"),
				rename("Editors", "Authors"),
				{Endpoint: "disable_user"},
				{Endpoint: "enable_user"},
			} {
				result := b.step(t, step)
				require.Equal(t, connectors.Applied, result.Outcome, "%s: %s", step.Endpoint, result.Summary)
			}
			for _, license := range []string{"viewer", `Pro "A\B"`} {
				require.Equal(t, connectors.Applied, b.run(t, t.Context(), "allocate_license", connectors.Call{Target: license}).Outcome)
			}
			for _, left := range [][]string{{"viewer"}, {}} {
				target := []string{"viewer", `Pro "A\B"`}[len(left)]
				require.Equal(t, connectors.Applied, b.run(t, t.Context(), "release_license", connectors.Call{Target: target}).Outcome)
				user, _ := b.system.User("ana@example.com")
				require.Equal(t, left, user.Licenses, "others stay")
			}
		})
	}
}

// TestConcurrentChangeIsNotLost changes the group between our GET and our PUT: the version makes the target refuse.
func TestConcurrentChangeIsNotLost(t *testing.T) {
	t.Parallel()
	var raced atomic.Bool
	b := newBench(t, onWrites(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		if raced.CompareAndSwap(false, true) {
			other := r.Clone(r.Context())
			other.Method, other.Body = http.MethodPatch, io.NopCloser(strings.NewReader(`{"Operations":[{"op":"remove","path":"members"}]}`))
			other.Header.Del("If-Match")
			next.ServeHTTP(httptest.NewRecorder(), other)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	}), map[string]any{"patch": "off"})
	require.Equal(t, connectors.Transient, b.run(t, t.Context(), "add_user_to_group", connectors.Call{}).Outcome)
	require.Empty(t, b.system.Members("Editors"), "ben, whom the other took out, is not put back")
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "add_user_to_group", connectors.Call{}).Outcome)
	require.Equal(t, []string{"ana@example.com"}, b.system.Members("Editors"))
}
