package flows_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// A provider whose calls hang keeps its own pool busy and no other.
func TestAHangingProviderDelaysNoOther(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		called, release := make(chan struct{}, 100), make(chan struct{})
		hanging := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			called <- struct{}{}
			select {
			case <-release:
			case <-r.Context().Done():
			}
			w.WriteHeader(http.StatusServiceUnavailable)
		}))
		t.Cleanup(hanging.Close)
		b.reconfigure(t, "providers:\n", fmt.Sprintf("providers:\n  - {slug: stuck, name: Stuck, connector: scim, owner: dana@example.com, workers: 2, settings: {base_url: %q, token: \"env:X\"}}\n", hanging.URL))
		b.chain(t, "stuck-in", "provision", "{name: find, type: stuck_api_get_user, timeout: 1m}")
		b.apply(t, b.text+"  - {slug: stuck, provider: stuck, kind: group, target: X, name: Stuck, owner: dana@example.com, risk: low, durations: {default: 8h, max: 30d, choices: [8h]}, approval: [{chain: auto}], provision: stuck-in, deprovision: editors-out}\n")
		b.work(t)
		t.Cleanup(func() { close(release) }) // before the pools stop
		for _, name := range []string{"ana", "ben", "carl", "dana", "eve"} {
			b.ask(t, name, "stuck", "8h")
		}
		<-called
		<-called // both of its workers hang now

		began := time.Now()
		request := b.ask(t, "ana", "editors", "1h").Request
		b.untilGrant(t, request.ID, db.Active)
		t.Logf("the other provider's grant was active after %s", time.Since(began).Round(time.Millisecond))
		require.Less(t, time.Since(began), 20*time.Second)
		require.Empty(t, called, "no third call went to the hanging provider")
	})
}

// The whole way with the real pools, many at once, ends with nobody inside and a log that is whole.
func TestManyGrantsComeAndGo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.work(t)
		var requests []string
		for n := range 12 {
			name := fmt.Sprintf("user%02d", n)
			b.hire(t, name)
			requests = append(requests, b.ask(t, name, "open", "8h").Request.ID)
		}
		for _, id := range requests {
			b.untilGrant(t, id, db.Active)
		}
		require.Len(t, b.target.Members("Editors"), len(requests))
		b.clock.Advance(9 * hour)
		require.NoError(t, b.SweepSoon(b.ctx))
		for _, id := range requests {
			b.untilGrant(t, id, db.Ended)
			b.scriptsOnce(t, id)
			b.inOrder(t, id)
		}
		require.Empty(t, b.target.Members("Editors"))
		b.verified(t)
	})
}

// inOrder requires the order of events that other programs count on.
func (b *bundle) inOrder(t testing.TB, requestID string) {
	t.Helper()
	inOrder(t, b.actions(t, requestID))
}

func inOrder(t testing.TB, actions []string) {
	t.Helper()
	rank := map[string]int{
		"request.created": 1, "decision.approved": 2, "flow.approved": 3, "grant.created": 4, "grant.activated": 6,
		"grant.expired": 7, "grant.returned": 7, "grant.revoked": 7, "grant.ended": 9,
	}
	last := 0
	for _, action := range actions {
		at, ranked := rank[action]
		switch {
		case action == "decision.approved" && last == at: // a chain may want several
		case ranked:
			require.Greater(t, at, last, "%s stands too late in %v", action, actions)
			last = at
		case action == "script.started" || action == "script.succeeded":
			require.Contains(t, []int{4, 7}, last, "%s out of its place in %v", action, actions)
		}
	}
}
