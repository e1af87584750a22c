package ldap_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/connectors"
)

// truth is what the directory holds about ana.
type truth struct{ exists, locked, member bool }

// wanted says what must be true after an endpoint was applied.
var wanted = map[string]func(truth) bool{
	"create_user":            func(is truth) bool { return is.exists && !is.locked },
	"disable_user":           func(is truth) bool { return !is.exists || is.locked },
	"delete_user":            func(is truth) bool { return !is.exists && !is.member },
	"add_user_to_group":      func(is truth) bool { return is.member },
	"remove_user_from_group": func(is truth) bool { return !is.member },
}

// TestOutcomesAreTrue runs endpoints in any order over a line that may be cut at any write, and compares each outcome
// with what the directory really holds: Applied and Already mean that it is so, Refused and Transient that this run
// changed nothing, and settling an Unknown tells the truth.
func TestOutcomesAreTrue(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"consistency": "0s"})
	b.do(t, "create_group", to("Editors"))
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			endpoint := rapid.SampledFrom(slices.Sorted(maps.Keys(wanted))).Draw(rt, "endpoint")
			was := b.truth(t)
			b.wire.cut.Store(rapid.SampledFrom([]int64{nowhere, before, after}).Draw(rt, "cut"))
			result := b.run(t, endpoint, to("Editors"))
			b.wire.cut.Store(nowhere)
			b.requireTrue(t, rt, endpoint, result, was)
			if result.Outcome == connectors.Unknown {
				was = b.truth(t)
				settled := b.run(t, endpoint, connectors.Call{Target: "Editors", Settle: true})
				require.NotEqual(rt, connectors.Unknown, settled.Outcome, settled.Summary)
				b.requireTrue(t, rt, endpoint, settled, was)
			}
		}
	})
}

// requireTrue compares an outcome with what the directory holds.
func (b *bench) requireTrue(t *testing.T, rt *rapid.T, endpoint string, result connectors.Result, was truth) {
	t.Helper()
	is := b.truth(t)
	switch result.Outcome {
	case connectors.Applied, connectors.Already:
		require.True(rt, wanted[endpoint](is), "%s says %s: %s: %+v", endpoint, result.Outcome, result.Summary, is)
	case connectors.Refused, connectors.Transient:
		require.Equal(rt, was, is, "%s says %s: %s", endpoint, result.Outcome, result.Summary)
	}
}

// truth asks the directory itself.
func (b *bench) truth(t *testing.T) truth {
	t.Helper()
	return truth{
		exists: b.values(t, anaDN, "cn") != nil,
		locked: slices.Contains(b.values(t, anaDN, "pwdAccountLockedTime"), "000001010000Z"),
		member: slices.Contains(b.values(t, editorsDN, "member"), anaDN),
	}
}
