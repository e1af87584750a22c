package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// The kinds of change that a directory makes.
const (
	UserCreated      = "user_created"
	UserUpdated      = "user_updated"
	UserSuspended    = "user_suspended" // also what is urgent about a deletion: it comes before UserDeleted
	UserResumed      = "user_resumed"
	UserDeleted      = "user_deleted"
	GroupCreated     = "group_created"
	GroupUpdated     = "group_updated" // its name
	GroupDeleted     = "group_deleted"
	GroupEmptied     = "group_emptied" // all of its members were removed in one write
	MembersAdded     = "members_added"
	MembersRemoved   = "members_removed"
	DirectoryDeleted = "directory_deleted" // all that it knew is gone at once
)

// What became of a change in the journal.
const (
	ChangeRecorded  = "recorded"  // its effect is not worked out yet
	ChangeEffective = "effective" // it is so here
	ChangeHeld      = "held"      // people decide: see HeldChange
	ChangeStopped   = "stopped"   // the breaker holds it
	ChangeDiscarded = "discarded" // a person said that it is not to be
	ChangeOutdated  = "stale"     // the source had told something newer before
	ChangeFailed    = "failed"    // its effect could not be worked out; Reason says why
)

// DirectoryChange is one write of a directory, in the journal that keeps them in order.
type DirectoryChange struct {
	bun.BaseModel `bun:"table:directory_changes,alias:change"`

	ID          string         `bun:"id,pk"`
	DirectoryID string         `bun:"directory_id"`
	Seq         int64          `bun:"seq"`   // from 1, in the order in which the writes were committed
	Event       string         `bun:"event"` // the source's own id; each counts once. Empty: it has none
	Kind        string         `bun:"kind"`
	UserID      string         `bun:"user_id"`
	GroupID     string         `bun:"group_id"`
	Label       string         `bun:"label"` // whom or what it is about: e-mail, user name or name of the group
	Before      map[string]any `bun:"before_value,type:jsonb"`
	After       map[string]any `bun:"after_value,type:jsonb"` // with Before: attributes that differ, by flat path such as name.givenName
	Members     []string       `bun:"members,type:jsonb"`     // ids of users, of a change of a group's members
	Takes       bool           `bun:"takes"`                  // of a UserUpdated: it ends the user's time, or takes access from him
	Status      string         `bun:"status"`
	Reason      string         `bun:"reason"`
	CreatedAt   time.Time      `bun:"created_at"`
	SettledAt   time.Time      `bun:"settled_at,nullzero"`
}

// DirectoryChangeByID reads one change.
func DirectoryChangeByID(ctx context.Context, q bun.IDB, id string) (DirectoryChange, error) {
	var row DirectoryChange
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "directory change", id)
}

// KnowsDirectoryEvent says whether an event of a directory is in the journal.
func KnowsDirectoryEvent(ctx context.Context, q bun.IDB, directoryID, event string) (bool, error) {
	known, err := q.NewSelect().Model((*DirectoryChange)(nil)).Where("directory_id = ?", directoryID).Where("event = ?", event).
		Where("event <> ''").Exists(ctx) // as the index says, or it would not be used
	return known, wrap(err, "look for directory event "+event)
}

// RecordedChanges reads the changes of a directory whose effect is not worked out yet, in their order, at most limit.
func RecordedChanges(ctx context.Context, q bun.IDB, directoryID string, limit int64) ([]DirectoryChange, error) {
	var rows []DirectoryChange
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).Where("status = ?", ChangeRecorded).
		Order("seq").Limit(limit).Scan(ctx)
	return rows, wrap(err, "read recorded changes of directory "+directoryID)
}

// ChangedSince says whether a directory wrote of the same user by a change of a kind after another.
func ChangedSince(ctx context.Context, q bun.IDB, after DirectoryChange, kind string) (bool, error) {
	some, err := q.NewSelect().Model((*DirectoryChange)(nil)).Where("user_id = ?", after.UserID).Where("user_id <> ''").
		Where("seq > ?", after.Seq).Where("kind = ?", kind).Exists(ctx)
	return some, wrap(err, "look for later changes of "+after.UserID)
}

// InsertDirectoryChanges adds changes to the journal.
func InsertDirectoryChanges(ctx context.Context, q bun.IDB, rows []DirectoryChange) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := q.NewInsert().Model(&rows).Exec(ctx)
	return wrap(err, "write to the journal of a directory")
}

// SettleDirectoryChange says what became of a change if its status is still from; else ErrConflict.
func SettleDirectoryChange(ctx context.Context, q bun.IDB, row DirectoryChange, from string) error {
	result, err := q.NewUpdate().Model(&row).Column("status", "reason", "settled_at").
		Where("id = ?", row.ID).Where("status = ?", from).Exec(ctx)
	return changed(result, err, "directory change", row.ID)
}

// unsettled are directories for which there is something to do: the effect of a change is not worked out yet, or a person has
// decided on the stop that held some. It looks at what is open only, however long the journal is.
func unsettled(query *bun.SelectQuery) *bun.SelectQuery {
	return query.Model((*Directory)(nil)).WhereGroup(" AND ", func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("EXISTS (SELECT 1 FROM directory_changes AS change WHERE change.directory_id = dir.id AND change.status = 'recorded')").
			WhereOr("EXISTS (SELECT 1 FROM directory_changes AS change WHERE change.directory_id = dir.id AND change.status = 'stopped') AND " +
				"NOT EXISTS (SELECT 1 FROM directory_stops AS stop WHERE stop.directory_id = dir.id AND stop.status = 'open')")
	})
}

// UnsettledDirectories reads the ids of the directories with changes for which there is something to do.
func UnsettledDirectories(ctx context.Context, q bun.IDB) ([]string, error) {
	var ids []string
	err := unsettled(q.NewSelect()).Column("id").Order("id").Scan(ctx, &ids)
	return ids, wrap(err, "look for recorded changes")
}

// DirectoryUnsettled says whether there is something to do for changes of a directory.
func DirectoryUnsettled(ctx context.Context, q bun.IDB, directoryID string) (bool, error) {
	found, err := unsettled(q.NewSelect()).Where("dir.id = ?", directoryID).Exists(ctx)
	return found, wrap(err, "look for recorded changes of directory "+directoryID)
}
