package slack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	workspace "github.com/usherhq/usher/demo/slack"
)

// TestLeaving signs a person out and then deactivates the account, by the names that the provider gives.
func TestLeaving(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: enterprise})
	for _, device := range []string{"Mac", "Phone"} {
		require.NoError(t, b.SignIn("ana", device, false))
	}
	sessions, suspend := b.provider.(connectors.Leaving).Leaving()
	b.expect(t, connectors.Applied, sessions, "")
	require.Zero(t, b.Sessions("ana"))
	b.expect(t, connectors.Applied, suspend, "")
	require.Equal(t, false, b.expect(t, connectors.Applied, "get_user", "").Output["active"])
	b.expect(t, connectors.Already, sessions, "")
	b.expect(t, connectors.Already, suspend, "")
	b.expect(t, connectors.Applied, "enable_user", "")
	b.expect(t, connectors.Applied, suspend, "")
	requireSays(t, b.expect(t, connectors.Refused, "enable_user", "", "user", "nobody@example.com"), "has no account in Slack")
}

// TestLeavingOffEnterprise ends sessions by deactivating the account, where Slack does not let them be ended alone.
func TestLeavingOffEnterprise(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: workspace.Options{BusinessPlus: true}})
	require.NoError(t, b.SignIn("ana", "Mac", false))
	sessions, suspend := b.provider.(connectors.Leaving).Leaving()
	b.expect(t, connectors.Refused, sessions, "")
	b.expect(t, connectors.Applied, suspend, "")
	require.Zero(t, b.Sessions("ana"))

	b.provider = newProviderWithout(t, b, "team_id")
	sessions, suspend = b.provider.(connectors.Leaving).Leaving()
	require.Equal(t, []string{"", "disable_user"}, []string{sessions, suspend})
	b.provider = newProviderWithout(t, b, "admin_token")
	sessions, suspend = b.provider.(connectors.Leaving).Leaving()
	require.Equal(t, []string{"", ""}, []string{sessions, suspend})
}
