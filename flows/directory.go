package flows

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Directory is what is known of groups and people.
type Directory struct {
	Groups         []DirectoryGroup
	Page           int // from 0
	Pages, Total   int // of the groups
	People         int // active members
	WithoutManager int
	Synced         time.Time // when Slack last said something of a person; zero is never
}

// DirectoryGroup is a group with how many people are in it.
type DirectoryGroup struct {
	Group   db.Group
	Members int
}

// DirectoryPeople is one page of people.
type DirectoryPeople struct {
	Group        db.Group // whose members they are; without an id they are those without a manager
	Rows         []db.Person
	Page         int // from 0
	Pages, Total int
}

// Directory reads a page of the groups that hold each word of text, for admins and auditors.
func (f *Flows) Directory(ctx context.Context, personID, text string, page int) (Directory, error) {
	if err := f.readsAll(ctx, f.store, personID); err != nil {
		return Directory{}, err
	}
	d, err := f.directoryGroups(ctx, text, page)
	if err != nil {
		return d, err
	}
	_, alone, err := db.ListWithoutManager(ctx, f.store, db.ListFilter{Limit: 1})
	if err != nil {
		return d, err
	}
	d.WithoutManager = int(alone)
	if d.People, err = db.CountStaff(ctx, f.store); err != nil {
		return d, err
	}
	d.Synced, err = db.LastSync(ctx, f.store)
	return d, err
}

func (f *Flows) directoryGroups(ctx context.Context, text string, page int) (Directory, error) {
	groups, total, err := db.ListGroups(ctx, f.store, pageFilter(text, page))
	if err != nil {
		return Directory{}, err
	}
	d := Directory{Page: max(page, 0), Pages: pagesOf(total), Total: int(total)}
	ids := make([]string, 0, len(groups))
	for _, group := range groups {
		ids = append(ids, group.ID)
	}
	counts, err := db.CountMembers(ctx, f.store, ids)
	if err != nil {
		return d, err
	}
	for _, group := range groups {
		d.Groups = append(d.Groups, DirectoryGroup{group, counts[group.ID]})
	}
	return d, nil
}

// DirectoryPeople reads a page of the members of a group or, without one, of who has no manager, for admins and auditors.
func (f *Flows) DirectoryPeople(ctx context.Context, personID, groupID string, page int) (DirectoryPeople, error) {
	if err := f.readsAll(ctx, f.store, personID); err != nil {
		return DirectoryPeople{}, err
	}
	var found DirectoryPeople
	var total int64
	var err error
	if groupID == "" {
		found.Rows, total, err = db.ListWithoutManager(ctx, f.store, pageFilter("", page))
	} else {
		if found.Group, err = db.GroupByID(ctx, f.store, groupID); err != nil {
			if errors.Is(err, db.ErrNotFound) {
				err = refuse("This group is not known any more. Open the directory anew.")
			}
			return found, err
		}
		found.Rows, total, err = db.ListMembers(ctx, f.store, groupID, pageFilter("", page))
	}
	found.Page, found.Pages, found.Total = max(page, 0), pagesOf(total), int(total)
	return found, err
}

func pageFilter(text string, page int) db.ListFilter {
	return db.ListFilter{Text: text, Offset: int64(max(page, 0)) * AdminPageSize, Limit: AdminPageSize}
}

func pagesOf(total int64) int { return max(1, int((total+AdminPageSize-1)/AdminPageSize)) }

// readsAll refuses whoever may not read everything: admins and auditors may.
func (f *Flows) readsAll(ctx context.Context, q bun.IDB, personID string) error {
	p, err := actor(ctx, q, personID)
	if err != nil {
		return err
	}
	role, err := f.RoleOf(ctx, q, p)
	if err == nil && !role.Admin && !role.Auditor {
		err = refuse("Only admins and auditors can see this.")
	}
	return err
}
