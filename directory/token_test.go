package directory_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows"
)

// status is what a token gets.
func (b *bundle) status(token string) int {
	b.t.Helper()
	return b.call("GET", b.url+"/scim/v2/okta/Users", nil, "Authorization", "Bearer "+token).Status
}

// A new token leaves the old one its time, so that nothing stops while the identity provider is given the new one.
func TestTokensAreChangedWithoutAPause(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.Regexp(t, `^usher_scim_[0-9A-Za-z_-]{43}$`, b.token)
		second, err := b.flows.NewDirectoryToken(b.ctx, "okta", 24*time.Hour)
		require.NoError(t, err)
		for _, token := range []string{b.token, second} {
			require.Equal(t, http.StatusOK, b.status(token))
		}
		b.clock.Advance(24*time.Hour - time.Second)
		require.Equal(t, http.StatusOK, b.status(b.token))
		b.clock.Advance(time.Second)
		require.Equal(t, http.StatusUnauthorized, b.status(b.token))
		require.Equal(t, http.StatusOK, b.status(second))

		third, err := b.flows.NewDirectoryToken(b.ctx, "okta", 0)
		require.NoError(t, err)
		require.Equal(t, http.StatusUnauthorized, b.status(second), "at once")
		require.Equal(t, http.StatusOK, b.status(third))

		events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{}, 100)
		require.NoError(t, err)
		require.Len(t, events, 3)
		require.Equal(t, "directory.token_made", events[1].Action)
		require.Contains(t, events[1].Details, `"until":"2026-11-28T09:00:00Z"`)
		for _, event := range events {
			for _, token := range []string{b.token, second, third} {
				require.NotContains(t, event.Details, token)
			}
		}
	})
}

// Only a directory that is written to by SCIM has tokens.
func TestTokensOfWhat(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.directory("workos", db.WorkOSDirectory)
		for slug, overlap := range map[string]time.Duration{"workos": 0, "nothing": 0, "okta": -1} {
			_, err := b.flows.NewDirectoryToken(b.ctx, slug, overlap)
			_, refused := flows.Refusal(err)
			require.True(t, refused, slug)
		}
	})
}

// Whoever has no token that holds learns nothing: not even which directories and addresses there are.
func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.user("dana@acme.example")
		var first answer
		for _, authorization := range []string{"", "Bearer", "Bearer ", "Bearer usher_scim_wrong", "Basic " + b.token, b.token, "Bearer " + b.token + "x", "Bearer " + strings.Repeat("x", 600)} {
			for _, path := range []string{"okta/Users", "okta/Users/1", "okta/nothing", "nothing/Users", "", "okta/ServiceProviderConfig", "okta/Me", "okta/Users?filter=%zz"} {
				got := b.call("GET", b.url+"/scim/v2/"+path, nil, "Authorization", authorization)
				b.refused(http.StatusUnauthorized, "", got)
				require.Equal(t, `Bearer realm="Usher"`, got.Header.Get("WWW-Authenticate"))
				if first.Text == "" {
					first = got
				}
				require.Equal(t, first.Text, got.Text)
			}
		}
		require.Empty(t, b.log.String(), "what a stranger sends is not logged")
	})
}

// Who has a token learns nothing of other directories, and nothing of one that is not active.
func TestTokensOpenOneDirectory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.directory("entra", db.SCIMDirectory)
		var answers []string
		for _, slug := range []string{"entra", "nothing", ""} {
			got := b.call("GET", b.url+"/scim/v2/"+slug+"/Users", nil, "Authorization", "bearer "+b.token)
			b.refused(http.StatusNotFound, "", got)
			answers = append(answers, got.Text)
		}
		require.Equal(t, answers[0], answers[1])
		row := b.row
		row.Active = false
		require.NoError(t, db.UpdateDirectory(b.ctx, b.store, row))
		got := b.send("GET", "/Users", nil)
		b.refused(http.StatusNotFound, "", got)
		require.Equal(t, answers[0], got.Text)
	})
}

// The time of a token's last use is noted once in an hour.
func TestUseOfATokenIsNoted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		used := func() time.Time {
			t.Helper()
			require.Equal(t, http.StatusOK, b.status(b.token))
			rows, err := db.DirectoryTokens(b.ctx, b.store, b.row.ID, b.clock.Now())
			require.NoError(t, err)
			require.Len(t, rows, 1)
			return rows[0].UsedAt.UTC()
		}
		start := b.clock.Now()
		require.Equal(t, start, used())
		b.clock.Advance(59 * time.Minute)
		require.Equal(t, start, used())
		b.clock.Advance(time.Minute)
		require.Equal(t, b.clock.Now(), used())
	})
}

// Too many calls at once have to wait, and are told how long; others go on meanwhile.
func TestCallsAreLimited(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.Open(t, dbtest.SQLite))
	b.directory("entra", db.SCIMDirectory)
	other, err := b.flows.NewDirectoryToken(b.ctx, "entra", 0)
	require.NoError(t, err)
	for range 200 {
		b.is(http.StatusOK, b.send("GET", "/Users?count=0", nil))
	}
	late := b.send("GET", "/Users?count=0", nil)
	b.refused(http.StatusTooManyRequests, "", late)
	require.Equal(t, "1", late.Header.Get("Retry-After"))
	b.is(http.StatusOK, b.call("GET", b.url+"/scim/v2/entra/Users", nil, "Authorization", "Bearer "+other))
	b.clock.Advance(time.Second)
	b.is(http.StatusOK, b.send("GET", "/Users?count=0", nil))
}

// broken is a database that fails in the middle of a write.
type broken struct{ cause func() error }

func (w broken) WriteDirectory(context.Context, string, func(context.Context, *flows.Journal) error) error {
	return w.cause()
}

// What goes wrong here is said without its cause, which is in the log under the reference that is said; and what
// somebody sent is in neither.
func TestWhatGoesWrongHere(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cause  func() error
		status int
		logged string
	}{
		"an error": {func() error { return errors.New("the disk is full") }, 500, "the disk is full"},
		"a panic":  {func() error { panic("dana@acme.example") }, 500, "panic: string"},
		"a bug":    {func() error { return errors.New(strings.Repeat("x", []int{}[len(os.Args)])) }, 500, "index out of range"},
		"no time":  {func() error { return context.DeadlineExceeded }, 503, "deadline"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, dbtest.Open(t, dbtest.SQLite))
			b.url = b.serve(broken{tc.cause})
			got := b.send("POST", "/Users", object{"userName": "dana@acme.example", "password": "secret-1"})
			b.refused(tc.status, "", got)
			require.NotContains(t, got.Text, tc.logged)
			log := b.log.String()
			require.Contains(t, log, tc.logged)
			require.NotContains(t, log, "dana@acme.example")
			require.NotContains(t, log, "secret-1")
			_, behind, _ := strings.Cut(log, "reference=")
			require.Contains(t, got.Body["detail"], behind[:8])
		})
	}
}
