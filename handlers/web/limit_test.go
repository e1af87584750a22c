package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
)

func TestLimitsRememberTheLatestInBoundedMemory(t *testing.T) {
	t.Parallel()
	l := newLimits(1, 2)
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	require.True(t, l.allow("busy", now))
	require.True(t, l.allow("busy", now))
	require.False(t, l.allow("busy", now))
	require.True(t, l.allow("busy", now.Add(time.Second)), "a call a second is fine")
	for n := range 10 * mostLimits {
		l.allow(fmt.Sprint("crowd ", n), now.Add(time.Second))
		if n%1000 == 0 {
			require.False(t, l.allow("busy", now.Add(time.Second)), "a crowd does not make it forgotten")
		}
	}
	require.LessOrEqual(t, len(l.young)+len(l.old), 2*mostLimits)
}

// call asks a Web from an address.
func call(t *testing.T, h http.Handler, from, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.RemoteAddr = from
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}

// unknown is Links that knows no token.
type unknown struct{ Links }

func TestWhoCallsTooOftenWaits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	w, err := New(Options{Links: unknown{}, Key: make([]byte, 32), Clock: func() time.Time { return now }})
	require.NoError(t, err)
	mux := http.NewServeMux()
	w.Register(mux)
	refused := 0
	for range 30 {
		if out := call(t, mux, "192.0.2.1:4000", "/callbacks/one"); out.Code == http.StatusTooManyRequests {
			refused++
			require.Equal(t, "5", out.Header().Get("Retry-After"))
		}
	}
	require.Equal(t, 10, refused, "of one link")
	for n := range 300 {
		call(t, mux, fmt.Sprintf("[2001:db8::%x]:4000", n+1), fmt.Sprint("/callbacks/", n))
	}
	require.Equal(t, http.StatusTooManyRequests, call(t, mux, "[2001:db8::ffff]:1", "/mail/x").Code, "of one household")
	require.Contains(t, call(t, mux, "[2001:db8::ffff]:1", "/mail/x").Body.String(), "Too many tries")
	require.Equal(t, http.StatusMethodNotAllowed, call(t, mux, "[2001:db8:0:1::1]:1", "/callbacks/x").Code, "another household")
	now = now.Add(time.Minute)
	require.Equal(t, http.StatusMethodNotAllowed, call(t, mux, "[2001:db8::ffff]:1", "/callbacks/x").Code, "later")
}

func TestWhoCalls(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.1:80": "192.0.2.1", "[::ffff:192.0.2.1]:80": "192.0.2.1", "[2001:db8:1:2:3::4]:80": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:80": "fe80::/64", "@": "@", "host:80": "host",
	} {
		require.Equal(t, want, caller(&http.Request{RemoteAddr: remote}), remote)
	}
}

func TestTheMailAndThePageSayTheSame(t *testing.T) {
	t.Parallel()
	q := flows.Question{Subject: "Ana", Entitlement: "Editors", Requester: "Carla", Reason: strings.Repeat("long ", 500)}
	require.Equal(t, "May Ana have Editors?", headline(q))
	all := facts(q)
	require.Len(t, all, 4, "no time when there is no limit")
	require.Len(t, []rune(told(all[3].Value)), longestTold)
}
