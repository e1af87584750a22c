package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// Group is a set of people: a Slack user group or a group of the directory.
type Group struct {
	bun.BaseModel `bun:"table:groups,alias:grp"`

	ID       string    `bun:"id,pk"`
	Source   string    `bun:"source"` // slack, directory or config
	Handle   string    `bun:"handle"` // without "@"
	Name     string    `bun:"name"`
	SlackID  string    `bun:"slack_id,nullzero"`
	SyncedAt time.Time `bun:"synced_at,nullzero"`
}

// GroupMember says that a person is in a group.
type GroupMember struct {
	bun.BaseModel `bun:"table:group_members,alias:member"`

	GroupID  string `bun:"group_id,pk"`
	PersonID string `bun:"person_id,pk"`
}

// HandleTaken says whether a group of one of some sources has a handle.
func HandleTaken(ctx context.Context, q bun.IDB, handle string, sources ...string) (bool, error) {
	taken, err := q.NewSelect().Model((*Group)(nil)).Where("handle = ?", handle).Where("source IN ?", bun.Tuple(sources)).Exists(ctx)
	return taken, wrap(err, "look for group "+handle)
}

// GroupByHandle reads the group of a source ("slack", "directory" or "config") by its handle.
func GroupByHandle(ctx context.Context, q bun.IDB, source, handle string) (Group, error) {
	var row Group
	err := q.NewSelect().Model(&row).Where("source = ?", source).Where("handle = ?", handle).Scan(ctx)
	return row, absent(err, "group", handle)
}

// SaveGroup adds a group or brings its name and times up to date, and returns it with its id.
func SaveGroup(ctx context.Context, q bun.IDB, row Group) (Group, error) {
	if row.ID == "" {
		row.ID = NewID("grp")
	}
	_, err := q.NewInsert().Model(&row).
		On("CONFLICT (source, handle) DO UPDATE").
		Set("name = EXCLUDED.name, slack_id = EXCLUDED.slack_id, synced_at = EXCLUDED.synced_at").
		Exec(ctx)
	if err != nil {
		return Group{}, fmt.Errorf("save group %s: %w", row.Handle, err)
	}
	return GroupByHandle(ctx, q, row.Source, row.Handle)
}

// SetMembers makes the members of a group exactly the people named.
func SetMembers(ctx context.Context, q bun.IDB, groupID string, people []string) error {
	drop := q.NewDelete().Model((*GroupMember)(nil)).Where("group_id = ?", groupID)
	if len(people) > 0 {
		drop = drop.Where("person_id NOT IN ?", bun.Tuple(people))
	}
	if _, err := drop.Exec(ctx); err != nil {
		return fmt.Errorf("remove members of %s: %w", groupID, err)
	}
	for _, person := range people {
		row := GroupMember{GroupID: groupID, PersonID: person}
		if _, err := q.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return fmt.Errorf("add member of %s: %w", groupID, err)
		}
	}
	return nil
}

// Members reads the people of a group, ordered by e-mail address.
func Members(ctx context.Context, q bun.IDB, groupID string) ([]Person, error) {
	var rows []Person
	err := q.NewSelect().Model(&rows).
		Where("id IN (SELECT person_id FROM group_members WHERE group_id = ?)", groupID).
		Order("email").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read members of %s: %w", groupID, err)
	}
	return rows, nil
}

// notShadowed leaves out the groups of directories, in the table grp, with whose handle the operator's file has somebody in a
// group: a directory gives nobody what the file gives by that name.
const notShadowed = "NOT (grp.source = 'directory' AND grp.handle IN (SELECT own.handle FROM groups AS own " +
	"JOIN group_members AS mine ON mine.group_id = own.id WHERE own.source = 'config'))"

// GroupsOf reads the handles of the groups that a person is in, ordered.
func GroupsOf(ctx context.Context, q bun.IDB, personID string) ([]string, error) {
	handles := []string{}
	err := q.NewSelect().Model((*Group)(nil)).Column("handle").
		Where("id IN (SELECT group_id FROM group_members WHERE person_id = ?)", personID).Where(notShadowed).
		Order("handle").Scan(ctx, &handles)
	if err != nil {
		return nil, fmt.Errorf("read groups of %s: %w", personID, err)
	}
	return handles, nil
}

// AddGroupMembers adds people to a group, besides those who are in it.
func AddGroupMembers(ctx context.Context, q bun.IDB, groupID string, people []string) error {
	for some := range slices.Chunk(people, memberBatch) {
		rows := make([]GroupMember, 0, len(some))
		for _, id := range some {
			rows = append(rows, GroupMember{GroupID: groupID, PersonID: id})
		}
		if _, err := q.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return fmt.Errorf("add members of %s: %w", groupID, err)
		}
	}
	return nil
}

// RemoveGroupMembers takes people out of a group.
func RemoveGroupMembers(ctx context.Context, q bun.IDB, groupID string, people []string) error {
	for some := range slices.Chunk(people, memberBatch) {
		_, err := q.NewDelete().Model((*GroupMember)(nil)).Where("group_id = ?", groupID).Where("person_id IN ?", bun.Tuple(some)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("remove members of %s: %w", groupID, err)
		}
	}
	return nil
}

// MemberIDs reads the ids of the people of a group.
func MemberIDs(ctx context.Context, q bun.IDB, groupID string) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*GroupMember)(nil)).Column("person_id").Where("group_id = ?", groupID).Order("person_id").Scan(ctx, &ids)
	return ids, wrap(err, "read members of "+groupID)
}

// DeleteGroup removes a group with its members, and tells the group of the directory that it is no longer.
func DeleteGroup(ctx context.Context, q bun.IDB, groupID string) error {
	if _, err := q.NewUpdate().Model((*DirectoryGroup)(nil)).Set("group_id = NULL").Where("group_id = ?", groupID).Exec(ctx); err != nil {
		return fmt.Errorf("remove group %s: %w", groupID, err)
	}
	_, err := q.NewDelete().Model((*Group)(nil)).Where("id = ?", groupID).Exec(ctx)
	return wrap(err, "remove group "+groupID)
}
