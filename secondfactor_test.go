package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/connectors/oidc/oidctest"
	"github.com/usherhq/usher/db"
)

// TestDoctorKnowsWhoCanProve compares the settings with the chains that ask for a second factor, and asks a real
// identity provider whether it offers what is needed.
func TestDoctorKnowsWhoCanProve(t *testing.T) {
	t.Parallel()
	chains := []db.ApprovalChain{
		{Slug: "plain", Active: true, Steps: []db.Step{{}}},
		{Slug: "off", Steps: []db.Step{{StepUp: true}}},
		{Slug: "proven", Active: true, Steps: []db.Step{{}, {StepUp: true}, {StepUp: true}}},
	}
	bare := proofSettings{}
	found := bare.findings(t.Context(), chains)
	require.Len(t, found, 1)
	require.Equal(t, "USHER_SECRET_KEY is not set, and nobody can approve what these chains ask for a second factor: proven", found[0].Detail)
	require.Empty(t, bare.findings(t.Context(), chains[:2]))
	keyed := proofSettings{Key: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", Wait: "24h"}
	require.NoError(t, keyed.check())
	require.Empty(t, keyed.findings(t.Context(), chains))

	keyed.Issuer, keyed.Client = oidctest.Start(t), oidctest.Public
	require.NoError(t, keyed.check())
	require.Equal(t, []bot.Finding{{Name: "sign-ins", OK: true, Detail: "the identity provider offers sign-ins from Slack"}}, keyed.findings(t.Context(), nil))
	keyed.Issuer = "http://127.0.0.1:1"
	require.NoError(t, keyed.check(), "it may be down while Usher starts")
	found = keyed.findings(t.Context(), nil)
	require.False(t, found[0].OK)
	require.Contains(t, found[0].Mend, "USHER_OIDC_ISSUER")
}
