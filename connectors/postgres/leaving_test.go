package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// TestLeaving ends sessions first and then closes the account, with one that came in between.
func TestLeaving(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	before := b.session(t, b.email("ana"))
	sessions, suspend := b.provider.(connectors.Leaving).Leaving()
	b.do(t, sessions, connectors.Call{})
	require.False(t, alive(t, before))
	between := b.session(t, b.email("ana"))
	b.do(t, suspend, connectors.Call{})
	require.False(t, alive(t, between))
	_, err := b.login(t, b.email("ana"))
	require.Error(t, err)
	require.Equal(t, connectors.Already, b.run(t, sessions, connectors.Call{}).Outcome)
	b.do(t, "enable_user", connectors.Call{})
	require.True(t, alive(t, b.session(t, b.email("ana"))))
	nobody := b.run(t, "enable_user", connectors.Call{Args: map[string]any{"user": "nobody"}})
	require.Equal(t, "Refused: nobody has no account: let a create_user step come first", nobody.Summary)
}
