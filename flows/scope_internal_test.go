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
		"subject.department == 'Design'":        "subject.department == 'Design'",
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
