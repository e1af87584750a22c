package directory

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// groups is the kind of resource that has members.
type groups struct{}

func (groups) typ() *scim.Type { return scim.Groups() }
func (groups) limit() int64    { return groupLimit }
func (groups) related() string { return "members" }

func (groups) entry(row db.DirectoryGroup) (entry, error) {
	resource, err := mirror.Group(row)
	return entry{id: row.ID, version: row.Version, created: row.CreatedAt, changed: row.ChangedAt, resource: resource, group: row}, err
}

func (g groups) read(ctx context.Context, q bun.IDB, directoryID, id string) (entry, error) {
	row, err := db.DirectoryGroupByID(ctx, q, directoryID, id)
	if err != nil {
		return entry{}, err
	}
	return g.entry(row)
}

func (g groups) lock(ctx context.Context, j *flows.Journal, id string) (entry, error) {
	row, err := db.LockDirectoryGroup(ctx, j, j.Directory.ID, id)
	if err != nil {
		return entry{}, err
	}
	return g.entry(row)
}

func (g groups) page(ctx context.Context, q bun.IDB, filter db.DirectoryFilter) ([]entry, error) {
	rows, err := db.DirectoryGroupPage(ctx, q, filter)
	return entries(rows, g.entry, err)
}

func (groups) total(ctx context.Context, q bun.IDB, filter db.DirectoryFilter) (int64, error) {
	return db.DirectoryGroupTotal(ctx, q, filter)
}

// column knows the attributes that identity providers look groups up by.
func (groups) column(equality scim.Equality) (found db.DirectoryEqual, exact, ok bool) {
	text, _ := equality.Value.(string)
	switch equality.Attribute {
	case "id":
		return db.DirectoryEqual{Column: "id", Value: text}, true, true
	case "displayname":
		return db.DirectoryEqual{Column: "display_key", Value: strings.ToLower(text)}, true, true
	case "externalid":
		return db.DirectoryEqual{Column: "external_id", Value: text}, true, text != ""
	case "members.value":
		return db.DirectoryEqual{Column: db.DirectoryHasMember, Value: text}, true, true
	}
	return found, false, false
}

func (groups) attach(ctx context.Context, q bun.IDB, base string, entries []entry) error {
	if len(entries) == 0 {
		return nil
	}
	ids := make([]string, 0, len(entries))
	for _, one := range entries {
		ids = append(ids, one.id)
	}
	rows, err := db.MembersOfDirectoryGroups(ctx, q, ids, relatedLimit(ids))
	if err == nil {
		err = fewEnough(ids, len(rows))
	}
	if err != nil {
		return err
	}
	members := make(map[string][]any, len(entries))
	for _, row := range rows {
		members[row.GroupID] = append(members[row.GroupID], map[string]any{
			"value": row.UserID, "$ref": base + scim.Users().Endpoint + "/" + row.UserID, "type": scim.Users().Name,
		})
	}
	for _, one := range entries {
		if some := members[one.id]; some != nil {
			one.resource["members"] = some
		}
	}
	return nil
}

func (g groups) save(ctx context.Context, j *flows.Journal, was entry, resource scim.Resource, members []scim.MemberOp) (entry, error) {
	row, err := mirror.SaveGroup(ctx, j, was.group, resource, mirror.Told{}, members...)
	if err != nil {
		return entry{}, err
	}
	return g.entry(row)
}

func (groups) remove(ctx context.Context, j *flows.Journal, was entry) error {
	return mirror.DeleteGroup(ctx, j, was.group, mirror.Told{})
}
