package gitlab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// TestLastUsed reads the day of the last activity, and says nothing where GitLab does not.
func TestLastUsed(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"token": secretFile(t, adminToken)})
	b.server.AddUser(gitlabtest.User{Username: "busy", Email: "busy@example.com", LastActivity: "2026-11-19"})
	b.server.AddUser(gitlabtest.User{Username: "idle", Email: "idle@example.com"})
	usage, tells := connectors.As[connectors.Usage](b.provider)
	require.True(t, tells)
	for email, want := range map[string]time.Time{
		"busy@example.com": time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC), "idle@example.com": {}, "nobody@example.com": {},
	} {
		at, err := usage.LastUsed(t.Context(), connectors.Person{Email: email})
		require.NoError(t, err)
		require.True(t, want.Equal(at), email)
	}
}
