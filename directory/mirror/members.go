package mirror

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// set is a set of ids of users.
type set map[string]bool

func setOf(ids []string) set {
	s := make(set, len(ids))
	for _, id := range ids {
		s[id] = true
	}
	return s
}

func (s set) sorted() []string { return slices.Sorted(maps.Keys(s)) }

// without are the ids that are not in others, each once, in order.
func (s set) without(others set) []string {
	var rest []string
	for _, id := range s.sorted() {
		if !others[id] {
			rest = append(rest, id)
		}
	}
	return rest
}

// moved is what operations on the members of a group come to together: who was in it before and is not, and who is and
// was not. emptied: all of several members were removed at once, whoever came in their place.
type moved struct {
	removed, added set
	emptied        bool
}

func (m moved) any() bool { return len(m.removed)+len(m.added) > 0 }

func (m moved) leave(ids []string) {
	for _, id := range ids {
		if m.added[id] {
			delete(m.added, id)
			continue
		}
		m.removed[id] = true
	}
}

func (m moved) join(ids []string) {
	for _, id := range ids {
		if m.removed[id] {
			delete(m.removed, id)
			continue
		}
		m.added[id] = true
	}
}

// moveMembers carries out the operations. What it costs follows what they change: only to replace all members means to
// read all.
func moveMembers(ctx context.Context, j *flows.Journal, group db.DirectoryGroup, operations []scim.MemberOp) (moved, error) {
	all := moved{removed: set{}, added: set{}}
	for _, one := range operations {
		var err error
		switch one.Op {
		case scim.AddMembers:
			err = all.addRows(ctx, j, group, one.Values)
		case scim.RemoveMembers:
			err = all.removeRows(ctx, j, group, one.Values)
		case scim.ReplaceMembers:
			err = all.replaceRows(ctx, j, group, one.Values)
		case scim.ClearMembers:
			var gone []string
			gone, err = db.ClearDirectoryMembers(ctx, j, group.ID)
			all.leave(gone)
		default:
			err = fmt.Errorf("change members of %s: no such operation as %q", group.ID, one.Op)
		}
		if err != nil {
			return moved{}, err
		}
	}
	if len(all.removed) < 2 {
		return all, nil
	}
	stay, err := db.HasMoreDirectoryMembers(ctx, j, group.ID, len(all.added))
	all.emptied = !stay
	return all, err
}

func (m moved) addRows(ctx context.Context, j *flows.Journal, group db.DirectoryGroup, ids []string) error {
	wanted := setOf(ids)
	known, err := db.KnownDirectoryUsers(ctx, j, group.DirectoryID, wanted.sorted())
	if err != nil {
		return err
	}
	if missing := wanted.without(setOf(known)); len(missing) > 0 {
		return UnknownMemberError{ID: missing[0]}
	}
	news, err := db.AddDirectoryMembers(ctx, j, group.ID, known)
	m.join(news)
	return err
}

func (m moved) removeRows(ctx context.Context, j *flows.Journal, group db.DirectoryGroup, ids []string) error {
	gone, err := db.RemoveDirectoryMembers(ctx, j, group.ID, setOf(ids).sorted())
	m.leave(gone)
	return err
}

func (m moved) replaceRows(ctx context.Context, j *flows.Journal, group db.DirectoryGroup, ids []string) error {
	members, err := db.DirectoryMembers(ctx, j, group.ID)
	if err != nil {
		return err
	}
	are, wanted := setOf(members), setOf(ids)
	if err := m.removeRows(ctx, j, group, are.without(wanted)); err != nil {
		return err
	}
	return m.addRows(ctx, j, group, wanted.without(are))
}
