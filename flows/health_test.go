package flows_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSystemHealth(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.reconfigure(t, `channel: "#access"`, "channel: \"#access\"\nauditors: [eve@example.com]")
		health, err := b.SystemHealth(b.ctx, b.people["ada"])
		require.NoError(t, err)
		require.Empty(t, health.Failed)
		require.Empty(t, health.Overdue)
		require.Empty(t, health.Unattended)
		require.Len(t, health.Providers, 1)
		require.True(t, health.Providers[0].LastSuccess.IsZero())

		held := b.ask(t, "ana", "open", "8h").Request
		b.drive(t)
		b.clock.Advance(minute)
		b.target.Fail(1000, http.StatusServiceUnavailable)
		b.ask(t, "carl", "open", "8h")
		for range 10 { // its attempts are used up
			b.drive(t)
			b.clock.Advance(10 * minute)
		}
		b.clock.Advance(9 * hour)
		b.approvals(t, "lonely", "{name: Many, approvers: [gone@example.com], need: 5}")
		b.offer(t, "rare", "Desk", "[{chain: lonely}]", "editors-in", "editors-out")
		waits := b.ask(t, "ana", "rare", "8h").Request

		health, err = b.SystemHealth(b.ctx, b.people["eve"])
		require.NoError(t, err)
		require.Len(t, health.Failed, 1)
		require.Equal(t, 1, health.FailedTotal)
		require.Len(t, health.Overdue, 1)
		require.Equal(t, held.ID, health.Overdue[0].RequestID)
		require.Equal(t, 1, health.OverdueTotal)
		require.Len(t, health.Unattended, 1)
		require.Equal(t, waits.ID, health.Unattended[0].RequestID)
		require.Equal(t, 2, health.Unattended[0].Able, "owner and admin stand in")
		require.Equal(t, 5, health.Unattended[0].Need)
		require.Equal(t, 1, health.UnattendedTotal)
		drive := health.Providers[0]
		require.Equal(t, "drive", drive.Slug)
		require.False(t, drive.LastSuccess.IsZero())
		require.True(t, drive.FailingSince.After(drive.LastSuccess))
		require.False(t, drive.LastFailure.Before(drive.FailingSince))

		b.target.Fail(0, 0)
		b.ask(t, "ben", "open", "8h")
		b.drive(t)
		health, err = b.SystemHealth(b.ctx, b.people["ada"])
		require.NoError(t, err)
		require.True(t, health.Providers[0].FailingSince.IsZero(), "it answers again")
		_, err = b.SystemHealth(b.ctx, b.people["dana"])
		require.Error(t, err)
	})
}
