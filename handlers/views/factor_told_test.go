package views_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func TestFactorTold(t *testing.T) {
	t.Parallel()
	const until = `{"until":"2026-03-02T09:00:00Z"}`
	const date = "<!date^1772442000^{date_short_pretty} at {time}|2026-03-02 09:00 UTC>"
	for action, want := range map[string]string{
		"factor.enrolled": "An authenticator app was set up for you. It counts for approvals from " + date + ". If that was not you, tell an admin now.",
		"factor.dropped":  "Your authenticator app was removed. If that was not you, tell an admin now.",
		"factor.locked":   "There were too many wrong codes of your authenticator app. None is taken until " + date + ". If that was not you, tell an admin now.",
		"factor.reset":    "<@U0ANA> removed your authenticator app. Set up another in Usher's Home when you need one.",
	} {
		event := db.AuditEvent{Actor: "ana@example.com", Action: action, Details: until}
		names := views.Names{People: mention}
		require.Equal(t, want, views.FactorTold(event, names).Text, action)
	}
}
