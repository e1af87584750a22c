package mirror

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// SaveUser writes a user as the directory has it now; without an id in was, a new one. Where the resource does not say
// whether the user is active, a known one stays what it was and a new one is. ErrTaken says that the name is another's.
func SaveUser(ctx context.Context, j *flows.Journal, was db.DirectoryUser, resource scim.Resource, told Told) (db.DirectoryUser, error) {
	before, err := User(was)
	if err != nil {
		return was, err
	}
	row, addresses, err := userRow(j.Directory.ID, was, resource)
	if err != nil {
		return was, err
	}
	if !told.At.IsZero() {
		row.ToldAt = told.At
	}
	if was.ID == "" || row.UserKey != was.UserKey {
		if err := nameIsFree(ctx, j, row); err != nil {
			return was, err
		}
	}
	if err := storeUser(ctx, j, was, &row); err != nil {
		return was, err
	}
	if row.Version == was.Version {
		return row, nil
	}
	after, err := User(row)
	if err != nil {
		return was, err
	}
	old, now := scim.Changed(Users(j.Directory), before, after)
	addCustom(before, after, old, now)
	add(j, told, userChanges(was, row, old, now)...)
	return row, db.SetDirectoryAddresses(ctx, j, row.ID, addresses)
}

// userRow fills a row from a resource, and says which addresses there are besides the one that joins user and person.
func userRow(directoryID string, was db.DirectoryUser, resource scim.Resource) (db.DirectoryUser, []string, error) {
	row := was
	row.DirectoryID = directoryID
	row.UserName, row.ExternalID = text(resource, "userName"), text(resource, "externalId")
	row.UserKey = strings.ToLower(row.UserName)
	all := addresses(resource)
	row.Email = joining(row.UserName, all)
	active, said := resource["active"].(bool)
	if !said {
		active = was.ID == "" || was.Active
		resource = withActive(resource, active)
	}
	row.Active = active
	var err error
	row.Resource, err = write(resource, "groups", "password")
	further := slices.DeleteFunc(all, func(address string) bool { return address == row.Email })
	return row, further, err
}

func withActive(resource scim.Resource, active bool) scim.Resource {
	said := scim.Resource{"active": active}
	for name, value := range resource {
		if name != "active" {
			said[name] = value
		}
	}
	return said
}

// addresses are the e-mail addresses of a user in lower case: the primary one first, then those for work.
func addresses(resource scim.Resource) []string {
	var primary, work, others []string
	values, _ := resource["emails"].([]any)
	for _, value := range values {
		element, _ := value.(map[string]any)
		address := strings.ToLower(strings.TrimSpace(text(element, "value")))
		kind := strings.ToLower(text(element, "type"))
		switch first, _ := element["primary"].(bool); {
		case address == "":
		case first:
			primary = append(primary, address)
		case kind == "work":
			work = append(work, address)
		default:
			others = append(others, address)
		}
	}
	return slices.Concat(primary, work, others)
}

// joining is the address by which a user is the person who has it: the first, or a user name that is an address.
func joining(userName string, addresses []string) string {
	if len(addresses) > 0 {
		return addresses[0]
	}
	if strings.Contains(userName, "@") {
		return strings.ToLower(userName)
	}
	return ""
}

func nameIsFree(ctx context.Context, j *flows.Journal, row db.DirectoryUser) error {
	_, err := db.DirectoryUserByName(ctx, j, row.DirectoryID, row.UserName)
	if err == nil {
		return fmt.Errorf("user %s: %w", row.UserName, ErrTaken)
	}
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

// storeUser writes the row: as a new version if what the directory says is new.
func storeUser(ctx context.Context, j *flows.Journal, was db.DirectoryUser, row *db.DirectoryUser) error {
	if was.ID == "" {
		row.ID, row.Version, row.CreatedAt, row.ChangedAt = newID("dus", j.Now), 1, j.Now, j.Now
		return db.InsertDirectoryUser(ctx, j, *row)
	}
	if row.Resource != was.Resource {
		row.Version, row.ChangedAt = was.Version+1, j.Now
	}
	if row.Version == was.Version && row.ToldAt.Equal(was.ToldAt) {
		return nil
	}
	return db.UpdateDirectoryUser(ctx, j, *row, was.Version)
}

// userChanges are what a write changed of a user. The end of access comes before all else, and its return behind it, so
// that whoever returns does so as who they are now.
func userChanges(was, row db.DirectoryUser, old, now map[string]any) []db.DirectoryChange {
	change := func(kind string, before, after map[string]any) db.DirectoryChange {
		return db.DirectoryChange{Kind: kind, UserID: row.ID, Label: userLabel(row), Before: before, After: after}
	}
	if was.ID == "" {
		return []db.DirectoryChange{change(db.UserCreated, nil, now)}
	}
	var changes []db.DirectoryChange
	activeWas, activeIs := map[string]any{"active": was.Active}, map[string]any{"active": row.Active}
	if was.Active && !row.Active {
		changes = append(changes, change(db.UserSuspended, activeWas, activeIs))
	}
	delete(old, "active")
	delete(now, "active")
	if len(old)+len(now) > 0 {
		changes = append(changes, change(db.UserUpdated, old, now))
	}
	if !was.Active && row.Active {
		changes = append(changes, change(db.UserResumed, activeWas, activeIs))
	}
	return changes
}

// DeleteUser takes a user out of the directory and out of its groups. That the user leaves the groups is part of the
// deletion and no change of its own. An active user is suspended first: that is urgent, and the deletion may wait.
func DeleteUser(ctx context.Context, j *flows.Journal, was db.DirectoryUser, told Told) error {
	before, err := User(was)
	if err != nil {
		return err
	}
	if err := db.LeaveDirectoryGroups(ctx, j, was.ID, j.Now); err != nil {
		return err
	}
	row := was
	row.Active, row.Version, row.ChangedAt, row.DeletedAt = false, was.Version+1, j.Now, j.Now
	if !told.At.IsZero() {
		row.ToldAt = told.At
	}
	if err := db.UpdateDirectoryUser(ctx, j, row, was.Version); err != nil {
		return err
	}
	old, _ := scim.Changed(Users(j.Directory), before, scim.Resource{})
	var changes []db.DirectoryChange
	if was.Active {
		changes = userChanges(was, row, nil, nil)
	}
	deleted := db.DirectoryChange{Kind: db.UserDeleted, UserID: row.ID, Label: userLabel(row), Before: old}
	add(j, told, append(changes, deleted)...)
	return nil
}

// userLabel is what people know a user by.
func userLabel(row db.DirectoryUser) string {
	if row.Email != "" {
		return row.Email
	}
	return row.UserName
}

// add puts changes into the journal. The source's id of the write is at the first: it counts once.
func add(j *flows.Journal, told Told, changes ...db.DirectoryChange) {
	for i, change := range changes {
		if i == 0 {
			change.Event = told.Event
		}
		j.Add(change)
	}
}
