package ldap_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// TestLeaving locks the account where the settings say how; elsewhere nothing is promised.
func TestLeaving(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	sessions, suspend := b.provider.(connectors.Leaving).Leaving()
	require.Empty(t, sessions)
	require.Equal(t, false, b.do(t, suspend, connectors.Call{}).Output["active"])
	require.Equal(t, true, b.do(t, "enable_user", connectors.Call{}).Output["active"])
	nobody := b.run(t, "enable_user", connectors.Call{Args: map[string]any{"user": "nobody@example.com"}})
	require.Equal(t, "Refused: nobody@example.com has no account: let a create_user step come first", nobody.Summary)
	for _, settings := range []map[string]any{{"disable": "none", "policy_dn": nil}, {"disable": nil, "policy_dn": nil}} {
		sessions, suspend = b.open(t, settings).(connectors.Leaving).Leaving()
		require.Equal(t, []string{"", ""}, []string{sessions, suspend})
	}
}
