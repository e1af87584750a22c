package flows

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// What somebody may do here goes by his address: who is an admin, owns something, or is a manager is named by it. So of
// somebody whom Slack knows it is Slack that says it, which has the address verified. A directory says it only of others.

// toldAddress gives a person the address that a directory tells.
func (c *change) toldAddress(ctx context.Context, t telling, v values, p *db.Person) error {
	switch {
	case !t.known:
		p.Email = addressOf(t.directory, t.user)
		return nil
	case !v.addressTold() || t.user.Email == "" || t.user.Email == t.was.Email:
		return nil
	case t.was.SlackID != "":
		return c.driftOf(ctx, *p, driftAddress, userDrift(t.user), addressWords(t))
	}
	if err := c.takeAddress(ctx, t.user.Email); err != nil {
		return err
	}
	p.Email = t.user.Email
	return c.moveReports(ctx, t.was.Email, p.Email, t.directory.Slug)
}

// addressWords say that a directory and Slack tell different addresses of a person.
func addressWords(t telling) string {
	return t.directory.Name + " says that the address of " + t.was.Name + " is " + t.user.Email + ", and Slack says that it is " +
		t.was.Email + ". Slack's counts."
}

// otherAddress says whether the directory tells another address than Slack.
func (t telling) otherAddress() bool {
	return t.known && t.was.SlackID != "" && t.user.Active && t.user.Email != "" && t.user.Email != t.was.Email
}

// takeAddress takes an address from a row that stands for nobody any more, or refuses: that of somebody who is here, or
// whom Slack knows, is not taken by the word of a directory.
func (c *change) takeAddress(ctx context.Context, email string) error {
	other, err := db.PersonByEmail(ctx, c, email)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	here, err := db.KnownElsewhere(ctx, c, other.ID, "")
	if err != nil {
		return err
	}
	if here || other.Active || other.SlackID != "" {
		return refuse("The address %s is %s's, so that it can't be somebody else's.", email, other.Name)
	}
	other.Email, other.UpdatedAt = replacedAddress(other), c.now
	return db.UpdatePerson(ctx, c, other)
}

// replacedAddress is the placeholder of a person whose address is another's now.
func replacedAddress(p db.Person) string { return strings.ToLower(p.ID) + "@replaced.invalid" }

// moveReports lets the people whose manager had an address follow to his new one.
func (c *change) moveReports(ctx context.Context, from, to, directory string) error {
	reports, err := db.MoveReports(ctx, c, from, to)
	if err != nil {
		return err
	}
	return c.noteAll(ctx, reports, directory)
}

// asTold is a user with the address that a change says. The directory may have written another one since, on which nobody
// has decided.
func (c *change) asTold(ctx context.Context, one db.DirectoryChange, user db.DirectoryUser, v values) (db.DirectoryUser, error) {
	if !v.addressTold() {
		return user, nil
	}
	since, err := db.ChangedSince(ctx, c, one, db.UserUpdated)
	if err == nil && since {
		user.Email = v.address()
	}
	return user, err
}

// address is the address of a user: the primary one, else one for work, else any, else a user name that is an address. The
// mirror of directories picks the same.
func (v values) address() string {
	var primary, work, others string
	for _, path := range slices.Sorted(maps.Keys(v.all)) {
		if !strings.HasPrefix(path, "emails") || strings.Contains(path, ".") {
			continue
		}
		address := strings.ToLower(strings.TrimSpace(textOf(v.all[path])))
		first, _ := v.all[path+".primary"].(bool)
		switch {
		case first && primary == "":
			primary = address
		case path == "emails[work]":
			work = address
		case others == "":
			others = address
		}
	}
	name := strings.ToLower(textOf(v.all["username"]))
	if !strings.Contains(name, "@") {
		name = ""
	}
	return cmp.Or(primary, work, others, name)
}
