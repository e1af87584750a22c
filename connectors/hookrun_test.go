package connectors_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
)

const (
	newSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	oldSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDGnUG"
)

// secrets are what the references in these tests lead to.
func secretOf(ref string) (string, error) {
	return map[string]string{"env:NEW": newSecret, "env:OLD": oldSecret, "env:BAD": "whsec_c2hvcnQ="}[ref], nil
}

// delivery is what a receiver got.
type delivery struct {
	header http.Header
	body   []byte
}

// receiver answers every delivery as told and keeps what it got.
func receiver(t *testing.T, answer http.HandlerFunc) (string, chan delivery) {
	t.Helper()
	got := make(chan delivery, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- delivery{r.Header, body}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

func hookDeclaration(url string) map[string]any {
	return map[string]any{
		"webhook": "notify_hr", "url": url, "secret": []any{"env:NEW", "env:OLD"}, "event": "access.granted", "deadline": "1h",
		"args": map[string]any{"grade": map[string]any{"type": "int", "default": 3}},
	}
}

func hookOf(t *testing.T, declaration map[string]any) connectors.Hook {
	t.Helper()
	deps := connectortest.WithTemplates(connectors.Deps{Secret: secretOf})
	provider, err := connectors.NewRegistry(plain{"a", nil}).WithDeps(deps).Open("hr", "a", map[string]any{"token": "env:NEW"}, []any{declaration})
	require.NoError(t, err)
	hooked, ok := connectors.As[connectors.Hooked](provider)
	require.True(t, ok)
	require.Len(t, hooked.Hooks(), 1)
	return hooked.Hooks()[0]
}

func hookCall() connectors.Call {
	return connectors.Call{Subject: connectors.Person{Email: "ana@example.com"}, Target: "Editors", IdempotencyKey: "scr_7"}
}

// TestDeliveriesAreSigned verifies with the library that receivers use, with the new secret and with the old one.
func TestDeliveriesAreSigned(t *testing.T) {
	t.Parallel()
	address, got := receiver(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"number":12345678901234567}`) })
	hook := hookOf(t, hookDeclaration(address))
	require.Equal(t, "hr_webhook_notify_hr", connectors.HookType("hr", hook.Name))
	require.Equal(t, time.Hour, hook.Deadline)
	for range 2 {
		result := hook.Send(t.Context(), hookCall(), "https://usher.example.com/callbacks/abc")
		require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
		require.False(t, result.Waits)
		require.Equal(t, map[string]any{"response": map[string]any{"number": int64(12345678901234567)}}, result.Output)
		require.Len(t, result.Evidence, 1)
		d := <-got
		for _, secret := range []string{newSecret, oldSecret} {
			verifier, err := standardwebhooks.NewWebhook(secret)
			require.NoError(t, err)
			require.NoError(t, verifier.Verify(d.body, d.header))
			require.Error(t, verifier.Verify(append(d.body, ' '), d.header))
		}
		require.Equal(t, "scr_7", d.header.Get("webhook-id"), "the same for every attempt")
		require.Equal(t, "application/json", d.header.Get("Content-Type"))
		var sent map[string]any
		require.NoError(t, json.Unmarshal(d.body, &sent))
		at, err := time.Parse(time.RFC3339, sent["timestamp"].(string))
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), at, time.Minute)
		delete(sent, "timestamp")
		require.Equal(t, map[string]any{
			"type": "access.granted", "callback": "https://usher.example.com/callbacks/abc",
			"data": map[string]any{"subject": map[string]any{"email": "ana@example.com"}, "target": "Editors", "args": map[string]any{"grade": 3.0}},
		}, sent)
	}
}

// TestAnswersOfReceivers goes through every answer and what it means.
func TestAnswersOfReceivers(t *testing.T) {
	t.Parallel()
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, `{"message":"in its own words"}`)
		}
	}
	const date, later = "Fri, 27 Nov 2026 10:00:00 GMT", "Fri, 27 Nov 2026 10:01:30 GMT"
	cut := func(w http.ResponseWriter, _ *http.Request) {
		if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = connection.Close()
		}
	}
	for name, tc := range map[string]struct {
		answer   http.HandlerFunc
		callback string
		outcome  connectors.Outcome
		waits    bool
		after    time.Duration
		want     string
	}{
		"done":               {answer: status(200), outcome: connectors.Applied, want: "Delivered access.granted"},
		"done, no more":      {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, outcome: connectors.Applied},
		"later":              {answer: status(202), callback: "https://usher.example.com/callbacks/abc", waits: true, want: "will call back"},
		"later, but where":   {answer: status(202), outcome: connectors.Refused, want: "USHER_PUBLIC_URL"},
		"switched off":       {answer: status(410), outcome: connectors.Refused, want: "has switched this webhook off"},
		"no":                 {answer: status(400), outcome: connectors.Refused, want: "400 Bad Request (in its own words)"},
		"conflict":           {answer: status(409), outcome: connectors.Refused, want: "409 Conflict"},
		"moved":              {answer: status(307, "Location", "/there"), outcome: connectors.Refused, want: "follow no redirect"},
		"moved for good":     {answer: status(301, "Location", "/there"), outcome: connectors.Refused, want: "follow no redirect"},
		"limited":            {answer: status(429, "Retry-After", "7"), outcome: connectors.Transient, after: 7 * time.Second, want: "429"},
		"limited, by a date": {answer: status(503, "Retry-After", later, "Date", date), outcome: connectors.Transient, after: 90 * time.Second},
		"out of order":       {answer: status(500), outcome: connectors.Transient, want: "worth another try"},
		"gateway":            {answer: status(504, "Retry-After", "3"), outcome: connectors.Transient, after: 3 * time.Second},
		"lost":               {answer: cut, outcome: connectors.Transient, want: "Not delivered yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, got := receiver(t, tc.answer)
			result := hookOf(t, hookDeclaration(address)).Send(t.Context(), hookCall(), tc.callback)
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Equal(t, tc.waits, result.Waits)
			require.Equal(t, tc.after, result.RetryAfter)
			require.Contains(t, result.Summary, tc.want)
			require.Equal(t, tc.outcome == connectors.Refused || tc.outcome == connectors.Transient, result.Err != nil)
			require.Len(t, got, 1, "delivered once, and no redirect followed")
		})
	}
}

// TestAnswersThatAreTooLong are taken by their status; the body is not kept.
func TestAnswersThatAreTooLong(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"huge": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 1<<20)) },
		"cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		},
	} {
		address, _ := receiver(t, answer)
		result := hookOf(t, hookDeclaration(address)).Send(t.Context(), hookCall(), "")
		require.Equal(t, connectors.Applied, result.Outcome, name)
		require.Equal(t, map[string]any{"response": nil}, result.Output, name)
	}
}

// TestMessagesThatAreNotSent finds what is wrong before anything leaves.
func TestMessagesThatAreNotSent(t *testing.T) {
	t.Parallel()
	address, got := receiver(t, func(http.ResponseWriter, *http.Request) {})
	changed := func(key string, value any) map[string]any {
		declaration := hookDeclaration(address)
		declaration[key] = value
		return declaration
	}
	args := func(args map[string]any) connectors.Call {
		call := hookCall()
		call.Args = args
		return call
	}
	dotted, keyless := hookCall(), hookCall()
	dotted.IdempotencyKey, keyless.IdempotencyKey = "scr.7", ""
	huge := changed("args", map[string]any{"grade": map[string]any{}})
	for name, tc := range map[string]struct {
		declaration map[string]any
		call        connectors.Call
		want        string
	}{
		"an unknown argument": {hookDeclaration(address), args(map[string]any{"no": 1}), `unknown argument "no"`},
		"a dot in the id":     {hookDeclaration(address), dotted, "cannot be a webhook-id"},
		"no id":               {hookDeclaration(address), keyless, "cannot be a webhook-id"},
		"a large message":     {huge, args(map[string]any{"grade": strings.Repeat("x", 20<<10)}), "larger than 20 KB"},
		"no such value":       {changed("body", "{{ subject.shoe_size }}"), hookCall(), "no shoe_size"},
		"no such default":     {changed("args", map[string]any{"grade": map[string]any{"default": "{{ subject.shoe_size }}"}}), hookCall(), "default of grade"},
		"an address inside":   {changed("url", strings.Replace(address, "127.0.0.1", "{{ target }}", 1)), connectors.Call{Target: "127.0.0.1", IdempotencyKey: "k"}, "USHER_ALLOW_NETWORKS"},
		"a host that is none": {changed("url", "https://{{ target }}/x"), connectors.Call{Target: "a/b", IdempotencyKey: "k"}, "name of a host"},
		"a path upwards":      {changed("url", address+"/{{ target }}/x"), connectors.Call{Target: "..", IdempotencyKey: "k"}, "cannot stand in a path"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := hookOf(t, tc.declaration).Send(t.Context(), tc.call, "")
			require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
			require.ErrorContains(t, result.Err, tc.want)
		})
	}
	t.Cleanup(func() { require.Empty(t, got) })
}

// TestCancelledDeliveries are worth another try.
func TestCancelledDeliveries(t *testing.T) {
	t.Parallel()
	address, _ := receiver(t, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	result := hookOf(t, hookDeclaration(address)).Send(ctx, hookCall(), "")
	require.Equal(t, connectors.Transient, result.Outcome)
	require.ErrorIs(t, result.Err, context.Canceled)
}

// TestAddressesOfHooksAreFilledIn puts values into the path and the query.
func TestAddressesOfHooksAreFilledIn(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	address, _ := receiver(t, func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.RequestURI() })
	declaration := hookDeclaration(address + "/to/{{ target }}?who={{ subject.email }}&g={{ args.grade }}")
	call := hookCall()
	call.Target = "a b/c?d&e"
	require.Equal(t, connectors.Applied, hookOf(t, declaration).Send(t.Context(), call, "").Outcome)
	require.Equal(t, "/to/a%20b%2Fc%3Fd&e?who=ana%40example.com&g=3", <-asked)
}

// TestHooksAreAsStrictAsTheyMustBe whatever client they get: no redirect is followed, and the declaration's own timeout
// counts.
func TestHooksAreAsStrictAsTheyMustBe(t *testing.T) {
	t.Parallel()
	address, got := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			<-r.Context().Done()
		}
		http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
	})
	lax := connectortest.WithTemplates(connectors.Deps{Secret: secretOf, HTTP: func() *http.Client { return &http.Client{} }})
	for path, want := range map[string]connectors.Outcome{"/moved": connectors.Refused, "/hang": connectors.Transient} {
		declaration := hookDeclaration(address + path)
		declaration["timeout"] = "1s"
		provider, err := connectors.NewRegistry(plain{"a", nil}).WithDeps(lax).Open("hr", "a", map[string]any{"token": "env:NEW"}, []any{declaration})
		require.NoError(t, err)
		hooked, _ := connectors.As[connectors.Hooked](provider)
		result := hooked.Hooks()[0].Send(t.Context(), hookCall(), "")
		require.Equal(t, want, result.Outcome, result.Summary)
		<-got
		require.Empty(t, got)
	}
}

// TestSigningSecretsAreChecked when a provider is opened, without telling them.
func TestSigningSecretsAreChecked(t *testing.T) {
	t.Parallel()
	declaration := hookDeclaration("https://hr.example.com")
	for ref, want := range map[string]string{"env:BAD": "must be whsec_ and 24 to 64 bytes", "env:NONE": "must be whsec_"} {
		declaration["secret"] = ref
		registry := connectors.NewRegistry(plain{"a", nil}).WithDeps(connectortest.WithTemplates(connectors.Deps{Secret: secretOf}))
		_, err := registry.Open("hr", "a", map[string]any{"token": "env:NEW"}, []any{declaration})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, ref)
		require.NotContains(t, err.Error(), "c2hvcnQ")
	}
}
