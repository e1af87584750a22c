package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/bot"
)

// TestNotesStandUnderTheirProvider is what an operator reads about plans and scopes.
func TestNotesStandUnderTheirProvider(t *testing.T) {
	t.Parallel()
	findings := []bot.Finding{{Name: "provider slack", OK: true, Detail: "reached"}}
	findings = append(findings, noted([]string{"channels: yes", "user groups: need\na paid plan"}, nil)...)
	findings = append(findings, bot.Finding{Name: "provider drive", Detail: "401", Mend: "Check the token."})
	findings = append(findings, noted(nil, errors.New("no answer"))...)
	require.Equal(t, `ok   provider slack: reached
     channels: yes
     user groups: need a paid plan
BAD  provider drive: 401
     Check the token.
     what it may do is not known: no answer
`, told(findings))
}
