package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/demo/slack"
)

// How many grants of the provider that hangs are under way, and how many of the other one are asked for: in a benchmark,
// and in a test, where twice the pool is enough to have some wait behind a call that hangs.
const (
	inFlight    = 20
	fewInFlight = 2 * pool
)

// pool is how many workers each of the two providers has.
const pool = 4

// silence is a server that takes connections and never says a word.
type silence struct {
	net.Listener

	taken chan struct{} // one for each connection
}

// silent serves one until the test ends.
func silent(t testing.TB) *silence {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &silence{Listener: listener, taken: make(chan struct{}, 10*inFlight)}
	var open sync.WaitGroup
	open.Go(func() {
		var all []net.Conn
		for {
			conn, err := s.Accept()
			if err != nil {
				break
			}
			all = append(all, conn)
			s.taken <- struct{}{}
		}
		for _, conn := range all {
			_ = conn.Close() // its other side may be gone
		}
	})
	t.Cleanup(func() {
		_ = s.Close() // it was open until now
		open.Wait()
	})
	return s
}

// beside is a company with a provider that hangs beside one that works.
func beside(t testing.TB, url string, grants int) (*company, *silence) {
	t.Helper()
	c, hung := found(t, url), silent(t)
	token := `token: "file:` + c.Dir + `/drive-token"`
	c.offers(offer{
		providers: fmt.Sprintf(`  - {slug: hung, name: Hung, connector: scim, workers: %d, settings: {base_url: "http://%s", %s}}
  - {slug: quick, name: Quick, connector: scim, workers: %[1]d, settings: {base_url: "%[4]s/scim/v2", %[3]s}}
`, pool, hung.Addr(), token, c.TargetURL),
		provision: `      - {name: account, type: quick_api_create_user}
      - {name: join, type: quick_api_add_user_to_group}
`,
		entitlements: `  - slug: hung-access
    provider: hung
    kind: group
    target: Editors
    name: Hung access
    durations: {default: 8h}
    approval: [{chain: auto}]
    provision: hung-in
    deprovision: flow-out
`,
		chains: "  - slug: hung-in\n    kind: provision\n    scripts: [{name: account, type: hung_api_create_user}]\n",
	})
	for n := range grants {
		for _, who := range []string{"hung", "quick"} {
			name := fmt.Sprintf("%s%02d", who, n)
			c.Workspace.AddUser(slack.User{Name: name, RealName: name, Email: name + "@acme.example", TZ: "Europe/Berlin"})
			require.NoError(t, c.person(name).Join(c.access()))
		}
	}
	return c, hung
}

// formPause keeps a crowd under Slack's rate limit of views.open, 100 a minute.
const formPause = 650 * time.Millisecond

// askAll lets people ask, one after another with a pause between them, or at once without.
func (c *company) askAll(grants int, who, entitlement string, pause time.Duration) {
	c.t.Helper()
	var all sync.WaitGroup
	for n := range grants {
		if pause > 0 {
			<-time.After(pause)
		}
		all.Go(func() {
			name := fmt.Sprintf("%s%02d", who, n)
			notice, err := c.person(name).Command(c.access(), "/access", "request "+entitlement+" 8h because I am "+name)
			assert.NoError(c.t, err)
			assert.Empty(c.t, notice)
			ctx, cancel := context.WithTimeout(c.ctx, storyDeadline)
			defer cancel()
			form, err := c.person(name).AwaitView(ctx, "Request access")
			if !assert.NoError(c.t, err) {
				return
			}
			result, err := c.person(name).Submit(form)
			assert.NoError(c.t, err)
			assert.True(c.t, result.OK(), "%+v", result)
		})
	}
	all.Wait()
	if c.t.Failed() {
		c.t.Fatal(c.scene())
	}
}

// hang gives the provider that hangs all the work that it is to have, and waits until its pool is stuck in it.
func (c *company) hang(hung *silence, grants int) {
	c.t.Helper()
	c.askAll(grants, "hung", "hung-access", formPause)
	deadline := time.After(storyDeadline)
	for n := range pool {
		select {
		case <-hung.taken:
		case <-deadline:
			c.t.Fatalf("only %d of %d workers called\n%s", n, pool, c.scene())
		}
	}
}

// waits are how long each request of an entitlement took until its grant was active, the shortest first, once all are.
func (c *company) waits(grants int, entitlement string) []time.Duration {
	c.t.Helper()
	var took []time.Duration
	c.until("all grants of "+entitlement+" are active", func() bool {
		took = c.tookUntilActive(entitlement)
		return len(took) == grants
	})
	slices.Sort(took)
	return took
}

func (c *company) tookUntilActive(entitlement string) []time.Duration {
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{}, 5000)
	require.NoError(c.t, err)
	asked := map[string]time.Time{}
	var took []time.Duration
	for _, event := range events {
		at, err := time.Parse(time.RFC3339Nano, event.At)
		require.NoError(c.t, err)
		switch {
		case event.Action == "request.created":
			asked[event.Request] = at
		case event.Action == "grant.activated" && event.Entitlement == entitlement:
			took = append(took, at.Sub(asked[event.Request]))
		}
	}
	return took
}

// TestAHangingProviderHoldsUpNobody: another provider's grants become active while one does not answer.
func TestAHangingProviderHoldsUpNobody(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			url := ""
			if name == "postgres" {
				url = dbtest.URL(t, dbtest.Postgres)
			}
			c, hung := beside(t, url, fewInFlight)
			c.serve(nil)
			c.hang(hung, fewInFlight)
			c.askAll(fewInFlight, "quick", "flow-access", 0)
			took := c.waits(fewInFlight, "flow-access")
			require.Empty(t, c.tookUntilActive("hung-access"))
			t.Logf("from request to active beside %d hanging grants: %v to %v", fewInFlight, took[0], took[len(took)-1])
			c.unremarkable()
		})
	}
}

// BenchmarkHangingProvider measures from request to active for twenty grants of one provider, alone and while another
// provider hangs with twenty of its own.
func BenchmarkHangingProvider(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		for _, hangs := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/hanging=%v", name, hangs), func(b *testing.B) {
				for b.Loop() {
					url := ""
					if name == "postgres" {
						url = pgtest.Open(b) + "&pool_max_conns=24"
					}
					c, hung := beside(b, url, inFlight)
					stop := c.serve(nil)
					if hangs {
						c.hang(hung, inFlight)
					}
					c.askAll(inFlight, "quick", "flow-access", 0)
					took := c.waits(inFlight, "flow-access")
					stop()
					b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
					b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
