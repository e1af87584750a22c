package mirror

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// SaveGroup writes a group as the directory has it now; without an id in was, a new one. Members are changed by the
// operations alone, in their order, and what they come to together is what the journal says. ErrTaken says that the
// name is another's, ErrNoUser that there is no such user to add.
func SaveGroup(ctx context.Context, j *flows.Journal, was db.DirectoryGroup, resource scim.Resource, told Told, members ...scim.MemberOp) (db.DirectoryGroup, error) {
	before, err := Group(was)
	if err != nil {
		return was, err
	}
	row, err := groupRow(j.Directory.ID, was, resource)
	if err != nil {
		return was, err
	}
	if !told.At.IsZero() {
		row.ToldAt = told.At
	}
	if was.ID == "" || row.DisplayKey != was.DisplayKey {
		if err := displayIsFree(ctx, j, row); err != nil {
			return was, err
		}
	}
	if was.ID == "" {
		row.ID, row.Version, row.CreatedAt, row.ChangedAt = newID("dgr", j.Now), 1, j.Now, j.Now
		if err := db.InsertDirectoryGroup(ctx, j, row); err != nil {
			return was, err
		}
	}
	moved, err := moveMembers(ctx, j, row, members)
	if err != nil {
		return was, err
	}
	if err := storeGroup(ctx, j, was, &row, moved); err != nil {
		return was, err
	}
	after, err := Group(row)
	if err != nil {
		return was, err
	}
	old, now := scim.Changed(scim.Groups(), before, after)
	add(j, told, groupChanges(was, row, old, now, moved)...)
	return row, nil
}

// ChangeMembers changes who is in a group, as SaveGroup does, and nothing else of it.
func ChangeMembers(ctx context.Context, j *flows.Journal, was db.DirectoryGroup, told Told, members ...scim.MemberOp) (db.DirectoryGroup, error) {
	resource, err := Group(was)
	if err != nil {
		return was, err
	}
	return SaveGroup(ctx, j, was, resource, told, members...)
}

// groupRow fills a row from a resource.
func groupRow(directoryID string, was db.DirectoryGroup, resource scim.Resource) (db.DirectoryGroup, error) {
	row := was
	row.DirectoryID = directoryID
	row.DisplayName, row.ExternalID = text(resource, "displayName"), text(resource, "externalId")
	row.DisplayKey = strings.ToLower(row.DisplayName)
	var err error
	row.Resource, err = write(resource, "members")
	return row, err
}

func displayIsFree(ctx context.Context, j *flows.Journal, row db.DirectoryGroup) error {
	_, err := db.DirectoryGroupByName(ctx, j, row.DirectoryID, row.DisplayName)
	if err == nil {
		return fmt.Errorf("group %s: %w", row.DisplayName, ErrTaken)
	}
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

// storeGroup writes the row of a group that was there before: as a new version if it or its members are new.
func storeGroup(ctx context.Context, j *flows.Journal, was db.DirectoryGroup, row *db.DirectoryGroup, moved moved) error {
	if was.ID == "" {
		return nil
	}
	if row.Resource != was.Resource || moved.any() {
		row.Version, row.ChangedAt = was.Version+1, j.Now
	}
	if row.Version == was.Version && row.ToldAt.Equal(was.ToldAt) {
		return nil
	}
	return db.UpdateDirectoryGroup(ctx, j, *row, was.Version)
}

// groupChanges are what a write changed of a group. Who leaves comes before who joins.
func groupChanges(was, row db.DirectoryGroup, old, now map[string]any, moved moved) []db.DirectoryChange {
	change := func(kind string) db.DirectoryChange {
		return db.DirectoryChange{Kind: kind, GroupID: row.ID, Label: row.DisplayName}
	}
	var changes []db.DirectoryChange
	if was.ID == "" || len(old)+len(now) > 0 {
		one := change(db.GroupUpdated)
		if was.ID == "" {
			one = change(db.GroupCreated)
		}
		one.Before, one.After = old, now
		changes = append(changes, one)
	}
	if len(moved.removed) > 0 {
		one := change(db.MembersRemoved)
		if moved.emptied {
			one = change(db.GroupEmptied)
		}
		one.Members = moved.removed.sorted()
		changes = append(changes, one)
	}
	if len(moved.added) > 0 {
		one := change(db.MembersAdded)
		one.Members = moved.added.sorted()
		changes = append(changes, one)
	}
	return changes
}

// DeleteGroup takes a group out of the directory. The change says who was in it.
func DeleteGroup(ctx context.Context, j *flows.Journal, was db.DirectoryGroup, told Told) error {
	before, err := Group(was)
	if err != nil {
		return err
	}
	members, err := db.ClearDirectoryMembers(ctx, j, was.ID)
	if err != nil {
		return err
	}
	row := was
	row.Version, row.ChangedAt, row.DeletedAt = was.Version+1, j.Now, j.Now
	if !told.At.IsZero() {
		row.ToldAt = told.At
	}
	if err := db.UpdateDirectoryGroup(ctx, j, row, was.Version); err != nil {
		return err
	}
	old, _ := scim.Changed(scim.Groups(), before, scim.Resource{})
	add(j, told, db.DirectoryChange{
		Kind: db.GroupDeleted, GroupID: row.ID, Label: row.DisplayName, Before: old, Members: setOf(members).sorted(),
	})
	return nil
}
