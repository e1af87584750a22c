package gitlab_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// anas is ana's nth token.
func anas(n int) string { return fmt.Sprintf("glpat-ana-secret-%d", n) }

// TestRevokeTokens revokes more tokens than fit on a page, and those of nobody else.
func TestRevokeTokens(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"token": secretFile(t, adminToken)})
	for n := range 120 {
		b.server.AddToken(anas(n), "ana", "api")
	}
	result := b.run(t, "revoke_tokens", nil)
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Equal(t, "Revoked the personal access tokens of ana@example.com", result.Summary)
	require.Equal(t, "ana@example.com has 120 personal access tokens", result.Evidence[0].Summary)
	require.Equal(t, 0, result.Output["left"])
	require.Error(t, b.open(t, map[string]any{"token": secretFile(t, anas(7))}).Check(t.Context()))
	require.NoError(t, b.open(t, nil).Check(t.Context()), "the bot's goes on")
	require.Equal(t, connectors.Already, b.run(t, "revoke_tokens", nil).Outcome)
	require.Equal(t, connectors.Already, b.run(t, "revoke_tokens", map[string]any{"user": "nobody@example.com"}).Outcome)
}

// TestRevokeTokensHalfway fails at the second of three: what was revoked is never called nothing, and the rest follows.
func TestRevokeTokensHalfway(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]gitlabtest.Fault{
		"rate limited": gitlabtest.RateLimitedRetryAfter, "not done": gitlabtest.BadGateway, "refused": gitlabtest.Unprocessable,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]any{"token": secretFile(t, adminToken), "consistency": "0s"})
			for n := range 3 {
				b.server.AddToken(anas(n), "ana", "api")
			}
			b.server.Inject(fault, "DELETE", b.server.TokenPath(anas(1)))
			result := b.run(t, "revoke_tokens", nil)
			require.Equal(t, connectors.Unknown, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, "1 of 3 tokens are revoked, but:")
			settled := b.call(t, "revoke_tokens", connectors.Call{Settle: true})
			require.Equal(t, connectors.Applied, settled.Outcome, settled.Summary)
			require.Equal(t, 0, settled.Output["left"])
		})
	}
}

// TestRevokeTokensRefuses what would be wrong or cannot be seen.
func TestRevokeTokensRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	result := b.run(t, "revoke_tokens", nil)
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "is not an administrator's")
	b.provider = b.open(t, map[string]any{"token": secretFile(t, adminToken)})
	result = b.run(t, "revoke_tokens", map[string]any{"user": "root"})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "own token belongs to root")
	require.Zero(t, b.server.Writes())
}
