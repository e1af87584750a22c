package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

// awaitManager notes by what a user calls his manager if nobody is known by that yet: a directory tells of people in any order.
func (c *change) awaitManager(ctx context.Context, t telling, v values, found string) error {
	called, told := v.text(ofEnterprise + "manager")
	if !told {
		return nil
	}
	if found != "" {
		called = ""
	}
	return db.AwaitManager(ctx, c, t.user.ID, called)
}

// linkReports makes a user, whose address is known now, the manager of those who awaited him.
func (c *change) linkReports(ctx context.Context, t telling, address string) error {
	ids, err := db.LinkReports(ctx, c, t.user, address, c.now)
	if err != nil || len(ids) == 0 {
		return err
	}
	reports, err := db.PeopleByID(ctx, c, ids)
	if err != nil {
		return err
	}
	for _, p := range reports {
		details := db.Details{Directory: t.directory.Slug, After: map[string]any{"manager": address}}
		if err := c.recordPerson(t.by(), "person.changed", p, details); err != nil {
			return err
		}
	}
	return c.noteAll(ctx, ids, t.directory.Slug)
}
