package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	goslack "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers"
)

// BenchmarkHome measures how long Home takes from the rows to what Slack is sent, for somebody with 200 waiting
// approvals, 50 grants and 500 requests: the overview, and a page in the middle of each section. Beside it stands the
// time of one small query: a Home takes a constant number of them.
func BenchmarkHome(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			url := ""
			if name == "postgres" {
				url = pgtest.Open(b)
			}
			c := found(b, url)
			c.serve(nil)
			f := c.flows
			c.busy(f)
			h := handlers.New(handlers.Options{Flows: f, Store: c.store, Slack: &deafSlack{}, Log: slog.New(slog.DiscardHandler), TeamURL: "https://acme.example/"})
			ben := c.row("ben")
			require.NoError(b, db.RememberHome(c.ctx, c.store, db.Message{Key: "home:" + ben.ID, Lane: "bench", Purpose: "home", Ref: ben.ID, PersonID: ben.ID, CreatedAt: c.Clock.Now()}))
			m := &measure{took: map[string][]time.Duration{}}
			var err error
			for b.Loop() {
				for what, state := range map[string]string{
					"overview": "", "waiting": `{"section":"waiting","page":6}`, "access": `{"section":"access","page":1}`, "requests": `{"section":"requests","page":20}`,
				} {
					m.time("one-query", func() { _, err = db.HomeByKey(c.ctx, c.store, "home:"+ben.ID) })
					require.NoError(b, err)
					require.NoError(b, db.SetHomeState(c.ctx, c.store, "home:"+ben.ID, state))
					m.time(what, func() { require.NoError(b, h.PublishHome(c.ctx, ben.ID)) })
				}
			}
			m.report(b)
		})
	}
}

// busy gives Ben much to do: 200 requests of Ana wait for him, he holds 50 grants and asked 500 times.
func (c *company) busy(f *flows.Flows) {
	c.t.Helper()
	c.asks(f, "ana", "drive-editors", 200, "Waits")
	c.asks(f, "ben", "drive-editors", 500, "Asked")
	grants, err := db.RequestsMadeBy(c.ctx, c.store, c.row("ben").ID, 0, 50)
	require.NoError(c.t, err)
	for n, request := range grants {
		items, err := db.ItemsOf(c.ctx, c.store, request)
		require.NoError(c.t, err)
		require.NoError(c.t, db.InsertGrant(c.ctx, c.store, db.Grant{
			ID: fmt.Sprint("gra_bench", n), ItemID: items[0].ID, RequestID: request, SubjectID: c.row("ben").ID, EntitlementID: items[0].EntitlementID,
			ProvisionVersionID: items[0].ProvisionVersionID, DeprovisionVersionID: items[0].DeprovisionVersionID, Status: db.Active,
			Duration: items[0].Duration, StartsAt: c.Clock.Now(), ActiveAt: c.Clock.Now(), ExpiresAt: c.Clock.Now().Add(time.Duration(n+24) * time.Hour), CreatedAt: c.Clock.Now(),
		}))
	}
}

// deafSlack takes a Home and does nothing else.
type deafSlack struct{ handlers.Slack }

func (*deafSlack) PublishHome(_ context.Context, _ string, view goslack.HomeTabViewRequest, _ string) error {
	if len(view.Blocks.BlockSet) > 100 {
		return io.ErrShortBuffer
	}
	return nil
}

func (*deafSlack) Connected() int { return 2 }
