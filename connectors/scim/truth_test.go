package scim_test

import (
	"maps"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/demo/target"
)

// faults are what may happen to a write.
var faults = map[string]trick{
	"none": nil, "429": status(429), "403": status(403), "409": status(409), "500": status(500), "lost": hangUp,
	"done, 500": committed(status(500)), "done, lost": committed(hangUp), "done, 409": committed(status(409)),
}

// wanted says what must be true at the target after an endpoint was applied.
var wanted = map[string]func(user target.User, exists bool) bool{
	"create_user":            func(u target.User, exists bool) bool { return exists && u.Active },
	"disable_user":           func(u target.User, exists bool) bool { return !exists || !u.Active },
	"delete_user":            func(_ target.User, exists bool) bool { return !exists },
	"add_user_to_group":      func(u target.User, _ bool) bool { return slices.Contains(u.Groups, "Editors") },
	"remove_user_from_group": func(u target.User, _ bool) bool { return !slices.Contains(u.Groups, "Editors") },
	"add_user_to_role":       func(u target.User, _ bool) bool { return slices.Contains(u.Roles, "Editors") },
	"allocate_license":       func(u target.User, _ bool) bool { return slices.Contains(u.Licenses, "Editors") },
	"release_license":        func(u target.User, _ bool) bool { return !slices.Contains(u.Licenses, "Editors") },
	"remove_user_from_role":  func(u target.User, _ bool) bool { return !slices.Contains(u.Roles, "Editors") },
}

// TestOutcomesAreTrue runs endpoints in any order against a target that fails in any way, and compares each outcome
// with what the target really holds: Applied and Already mean that it is so, Refused and Transient that this run
// changed nothing, and settling an Unknown tells the truth.
func TestOutcomesAreTrue(t *testing.T) {
	t.Parallel()
	var fault atomic.Pointer[trick]
	var readsFail atomic.Bool
	faulty := func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		do := fault.Load()
		switch {
		case r.Method == http.MethodGet && readsFail.Load():
			status(500)(w, r, next)
		case r.Method == http.MethodGet || *do == nil:
			next.ServeHTTP(w, r)
		default:
			(*do)(w, r, next)
		}
	}
	for _, patch := range []string{"on", "off"} {
		b := newBench(t, faulty, map[string]any{"consistency": "0s", "patch": patch})
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 8).Draw(rt, "steps") {
				endpoint := rapid.SampledFrom(slices.Sorted(maps.Keys(wanted))).Draw(rt, "endpoint")
				do := faults[rapid.SampledFrom(slices.Sorted(maps.Keys(faults))).Draw(rt, "fault")]
				fault.Store(&do)
				readsFail.Store(rapid.IntRange(0, 9).Draw(rt, "reads fail at 0") == 0)
				before := b.system.Mutations()
				result := b.run(t, t.Context(), endpoint, connectors.Call{})
				b.requireTrue(rt, endpoint, result, before)
				none := trick(nil)
				fault.Store(&none)
				readsFail.Store(false)
				if result.Outcome == connectors.Unknown {
					before = b.system.Mutations()
					settled := b.run(t, t.Context(), endpoint, connectors.Call{Settle: true})
					require.NotEqual(rt, connectors.Unknown, settled.Outcome, settled.Summary)
					b.requireTrue(rt, endpoint, settled, before)
				}
			}
		})
	}
}

// requireTrue compares an outcome with what the target holds. Before counts the changes until this run.
func (b *bench) requireTrue(t require.TestingT, endpoint string, result connectors.Result, before int) {
	user, exists := b.system.User("ana@example.com")
	switch result.Outcome {
	case connectors.Applied, connectors.Already:
		require.True(t, wanted[endpoint](user, exists), "%s says %s: %s", endpoint, result.Outcome, result.Summary)
	case connectors.Refused, connectors.Transient:
		require.Equal(t, before, b.system.Mutations(), "%s says %s: %s", endpoint, result.Outcome, result.Summary)
	}
	require.LessOrEqual(t, b.system.Mutations(), before+1, "one run makes at most one change")
}
