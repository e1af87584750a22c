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

// deed is an endpoint, and what must be true at the target after it was applied.
type deed struct {
	endpoint string
	args     map[string]any
	holds    func(system *target.Target, user target.User, exists bool) bool
}

// has and hasNot look for a value in what is told of the account.
func has(values func(target.User) []string) func(*target.Target, target.User, bool) bool {
	return func(_ *target.Target, u target.User, _ bool) bool { return slices.Contains(values(u), "Editors") }
}

func hasNot(values func(target.User) []string) func(*target.Target, target.User, bool) bool {
	return func(s *target.Target, u target.User, exists bool) bool { return !has(values)(s, u, exists) }
}

func inGroups(u target.User) []string   { return u.Groups }
func withRoles(u target.User) []string  { return u.Roles }
func withRights(u target.User) []string { return u.Licenses }

func isActive(_ *target.Target, u target.User, exists bool) bool { return exists && u.Active }

var deeds = []deed{
	{"create_user", nil, isActive},
	{"enable_user", nil, isActive},
	{"disable_user", nil, func(_ *target.Target, u target.User, exists bool) bool { return !exists || !u.Active }},
	{"delete_user", nil, func(_ *target.Target, _ target.User, exists bool) bool { return !exists }},
	{
		"sync_user",
		map[string]any{"resource": map[string]any{"title": "Boss", "displayName": "Ana B"}},
		func(_ *target.Target, u target.User, exists bool) bool {
			return exists && u.Title == "Boss" && u.Name == "Ana B"
		},
	},
	{
		"sync_user",
		map[string]any{"resource": map[string]any{"title": nil, "active": false}},
		func(_ *target.Target, u target.User, exists bool) bool { return exists && u.Title == "" && !u.Active },
	},
	{"add_user_to_group", nil, has(inGroups)},
	{"remove_user_from_group", nil, hasNot(inGroups)},
	{
		"set_group_members",
		map[string]any{"members": []any{"ana@example.com", "ben@example.com"}},
		func(s *target.Target, _ target.User, _ bool) bool { return len(s.Members("Editors")) == 2 },
	},
	{
		"set_group_members",
		map[string]any{"members": []any{}},
		func(s *target.Target, _ target.User, _ bool) bool { return len(s.Members("Editors")) == 0 },
	},
	{
		"rename_group",
		map[string]any{"new_name": "Authors"},
		func(s *target.Target, _ target.User, _ bool) bool {
			return s.Members("Authors") != nil && s.Members("Editors") == nil
		},
	},
	{
		"rename_group",
		map[string]any{"group": "Authors", "new_name": "Editors"},
		func(s *target.Target, _ target.User, _ bool) bool {
			return s.Members("Editors") != nil && s.Members("Authors") == nil
		},
	},
	{"add_user_to_role", nil, has(withRoles)},
	{"remove_user_from_role", nil, hasNot(withRoles)},
	{"allocate_license", nil, has(withRights)},
	{"release_license", nil, hasNot(withRights)},
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
				do := deeds[rapid.IntRange(0, len(deeds)-1).Draw(rt, "deed")]
				broken := faults[rapid.SampledFrom(slices.Sorted(maps.Keys(faults))).Draw(rt, "fault")]
				fault.Store(&broken)
				readsFail.Store(rapid.IntRange(0, 9).Draw(rt, "reads fail at 0") == 0)
				before := b.system.Mutations()
				result := b.run(t, t.Context(), do.endpoint, connectors.Call{Args: do.args})
				b.requireTrue(rt, do, result, before)
				none := trick(nil)
				fault.Store(&none)
				readsFail.Store(false)
				if result.Outcome == connectors.Unknown {
					before = b.system.Mutations()
					settled := b.run(t, t.Context(), do.endpoint, connectors.Call{Args: do.args, Settle: true})
					require.NotEqual(rt, connectors.Unknown, settled.Outcome, settled.Summary)
					b.requireTrue(rt, do, settled, before)
				}
			}
		})
	}
}

// requireTrue compares an outcome with what the target holds. Before counts the changes until this run.
func (b *bench) requireTrue(t require.TestingT, do deed, result connectors.Result, before int) {
	user, exists := b.system.User("ana@example.com")
	switch result.Outcome {
	case connectors.Applied, connectors.Already:
		require.True(t, do.holds(b.system, user, exists), "%s says %s: %s", do.endpoint, result.Outcome, result.Summary)
	case connectors.Refused, connectors.Transient:
		require.Equal(t, before, b.system.Mutations(), "%s says %s: %s", do.endpoint, result.Outcome, result.Summary)
	}
	require.LessOrEqual(t, b.system.Mutations(), before+1, "one run makes at most one change")
}
