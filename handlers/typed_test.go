package handlers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

func TestTyped(t *testing.T) {
	t.Parallel()
	store, err := db.Open(t.Context(), "sqlite:"+t.TempDir()+"/usher.db")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	_, err = store.Migrate(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.InsertPerson(t.Context(), store, db.Person{ID: "per_1", Email: "ben@example.com", Name: "Ben Okafor", SlackID: "U1", Kind: db.Member, Active: true}))
	h := &Handlers{store: store}
	for name, c := range map[string][2]string{
		"plain":       {"because of the logo", "because of the logo"},
		"person":      {"because <@U1|ben> said so", "because @Ben Okafor said so"},
		"stranger":    {"because <@U9|sora> and <@U8>", "because @sora and @U8"},
		"channel":     {"see <#C1|access> or <#C2|>", "see #access or #C2"},
		"link":        {"see <https://a.example/x?a=1&amp;b=2>", "see https://a.example/x?a=1&b=2"},
		"mail":        {"<mailto:a@example.com|a@example.com>", "a@example.com"},
		"escaped":     {"R&amp;D &lt;needs&gt; it", "R&D <needs> it"},
		"not escaped": {"R&D <needs> it", "R&D <needs> it"},
		"once only":   {"&amp;lt;", "&lt;"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c[1], h.typed(t.Context(), c[0])) })
	}
}
