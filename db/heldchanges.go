package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// What becomes of a held change, besides Approved, Denied and Failed.
const (
	HeldGathering  = "gathering"  // others of its kind may join it in one card
	HeldWaiting    = "waiting"    // people are asked
	HeldWritten    = "written"    // approved, and so here and downstream
	HeldExpired    = "expired"    // nobody decided in time
	HeldSuperseded = "superseded" // the directory wrote something newer meanwhile
	HeldDiscarded  = "discarded"
)

// HeldChange is one thing that people decide on before it is so: a change of one user, of one group, or of one user's
// membership of a group.
type HeldChange struct {
	bun.BaseModel `bun:"table:held_changes,alias:held_change"`

	ID           string         `bun:"id,pk"`
	DirectoryID  string         `bun:"directory_id"`
	ChangeID     string         `bun:"change_id"`
	Seq          int64          `bun:"seq"` // of the change
	Kind         string         `bun:"kind"`
	UserID       string         `bun:"user_id"`
	GroupID      string         `bun:"group_id"`
	Label        string         `bun:"label"`
	Before       map[string]any `bun:"before_value,type:jsonb"`
	After        map[string]any `bun:"after_value,type:jsonb"`
	Route        string         `bun:"route"` // what is gathered in one card has the same directory, kind and route
	Status       string         `bun:"status"`
	SupersededBy string         `bun:"superseded_by"` // id of the newer change
	RequestID    string         `bun:"request_id"`
	ItemID       string         `bun:"item_id"`
	DueAt        time.Time      `bun:"due_at"`
	CreatedAt    time.Time      `bun:"created_at"`
	SettledAt    time.Time      `bun:"settled_at,nullzero"`
}

// LanePrefix begins the lanes of what is written for directories: see RequestItem.Lane. In such a lane nothing overtakes
// what failed before it, except the end of a user's use.
const LanePrefix = "directory|"

// heldLive are the statuses in which a held change can still be superseded: nobody has decided on it.
var heldLive = []string{HeldGathering, HeldWaiting}

// heldBusy are the statuses of a change that is not so yet and may become so.
var heldBusy = []string{HeldGathering, HeldWaiting, Approved}

// rowBatch is how many rows of many columns one statement writes.
const rowBatch = 500

// InsertHeldChanges adds held changes.
func InsertHeldChanges(ctx context.Context, q bun.IDB, rows []HeldChange) error {
	for some := range slices.Chunk(rows, rowBatch) {
		if _, err := q.NewInsert().Model(&some).Exec(ctx); err != nil {
			return fmt.Errorf("hold changes: %w", err)
		}
	}
	return nil
}

// LiveHeld reads the held changes of a directory's users and groups on which nobody has decided, oldest first. A change of
// a membership is one of both.
func LiveHeld(ctx context.Context, q bun.IDB, directoryID string, users, groups []string) ([]HeldChange, error) {
	return heldOf(ctx, q, directoryID, users, groups, heldLive)
}

// BusyHeld is LiveHeld with those that are approved and not written yet.
func BusyHeld(ctx context.Context, q bun.IDB, directoryID string, users, groups []string) ([]HeldChange, error) {
	return heldOf(ctx, q, directoryID, users, groups, heldBusy)
}

func heldOf(ctx context.Context, q bun.IDB, directoryID string, users, groups, statuses []string) ([]HeldChange, error) {
	found := map[string]HeldChange{}
	read := func(column string, ids []string) error {
		for some := range slices.Chunk(ids, idBatch) {
			var rows []HeldChange
			err := q.NewSelect().Model(&rows).Where("? IN (?)", bun.Ident(column), bun.List(some)).Where("status IN (?)", bun.List(statuses)).
				Where("status IN ('gathering', 'waiting', 'approved')"). // as the index has it
				Where("directory_id = ?", directoryID).Scan(ctx)
			if err != nil {
				return fmt.Errorf("read held changes of directory %s: %w", directoryID, err)
			}
			for _, row := range rows {
				found[row.ID] = row
			}
		}
		return nil
	}
	if err := errors.Join(read("user_id", users), read("group_id", groups)); err != nil {
		return nil, err
	}
	rows := slices.Collect(maps.Values(found))
	slices.SortFunc(rows, func(a, b HeldChange) int { return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.ID, b.ID)) })
	return rows, nil
}

// LastHeld reads the newest held change of each of some kinds about one user, group or membership that was not superseded.
func LastHeld(ctx context.Context, q bun.IDB, like HeldChange, kinds []string) (HeldChange, error) {
	var row HeldChange
	err := q.NewSelect().Model(&row).Where("directory_id = ?", like.DirectoryID).
		Where("user_id = ?", like.UserID).Where("group_id = ?", like.GroupID).Where("kind IN (?)", bun.List(kinds)).
		Where("status <> ?", HeldSuperseded).Order("created_at DESC", "seq DESC").Limit(1).Scan(ctx)
	return row, absent(err, "held change of", like.UserID+like.GroupID)
}

// LastCreations reads the newest held change by which each of some users is to be created, by user. Who has none is not in it.
func LastCreations(ctx context.Context, q bun.IDB, directoryID string, users []string) (map[string]HeldChange, error) {
	last := map[string]HeldChange{}
	for some := range slices.Chunk(users, idBatch) {
		var rows []HeldChange
		err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).Where("user_id IN (?)", bun.List(some)).Where("user_id <> ''").
			Where("group_id = ''").Where("kind = ?", UserCreated).Order("created_at", "seq").
			OrderExpr("CASE WHEN status = ? THEN 0 ELSE 1 END", HeldSuperseded). // one that took its place at the same moment counts
			Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read creations of users: %w", err)
		}
		for _, row := range rows {
			last[row.UserID] = row
		}
	}
	return last, nil
}

// BusyEnds reads the held changes that delete another user or group of a directory with the same name as one that is made
// anew, as far as they may still be written.
func BusyEnds(ctx context.Context, q bun.IDB, made HeldChange) ([]HeldChange, error) {
	kind, column, same := UserDeleted, "user_id", "SELECT gone.id FROM directory_users AS gone JOIN directory_users AS made ON made.user_key = gone.user_key AND made.directory_id = gone.directory_id WHERE made.id = ? AND gone.id <> made.id"
	id := made.UserID
	if made.UserID == "" {
		kind, column, same, id = GroupDeleted, "group_id", "SELECT gone.id FROM directory_groups AS gone JOIN directory_groups AS made ON made.display_key = gone.display_key AND made.directory_id = gone.directory_id WHERE made.id = ? AND gone.id <> made.id", made.GroupID
	}
	some, err := HasBusyEnds(ctx, q, made.DirectoryID, kind)
	if err != nil || !some { // mostly there is none, and names need not be compared
		return nil, err
	}
	var rows []HeldChange
	err = busyEnds(q, made.DirectoryID, kind).Model(&rows).Where("? IN ("+same+")", bun.Ident(column), id).Order("seq").Scan(ctx)
	return rows, wrap(err, "read deletions of the same name")
}

// HasBusyEnds says whether there are held changes of a directory that delete users, or groups, and may still be written.
func HasBusyEnds(ctx context.Context, q bun.IDB, directoryID, kind string) (bool, error) {
	found, err := busyEnds(q, directoryID, kind).Exists(ctx)
	return found, wrap(err, "look for deletions")
}

func busyEnds(q bun.IDB, directoryID, kind string) *bun.SelectQuery {
	return q.NewSelect().Model((*HeldChange)(nil)).Where("directory_id = ?", directoryID).Where("kind = ?", kind).
		Where("kind IN ('user_deleted', 'group_deleted')").Where("status IN ('gathering', 'waiting', 'approved')")
}

// HeldOfItem reads the held change that an item of a request asks about.
func HeldOfItem(ctx context.Context, q bun.IDB, itemID string) (HeldChange, error) {
	var row HeldChange
	err := q.NewSelect().Model(&row).Where("item_id = ?", itemID).Where("item_id <> ''").Scan(ctx)
	return row, absent(err, "held change of item", itemID)
}

// HeldByID reads one held change.
func HeldByID(ctx context.Context, q bun.IDB, id string) (HeldChange, error) {
	var row HeldChange
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "held change", id)
}

// HeldOfRequest reads the held changes that a request asks about, in the order of its items.
func HeldOfRequest(ctx context.Context, q bun.IDB, requestID string) ([]HeldChange, error) {
	var rows []HeldChange
	err := q.NewSelect().Model(&rows).Where("request_id = ?", requestID).Where("request_id <> ''").
		Order("seq", "label", "id").Scan(ctx)
	return rows, wrap(err, "read held changes of "+requestID)
}

// GathersHeld says whether changes of the same kind are gathered already for the same people to decide.
func GathersHeld(ctx context.Context, q bun.IDB, like HeldChange) (bool, error) {
	found, err := gathering(q, like).Exists(ctx)
	return found, wrap(err, "look for gathered changes")
}

func gathering(q bun.IDB, like HeldChange) *bun.SelectQuery {
	return q.NewSelect().Model((*HeldChange)(nil)).Where("status = ?", HeldGathering).Where("status = 'gathering'").
		Where("directory_id = ?", like.DirectoryID).Where("kind = ?", like.Kind).Where("route = ?", like.Route)
}

// HeldToAsk reads gathered changes of a directory that one request asks about: those of one kind and route, of which the
// first is due, oldest first, at most limit. There may be none.
func HeldToAsk(ctx context.Context, q bun.IDB, directoryID string, now time.Time, limit int64) ([]HeldChange, error) {
	var due, rows []HeldChange
	err := q.NewSelect().Model(&due).Where("status = ?", HeldGathering).Where("status = 'gathering'").Where("directory_id = ?", directoryID).
		Where("due_at <= ?", now).Order("due_at", "seq", "id").Limit(1).Scan(ctx)
	if err != nil || len(due) == 0 {
		return nil, wrap(err, "read gathered changes")
	}
	err = gathering(q, due[0]).Model(&rows).Order("seq", "label", "id").Limit(limit).Scan(ctx)
	return rows, wrap(err, "read gathered changes")
}

// DirectoriesToAsk reads the ids of the directories that have gathered changes which are due.
func DirectoriesToAsk(ctx context.Context, q bun.IDB, now time.Time) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*HeldChange)(nil)).Distinct().Column("directory_id").
		Where("status = ?", HeldGathering).Where("status = 'gathering'").Where("due_at <= ?", now).Scan(ctx, &ids)
	return ids, wrap(err, "look for gathered changes")
}

// HeldToBegin reads the ids of approved changes that nothing carries out yet, oldest first, at most limit.
func HeldToBegin(ctx context.Context, q bun.IDB, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*HeldChange)(nil)).Column("held_change.id").Where("held_change.status = ?", Approved).
		Where("held_change.status IN ('gathering', 'waiting', 'approved')").
		Where("NOT EXISTS (SELECT 1 FROM grants WHERE grants.item_id = held_change.item_id)").
		Order("held_change.seq").Limit(limit).Scan(ctx, &ids)
	return ids, wrap(err, "look for approved changes")
}

// MoveHeld writes the state of a held change if its status is still from; else ErrConflict.
func MoveHeld(ctx context.Context, q bun.IDB, row HeldChange, from string) error {
	result, err := q.NewUpdate().Model(&row).
		Column("status", "superseded_by", "request_id", "item_id", "settled_at").
		Where("id = ?", row.ID).Where("status = ?", from).Exec(ctx)
	return changed(result, err, "held change", row.ID)
}

// QueuedWork is a flow that waits for its turn in a lane, with the kind of held change that it writes, if it writes one.
type QueuedWork struct {
	bun.BaseModel `bun:"table:action_flows,alias:run"`
	ActionFlow

	HeldKind string `bun:"held_kind"`
}

// WorkInLane reads the flows of a lane that run, wait for their turn or for a person to mend them, oldest first.
func WorkInLane(ctx context.Context, q bun.IDB, lane string) ([]QueuedWork, error) {
	var rows []QueuedWork
	err := q.NewSelect().Model(&rows).ColumnExpr("run.*").
		ColumnExpr("COALESCE((SELECT held.kind FROM held_changes AS held JOIN grants ON grants.item_id = held.item_id WHERE grants.id = run.grant_id), '') AS held_kind").
		Where("run.target_key = ?", lane).Where("run.status IN (?, ?, ?)", Running, Queued, Failed).
		Order("run.created_at", "run.id").Scan(ctx)
	return rows, wrap(err, "read the work in lane "+lane)
}

// LanesToWake reads the lanes in which flows wait though none runs, at most limit.
func LanesToWake(ctx context.Context, q bun.IDB, limit int64) ([]string, error) {
	var lanes []string
	err := q.NewSelect().Model((*ActionFlow)(nil)).Distinct().Column("target_key").Where("run.status = ?", Queued).
		Where("run.target_key LIKE ?", LanePrefix+"%").
		Where("NOT EXISTS (SELECT 1 FROM action_flows AS other WHERE other.target_key = run.target_key AND other.status = ?)", Running).
		Limit(limit).Scan(ctx, &lanes)
	return lanes, wrap(err, "look for lanes that stand still")
}

// NewerEnd says whether a later change of some kinds that ends a user's use was let through: it is written, or about to be.
func NewerEnd(ctx context.Context, q bun.IDB, held HeldChange, kinds []string) (bool, error) {
	found, err := q.NewSelect().Model((*HeldChange)(nil)).Where("directory_id = ?", held.DirectoryID).
		Where("user_id = ?", held.UserID).Where("user_id <> ''").Where("group_id = ''").Where("kind IN (?)", bun.List(kinds)).
		Where("status IN (?, ?)", Approved, HeldWritten).Where("seq > ?", held.Seq).Exists(ctx)
	return found, wrap(err, "look for a later end of "+held.UserID)
}

// DirectoryGroupsWith reads the ids of the groups into which a directory put a user, ordered.
func DirectoryGroupsWith(ctx context.Context, q bun.IDB, userID string) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*DirectoryMember)(nil)).Column("group_id").Where("user_id = ?", userID).Order("group_id").Scan(ctx, &ids)
	return ids, wrap(err, "read groups of directory user "+userID)
}
