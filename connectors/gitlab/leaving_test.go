package gitlab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// TestLeaving blocks the account: its tokens are turned away then.
func TestLeaving(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"token": secretFile(t, adminToken)})
	b.server.AddToken("glpat-anas-secret", "ana", "api")
	anas := b.open(t, map[string]any{"token": secretFile(t, "glpat-anas-secret")})
	require.NoError(t, anas.Check(t.Context()))
	sessions, suspend := b.provider.(connectors.Leaving).Leaving()
	require.Empty(t, sessions)
	require.Equal(t, connectors.Applied, b.run(t, suspend, nil).Outcome)
	user, _ := b.server.User("ana")
	require.Equal(t, "blocked", user.State)
	require.Error(t, anas.Check(t.Context()))
	require.Equal(t, connectors.Applied, b.run(t, "enable_user", nil).Outcome)
	require.NoError(t, anas.Check(t.Context()))
	nobody := b.run(t, "enable_user", map[string]any{"user": "nobody@example.com"})
	require.Equal(t, "Refused: nobody@example.com has no account: let a create_user step come first", nobody.Summary)
}
