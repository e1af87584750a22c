package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/audit"
)

// noon is the time of the entries in these tests, in a zone that is not UTC.
var noon = time.Date(2026, 3, 2, 13, 0, 0, 120_000_999, time.FixedZone("CET", 3600))

func TestSealNumbersDatesAndLinks(t *testing.T) {
	t.Parallel()
	given := []db.AuditEvent{
		{Actor: "ann@example.com", ActorKind: "person", Action: "request.created", Details: `{"reason":"audit"}`},
		{ActorKind: "system", Action: "grant.created"},
	}
	sealed := audit.Seal(db.AuditHead{Seq: 4, Hash: "abc"}, given, noon)
	require.Len(t, sealed, 2)
	require.EqualValues(t, 5, sealed[0].Seq)
	require.EqualValues(t, 6, sealed[1].Seq)
	require.Equal(t, "2026-03-02T12:00:00.120000Z", sealed[0].At)
	require.Equal(t, given[0].Details, sealed[0].Details)
	require.Equal(t, "{}", sealed[1].Details)
	require.Equal(t, audit.Hash("abc", sealed[0]), sealed[0].Hash)
	require.Equal(t, audit.Hash(sealed[0].Hash, sealed[1]), sealed[1].Hash)
	require.Empty(t, given[0].Hash, "the caller's events are not changed")
	require.Empty(t, audit.Seal(db.AuditHead{}, nil, noon))
}

func TestSealMakesTextsStorable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ given, want string }{
		"spaces":           {"{ \"a\": 1,\n\"b\": [ ] }", `{"a":1,"b":[]}`},
		"no object":        {`["a"]`, `{"text":"[\"a\"]"}`},
		"no JSON":          {"oops", `{"text":"oops"}`},
		"only spaces":      {"  ", `{"text":"  "}`},
		"broken UTF-8":     {"{\"a\":\"\xff\"}", "{\"a\":\"\uFFFD\"}"},
		"numbers as are":   {`{"a":1.50,"b":12345678901234567890}`, `{"a":1.50,"b":12345678901234567890}`},
		"escapes as are":   {`{"a":"\u003c<"}`, `{"a":"\u003c<"}`},
		"keys given twice": {`{"a":1,"a":2}`, `{"a":1,"a":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sealed := audit.Seal(db.AuditHead{}, []db.AuditEvent{{Details: tc.given, Script: "a\x00b\r\nc\xff"}}, noon)
			require.Equal(t, tc.want, sealed[0].Details)
			require.Equal(t, "a b  c\uFFFD", sealed[0].Script)
			require.Equal(t, audit.Hash("", sealed[0]), sealed[0].Hash)
		})
	}
}

func TestHashSeesWhereFieldsEnd(t *testing.T) {
	t.Parallel()
	same := db.AuditEvent{Actor: "ab", ActorKind: "c"}
	moved := db.AuditEvent{Actor: "a", ActorKind: "bc"}
	forged := db.AuditEvent{Actor: "ab,1:c", ActorKind: ""}
	require.NotEqual(t, audit.Hash("", same), audit.Hash("", moved))
	require.NotEqual(t, audit.Hash("", same), audit.Hash("", forged))
	require.NotEqual(t, audit.Hash("", same), audit.Hash("x", same))
	require.Equal(t, audit.Hash("", same), audit.Hash("", db.AuditEvent{Actor: "ab", ActorKind: "c", Hash: "other"}))
	require.Len(t, audit.Hash("", same), 64)
	require.Equal(t, strings.ToLower(audit.Hash("", same)), audit.Hash("", same))
}
