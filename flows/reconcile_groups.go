package flows

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// How groups are compared: so many together, and so many differences put right in one transaction. On SQLite everything
// else waits for it.
const (
	groupBatch    = 20
	mismatchBatch = 2000
)

// members compares who is in which group.
func (r *reconciling) members(ctx context.Context) error {
	for after := ""; ; {
		groups, err := db.LiveDirectoryGroups(ctx, r.f.store, r.directory.ID, after, groupBatch)
		if err != nil || len(groups) == 0 {
			return err
		}
		after = groups[len(groups)-1]
		if err := r.membersOf(ctx, groups); err != nil {
			return err
		}
	}
}

// membersOf compares who is in some groups.
func (r *reconciling) membersOf(ctx context.Context, groups []string) error {
	for _, one := range []struct {
		kind string
		find func(ctx context.Context, q bun.IDB, groups []string, limit int64) ([]db.Mismatch, error)
	}{
		{db.MembersAdded, db.MissingMembers},
		{db.MembersRemoved, db.SurplusMembers},
	} {
		for more := true; more; {
			err := r.f.change(ctx, func(ctx context.Context, c *change) error {
				if err := db.LockEffects(ctx, c, r.directory.ID); err != nil {
					return err
				}
				found, err := one.find(ctx, c, groups, mismatchBatch)
				if err != nil {
					return err
				}
				righted, err := r.mismatches(ctx, c, one.kind, found)
				more = righted > 0 && len(found) == mismatchBatch
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// mismatches puts right who is in groups, or reports it; it returns how many were put right.
func (r *reconciling) mismatches(ctx context.Context, c *change, kind string, found []db.Mismatch) (int, error) {
	people, groups := map[string][]string{}, map[string]string{}
	for _, one := range found {
		people[one.DirectoryGroupID] = append(people[one.DirectoryGroupID], one.PersonID)
		groups[one.DirectoryGroupID] = one.GroupID
	}
	var ids []string
	for id := range groups {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	undecided, err := db.UndecidedGroups(ctx, c, ids)
	if err != nil {
		return 0, err
	}
	righted := 0
	for _, id := range ids {
		if slices.Contains(undecided, id) {
			r.found.Undecided++
			continue
		}
		if r.directory.Policy.ModeOf(kind) == db.Hold {
			if err := r.reportGroup(ctx, c, kind, id, len(people[id])); err != nil {
				return 0, err
			}
			continue
		}
		if kind == db.MembersAdded {
			err = db.AddGroupMembers(ctx, c, groups[id], people[id])
		} else {
			err = db.RemoveGroupMembers(ctx, c, groups[id], people[id])
		}
		if err == nil {
			err = c.noteAll(ctx, people[id], r.directory.Slug)
		}
		if err != nil {
			return 0, err
		}
		righted += len(people[id])
	}
	r.found.Righted += righted
	return righted, nil
}

// reportGroup opens a drift of a group of which nobody has decided anything else.
func (r *reconciling) reportGroup(ctx context.Context, c *change, kind, groupID string, people int) error {
	r.found.Differ++
	decided, err := db.OpenDriftsLike(ctx, c, r.directory.ID, "group|"+groupID+"|")
	if err != nil || len(decided) > 0 {
		return err
	}
	told, err := db.AnyDirectoryGroup(ctx, c, groupID)
	if err != nil {
		return err
	}
	words := fmt.Sprintf("%s has %d people in %s who are not in it.", r.directory.Name, people, told.DisplayName)
	if kind == db.MembersRemoved {
		words = fmt.Sprintf("%d people are in %s whom %s does not have in it.", people, told.DisplayName, r.directory.Name)
	}
	return r.open(ctx, c, db.Drift{Key: kind + "|" + groupID, Kind: driftMissing, Words: words}, told.DisplayName)
}

// open opens a drift and tells of it, unless it is open with the same words.
func (r *reconciling) open(ctx context.Context, c *change, row db.Drift, subject string) error {
	open, err := db.DriftsByKey(ctx, c, r.directory.ID, []string{row.Key})
	if err != nil || len(open) > 0 && open[0].Words == row.Words {
		return err
	}
	row.ID, row.DirectoryID, row.Since = db.NewID("drf"), r.directory.ID, c.now
	if err := db.OpenDrifts(ctx, c, []db.Drift{row}); err != nil {
		return err
	}
	return c.recordDirectory(r.directory, "drift.found", subject, db.Details{Kind: row.Kind, Summary: row.Words})
}
