package flows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// What becomes of two changes of the same user, and what is left.
func TestMergeHeld(t *testing.T) {
	t.Parallel()
	type facts = map[string]any
	for name, tc := range map[string]struct {
		older, newer, left db.HeldChange
		fate               fate
	}{
		"somebody new, with newer values": {
			older: db.HeldChange{Kind: db.UserCreated, After: facts{"title": "A", "userName": "z"}},
			newer: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "A"}, After: facts{"title": "B"}},
			left:  db.HeldChange{Kind: db.UserCreated, After: facts{"title": "B", "userName": "z"}}, fate: merged,
		},
		"somebody new who loses an attribute": {
			older: db.HeldChange{Kind: db.UserCreated, After: facts{"title": "A", "userName": "z"}},
			newer: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "A"}},
			left:  db.HeldChange{Kind: db.UserCreated, After: facts{"userName": "z"}}, fate: merged,
		},
		"from the first value to the last": {
			older: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "A"}, After: facts{"title": "B"}},
			newer: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "B"}, After: facts{"title": "C", "x": 1}},
			left:  db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "A"}, After: facts{"title": "C", "x": 1}}, fate: merged,
		},
		"there and back": {
			older: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "A"}, After: facts{"title": "B"}},
			newer: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "B"}, After: facts{"title": "A"}},
			left:  db.HeldChange{Kind: db.UserUpdated, Before: facts{}, After: facts{}}, fate: undone,
		},
		"added and taken away": {
			older: db.HeldChange{Kind: db.UserUpdated, After: facts{"title": "B"}},
			newer: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "B"}},
			left:  db.HeldChange{Kind: db.UserUpdated, Before: facts{}, After: facts{}}, fate: undone,
		},
		"a return brings what changed before it": {
			older: db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "A"}, After: facts{"title": "B"}},
			newer: db.HeldChange{Kind: db.UserResumed, Before: facts{"active": false}, After: facts{"active": true}},
			left:  db.HeldChange{Kind: db.UserResumed, Before: facts{"active": false, "title": "A"}, After: facts{"active": true, "title": "B"}}, fate: merged,
		},
		"no return after all": {
			older: db.HeldChange{Kind: db.UserResumed, Before: facts{"active": false}, After: facts{"active": true}},
			newer: db.HeldChange{Kind: db.UserSuspended, Before: facts{"active": true}, After: facts{"active": false}},
			left:  db.HeldChange{Kind: db.UserUpdated, Before: facts{}, After: facts{}}, fate: undone,
		},
		"no return, but another title": {
			older: db.HeldChange{Kind: db.UserResumed, Before: facts{"active": false, "title": "A"}, After: facts{"active": true, "title": "B"}},
			newer: db.HeldChange{Kind: db.UserSuspended, Before: facts{"active": true}, After: facts{"active": false}},
			left:  db.HeldChange{Kind: db.UserUpdated, Before: facts{"title": "A"}, After: facts{"title": "B"}}, fate: merged,
		},
		"suspended by mistake": {
			older: db.HeldChange{Kind: db.UserSuspended, Before: facts{"active": true}, After: facts{"active": false}},
			newer: db.HeldChange{Kind: db.UserResumed, Before: facts{"active": false}, After: facts{"active": true}},
			left:  db.HeldChange{Kind: db.UserUpdated, Before: facts{}, After: facts{}}, fate: undone,
		},
		"suspension keeps its own way": {
			older: db.HeldChange{Kind: db.UserSuspended}, newer: db.HeldChange{Kind: db.UserUpdated, After: facts{"x": 1}},
			left: db.HeldChange{Kind: db.UserUpdated, After: facts{"x": 1}}, fate: apart,
		},
		"deleted before anybody knew":       {older: db.HeldChange{Kind: db.UserCreated}, newer: db.HeldChange{Kind: db.UserDeleted}, left: db.HeldChange{Kind: db.UserDeleted}, fate: undone},
		"deleted with what had changed":     {older: db.HeldChange{Kind: db.UserUpdated}, newer: db.HeldChange{Kind: db.UserDeleted}, left: db.HeldChange{Kind: db.UserDeleted}, fate: replaced},
		"in and out of a group":             {older: db.HeldChange{Kind: db.MembersAdded}, newer: db.HeldChange{Kind: db.MembersRemoved}, left: db.HeldChange{Kind: db.MembersRemoved}, fate: undone},
		"out of a group and in":             {older: db.HeldChange{Kind: db.MembersRemoved}, newer: db.HeldChange{Kind: db.MembersAdded}, left: db.HeldChange{Kind: db.MembersAdded}, fate: undone},
		"a group that is gone before it is": {older: db.HeldChange{Kind: db.GroupCreated}, newer: db.HeldChange{Kind: db.GroupDeleted}, left: db.HeldChange{Kind: db.GroupDeleted}, fate: undone},
		"emptied twice": {
			older: db.HeldChange{Kind: db.GroupEmptied, Before: membersBefore([]string{"b", "a"})},
			newer: db.HeldChange{Kind: db.GroupEmptied, Before: membersBefore([]string{"c", "a"})},
			left:  db.HeldChange{Kind: db.GroupEmptied, Before: membersBefore([]string{"a", "b", "c"})}, fate: merged,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			what, left := mergeHeld(tc.older, tc.newer)
			require.Equal(t, tc.fate, what)
			require.Equal(t, tc.left.Kind, left.Kind)
			require.Equal(t, tc.left.Before, left.Before)
			require.Equal(t, tc.left.After, left.After)
		})
	}
}

// What a directory wrote is never read as a placeholder, and an attribute is sent whole.
func TestDownstreamArguments(t *testing.T) {
	t.Parallel()
	told := mirrored{
		user: db.DirectoryUser{UserName: "{{ requester.email }}"}, userName: "{{ requester.email }}",
		resource: map[string]any{"title": "{{x}}", "name": map[string]any{"givenName": "Z", "familyName": "Y"}, enterprise: map[string]any{"department": "A", "division": "B"}},
	}
	held := db.HeldChange{
		Kind:   db.UserUpdated,
		Before: map[string]any{"name.givenName": "Q", "nickName": "N", enterprise + ":department": "O", "urn:acme:1.0:User:color": "red"},
		After:  map[string]any{"name.givenName": "Z", enterprise + ":department": "A", "title": "{{x}}"},
	}
	script, plan := downstream(held, told, "drive", "Acme Drive")
	require.Equal(t, "drive_api_sync_user", script.Type)
	require.Equal(t, "change the account of {{ requester.email }} at Acme Drive", plan)
	require.Equal(t, map[string]any{
		"user": `{{ "{{" }} requester.email }}`,
		"resource": map[string]any{
			"title": `{{ "{{" }}x}}`, "nickName": nil, "urn:acme:1.0:User": nil,
			"name": map[string]any{"givenName": "Z", "familyName": "Y"}, enterprise: map[string]any{"department": "A", "division": "B"},
		},
	}, script.Args)
	none, _ := downstream(db.HeldChange{Kind: db.DirectoryDeleted}, told, "drive", "Acme Drive")
	require.Empty(t, none.Type, "nobody's account is touched for a directory as a whole")
}
