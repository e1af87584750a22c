package flows

import (
	"maps"
	"reflect"
	"slices"

	"github.com/usherhq/usher/db"
)

// fate is what becomes of a change on which nobody has decided, and of a newer one of the same user or group.
type fate int

const (
	apart    fate = iota // they have nothing to do with each other
	replaced             // only the newer one is left
	merged               // one change is left that does both
	undone               // the newer one takes the older one back: nothing is left
)

// fates says what becomes of an older and a newer change of the same user, group or membership. What it leaves out is
// apart. A user who is deleted and a group that is deleted take their memberships with them.
var fates = map[[2]string]fate{
	{db.UserCreated, db.UserUpdated}:   merged,
	{db.UserCreated, db.UserResumed}:   merged,
	{db.UserCreated, db.UserSuspended}: replaced,
	{db.UserCreated, db.UserDeleted}:   undone,

	{db.UserUpdated, db.UserUpdated}:   merged,
	{db.UserUpdated, db.UserResumed}:   merged,
	{db.UserUpdated, db.UserSuspended}: replaced,
	{db.UserUpdated, db.UserDeleted}:   replaced,

	{db.UserSuspended, db.UserResumed}: undone,

	{db.UserResumed, db.UserUpdated}:   merged,
	{db.UserResumed, db.UserSuspended}: undone,
	{db.UserResumed, db.UserDeleted}:   replaced,

	{db.GroupCreated, db.GroupUpdated}: merged,
	{db.GroupCreated, db.GroupDeleted}: undone,
	{db.GroupUpdated, db.GroupUpdated}: merged,
	{db.GroupUpdated, db.GroupDeleted}: replaced,
	{db.GroupEmptied, db.GroupDeleted}: replaced,
	{db.GroupEmptied, db.GroupEmptied}: merged,

	{db.MembersAdded, db.MembersRemoved}: undone,
	{db.MembersRemoved, db.MembersAdded}: undone,

	{db.MembersAdded, db.UserDeleted}:    replaced,
	{db.MembersRemoved, db.UserDeleted}:  replaced,
	{db.MembersAdded, db.GroupDeleted}:   replaced,
	{db.MembersRemoved, db.GroupDeleted}: replaced,
}

// mergeHeld says what becomes of two changes, and what is left of the newer one. A change that both make starts from what was
// before the older one and ends with the newest values.
func mergeHeld(older, newer db.HeldChange) (fate, db.HeldChange) {
	what := fates[[2]string{older.Kind, newer.Kind}]
	returns := older.Kind == db.UserResumed || newer.Kind == db.UserResumed
	if what != merged && !(what == undone && returns) {
		return what, newer
	}
	if newer.Kind == db.GroupEmptied {
		newer.Before = membersBefore(union(membersIn(older), membersIn(newer)))
		return merged, newer
	}
	kind := mergedKind(older.Kind, newer.Kind)
	if what == undone { // somebody stays as active as he was: what else changed of him is left
		kind = db.UserUpdated
	}
	newer.Before, newer.After = spanned(older, newer)
	if newer.Kind = kind; kind == db.UserCreated || kind == db.GroupCreated {
		newer.Before, newer.Seq = nil, min(older.Seq, newer.Seq) // memberships that were written since go on waiting for it
		return merged, newer
	}
	if len(newer.Before)+len(newer.After) == 0 {
		return undone, newer
	}
	return merged, newer
}

// mergedKind is the kind of a change that does what two did: something that is new stays new, and whoever returns does so
// with what changed of them.
func mergedKind(older, newer string) string {
	switch {
	case older == db.UserCreated, older == db.GroupCreated, older == db.UserResumed:
		return older
	}
	return newer
}

// spanned is what differs from before the older change to after the newer one. A path that only one map of a change has
// had no value in the other.
func spanned(older, newer db.HeldChange) (before, after map[string]any) {
	before, after = maps.Clone(older.Before), maps.Clone(newer.After)
	if before == nil {
		before = map[string]any{}
	}
	if after == nil {
		after = map[string]any{}
	}
	for path, value := range newer.Before {
		if !mentions(older, path) {
			before[path] = value
		}
	}
	for path, value := range older.After {
		if !mentions(newer, path) {
			after[path] = value
		}
	}
	for path, value := range before {
		if now, is := after[path]; is && reflect.DeepEqual(value, now) {
			delete(before, path)
			delete(after, path)
		}
	}
	return before, after
}

func mentions(held db.HeldChange, path string) bool {
	_, before := held.Before[path]
	_, after := held.After[path]
	return before || after
}

// membersKey is where a change that empties a group has the ids of those who were in it.
const membersKey = "members"

func membersBefore(ids []string) map[string]any {
	list := make([]any, len(ids))
	for n, id := range ids {
		list[n] = id
	}
	return map[string]any{membersKey: list}
}

// membersIn are the ids of the users whom a change takes out of a group that it empties.
func membersIn(held db.HeldChange) []string {
	list, _ := held.Before[membersKey].([]any)
	var ids []string
	for _, one := range list {
		if id, is := one.(string); is {
			ids = append(ids, id)
		}
	}
	return ids
}

func union(some, more []string) []string {
	all := slices.Concat(some, more)
	slices.Sort(all)
	return slices.Compact(all)
}

// minus are those of some that are not in others.
func minus(some, others []string) []string {
	return slices.DeleteFunc(slices.Clone(some), func(id string) bool { return slices.Contains(others, id) })
}
