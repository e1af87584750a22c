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

// users is the kind of resource that people are, with the attributes that their directory has.
type users struct{ of *scim.Type }

func (u users) typ() *scim.Type { return u.of }
func (users) limit() int64      { return userLimit }
func (users) related() string   { return "groups" }

func (users) entry(row db.DirectoryUser) (entry, error) {
	resource, err := mirror.User(row)
	return entry{id: row.ID, version: row.Version, created: row.CreatedAt, changed: row.ChangedAt, resource: resource, user: row}, err
}

func (u users) read(ctx context.Context, q bun.IDB, directoryID, id string) (entry, error) {
	row, err := db.DirectoryUserByID(ctx, q, directoryID, id)
	if err != nil {
		return entry{}, err
	}
	return u.entry(row)
}

func (u users) lock(ctx context.Context, j *flows.Journal, id string) (entry, error) {
	row, err := db.LockDirectoryUser(ctx, j, j.Directory.ID, id)
	if err != nil {
		return entry{}, err
	}
	return u.entry(row)
}

func (u users) page(ctx context.Context, q bun.IDB, filter db.DirectoryFilter) ([]entry, error) {
	rows, err := db.DirectoryUserPage(ctx, q, filter)
	return entries(rows, u.entry, err)
}

func (users) total(ctx context.Context, q bun.IDB, filter db.DirectoryFilter) (int64, error) {
	return db.DirectoryUserTotal(ctx, q, filter)
}

// column knows the attributes that identity providers look users up by. Which element of the addresses is meant the
// database does not know.
func (users) column(equality scim.Equality) (found db.DirectoryEqual, exact, ok bool) {
	text, _ := equality.Value.(string)
	switch equality.Attribute {
	case "id":
		return db.DirectoryEqual{Column: "id", Value: text}, true, true
	case "username":
		return db.DirectoryEqual{Column: "user_key", Value: strings.ToLower(text)}, true, true
	case "externalid":
		return db.DirectoryEqual{Column: "external_id", Value: text}, true, text != ""
	case "emails.value":
		return db.DirectoryEqual{Column: db.DirectoryAddresses, Value: strings.ToLower(strings.TrimSpace(text))}, false, true
	case "groups.value":
		return db.DirectoryEqual{Column: db.DirectoryMemberOf, Value: text}, true, true
	case "active":
		return db.DirectoryEqual{Column: "active", Value: equality.Value}, true, true
	}
	return found, false, false
}

func (users) attach(ctx context.Context, q bun.IDB, base string, entries []entry) error {
	if len(entries) == 0 {
		return nil
	}
	ids := make([]string, 0, len(entries))
	for _, one := range entries {
		ids = append(ids, one.id)
	}
	rows, err := db.MembershipsOfUsers(ctx, q, ids, relatedLimit(ids))
	if err == nil {
		err = fewEnough(ids, len(rows))
	}
	if err != nil {
		return err
	}
	groups := make(map[string][]any, len(entries))
	for _, row := range rows {
		groups[row.UserID] = append(groups[row.UserID], map[string]any{
			"value": row.GroupID, "$ref": base + scim.Groups().Endpoint + "/" + row.GroupID, "display": row.DisplayName, "type": "direct",
		})
	}
	for _, one := range entries {
		if some := groups[one.id]; some != nil {
			one.resource["groups"] = some
		}
	}
	return nil
}

func (u users) save(ctx context.Context, j *flows.Journal, was entry, resource scim.Resource, _ []scim.MemberOp) (entry, error) {
	row, err := mirror.SaveUser(ctx, j, was.user, resource, mirror.Told{})
	if err != nil {
		return entry{}, err
	}
	return u.entry(row)
}

func (users) remove(ctx context.Context, j *flows.Journal, was entry) error {
	return mirror.DeleteUser(ctx, j, was.user, mirror.Told{})
}

// entries reads the resources of rows.
func entries[T any](rows []T, read func(T) (entry, error), err error) ([]entry, error) {
	all := make([]entry, 0, len(rows))
	for _, row := range rows {
		one, wrong := read(row)
		if wrong != nil {
			return nil, wrong
		}
		all = append(all, one)
	}
	return all, err
}
