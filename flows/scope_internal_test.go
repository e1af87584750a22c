package flows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/rules"
)

func TestConditionsAreSaidAsSentences(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		"!check_user.active":                    "check_user finds no active account",
		"find.exists":                           "find finds one",
		"ask_manager.approved":                  "ask_manager is approved",
		"!find.exists && true":                  "!find.exists && true",
		"subject.department == 'Design'":        "the department of whoever it is for is Design",
		"requester.title != 'Head of Design'":   "the title of whoever asks is not Head of Design",
		"subject.department == 'D' || true":     "subject.department == 'D' || true",
		"entitlement.risk == 'high'":            "its risk is high",
		"duration <= duration('1h')":            "it is for 1 hour at most",
		"duration < duration('8h')":             "it is for less than 8 hours",
		"duration >= duration('7d')":            "it is for 7 days or longer",
		"duration > duration('30m')":            "it is for longer than 30 minutes",
		"find.exists || find.active":            "find.exists || find.active",
		"!(find.exists)":                        "!(find.exists)",
		"duration > duration('1d') && a.exists": "duration > duration('1d') && a.exists",
	} {
		require.Equal(t, want, conditionWords(when))
	}
}

func TestEndpointsAreSaidAsSentences(t *testing.T) {
	t.Parallel()
	scope := rules.Scope{"entitlement": map[string]any{"target": "Editors"}, "subject": map[string]any{"email": "ana@example.com"}}
	for endpoint, want := range map[string]string{
		"add_user_to_group":     "add user ana@example.com to group Editors",
		"remove_user_from_role": "remove user ana@example.com from role Editors",
		"get_user":              "get user ana@example.com",
		"sync":                  "sync",
	} {
		require.Equal(t, want, callWords(endpoint, nil, scope))
	}
	require.Equal(t, "add user ana@example.com to group Readers", callWords("add_user_to_group", map[string]string{"group": "Readers"}, scope))
}
