package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// SlackPerson is what Slack says about a person.
type SlackPerson struct {
	UserID, TeamID, Email, Name, Title, TimeZone string
	Kind                                         db.PersonKind
	Active                                       bool
}

// SaveSlackPerson brings a person's row up to date with what Slack says, and returns it. Slack and the directory are
// joined by the e-mail address. People without one (bots, some guests) get a placeholder that can never be mailed.
func (f *Flows) SaveSlackPerson(ctx context.Context, told SlackPerson) (db.Person, error) {
	saved, err := f.saveSlackPerson(ctx, told)
	if errors.Is(err, db.ErrConflict) { // somebody else added the person meanwhile
		return f.saveSlackPerson(ctx, told)
	}
	return saved, err
}

func (f *Flows) saveSlackPerson(ctx context.Context, told SlackPerson) (db.Person, error) {
	if !joinable(told) {
		told.Email = ""
	}
	var saved db.Person
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		row, err := lockSlackPerson(ctx, c, told)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		announced, err := c.freeAddress(ctx, &row, told.Email)
		if err != nil {
			return err
		}
		saved = bySlack(row, told, c.now)
		if row.ID == "" {
			saved.ID, saved.CreatedAt = db.NewID("per"), c.now
			if err := db.InsertPerson(ctx, c, saved); err != nil {
				return err
			}
		} else if err := db.UpdatePerson(ctx, c, saved); err != nil {
			return err
		}
		if announced.ID != "" {
			if err := c.becomes(ctx, announced, &saved); err != nil {
				return err
			}
		}
		if row.Email != "" && row.Email != saved.Email {
			if err := c.moveReports(ctx, row.Email, saved.Email, saved.ToldBy); err != nil {
				return err
			}
		}
		return c.toldBySlack(ctx, row, saved)
	})
	return saved, err
}

// toldBySlack has the access of a person looked at whom Slack says something new of that rules may look at.
func (c *change) toldBySlack(ctx context.Context, was, is db.Person) error {
	fields, _, _ := differences(was, is)
	if len(fields) == 0 && mayHold(was) == mayHold(is) && was.SlackID == is.SlackID {
		return nil
	}
	giving, err := db.AnyBirthright(ctx, c)
	if err != nil || !giving {
		return err
	}
	return c.markPerson(ctx, is.ID, db.Unsettled{Directory: is.ToldBy, Fields: fields})
}

// joinable says whether an account may be known by its address. A stranger's or a bot's address is a claim of others, and
// that of an account which was deactivated may belong to the person's new account by now.
func joinable(told SlackPerson) bool {
	return told.Active && (told.Kind == db.Member || told.Kind == db.Guest)
}

// freeAddress takes a new address of a known person from the row that holds it: one of an account that had the address
// before, or one that a directory announced, which is the person and is returned.
func (c *change) freeAddress(ctx context.Context, row *db.Person, email string) (announced db.Person, err error) {
	if row.ID == "" || email == "" || strings.EqualFold(row.Email, email) {
		return db.Person{}, nil
	}
	other, err := db.PersonByEmail(ctx, c, email)
	if errors.Is(err, db.ErrNotFound) {
		return db.Person{}, nil
	}
	if err != nil {
		return db.Person{}, err
	}
	if other.SlackID == "" {
		announced = other
		row.ManagerEmail, row.Department, row.Title, row.Attributes = other.ManagerEmail, other.Department, other.Title, other.Attributes
		other.Active = false
	}
	other.Email, other.UpdatedAt = replacedAddress(other), c.now
	return announced, db.UpdatePerson(ctx, c, other)
}

// becomes lets a person whom Slack knows be the one whom a directory announced, with all that it knows of him and what he
// holds by it.
func (c *change) becomes(ctx context.Context, announced db.Person, p *db.Person) error {
	if err := db.MergePerson(ctx, c, announced.ID, p.ID); err != nil {
		return err
	}
	if announced.ToldBy == "" {
		return nil
	}
	left := p.LeftAt.IsZero() && !announced.LeftAt.IsZero()
	p.StartsAt, p.EndsAt, p.Employment, p.ToldBy = announced.StartsAt, announced.EndsAt, announced.Employment, announced.ToldBy
	if left {
		p.LeftAt, p.Active = announced.LeftAt, false
	}
	if err := db.TellPerson(ctx, c, *p); err != nil {
		return err
	}
	if left {
		return c.leaving(ctx, *p, p.ToldBy, "", "The directory knows the person, who is gone, by the address that Slack tells now.")
	}
	return c.noteAll(ctx, []string{p.ID}, p.ToldBy)
}

// lockSlackPerson finds whom Slack tells of and holds the row, so that what a directory writes meanwhile is not lost.
func lockSlackPerson(ctx context.Context, q bun.IDB, told SlackPerson) (db.Person, error) {
	row, err := db.PersonBySlackID(ctx, q, told.UserID)
	if errors.Is(err, db.ErrNotFound) && told.Email != "" {
		row, err = db.PersonByEmail(ctx, q, told.Email)
	}
	if err != nil {
		return db.Person{}, err
	}
	if row, err = db.LockPerson(ctx, q, row.ID); err != nil {
		return row, err
	}
	if row.SlackID != told.UserID {
		row.SlackID = "" // the address moved to another account: the newest account of it is the person
	}
	return row, nil
}

func bySlack(row db.Person, told SlackPerson, now time.Time) db.Person {
	row.SlackID, row.TeamID, row.Kind, row.InSlack = told.UserID, told.TeamID, told.Kind, true
	row.Active = told.Active && row.LeftAt.IsZero() // the directory knows better who is gone
	row.SyncedAt, row.UpdatedAt = now, now
	switch {
	case told.Email != "":
		row.Email = strings.ToLower(told.Email)
	case row.Email == "":
		row.Email = strings.ToLower(told.UserID) + "@slack.invalid"
	}
	if row.Name == "" || told.Name != "" {
		row.Name = told.Name
	}
	if row.Title == "" {
		row.Title = told.Title
	}
	if told.TimeZone != "" {
		row.TimeZone = told.TimeZone
	}
	return row
}

// SaveSlackGroup brings a Slack user group and its members up to date. Members who have no row yet are left out: they
// come with the next synchronisation of people.
func (f *Flows) SaveSlackGroup(ctx context.Context, slackID, handle, name string, members []string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		group, err := db.SaveGroup(ctx, c, db.Group{Source: "slack", Handle: handle, Name: name, SlackID: slackID, SyncedAt: c.now})
		if err != nil {
			return err
		}
		var people []string
		for _, member := range members {
			row, err := db.PersonBySlackID(ctx, c, member)
			if errors.Is(err, db.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			people = append(people, row.ID)
		}
		return db.SetMembers(ctx, c, group.ID, people)
	})
}

// IsAdmin says whether a person administers Usher: named in the environment or in the configuration.
func (f *Flows) IsAdmin(ctx context.Context, q bun.IDB, p db.Person) (bool, error) {
	names, err := f.adminNames(ctx, q)
	if err != nil || !powerful(p) {
		return false, err
	}
	return slices.Contains(names, p.Email) || slices.Contains(names, strings.ToLower(p.SlackID)), nil
}

func (f *Flows) adminNames(ctx context.Context, q bun.IDB) ([]string, error) {
	settings, err := db.ReadSettings(ctx, q)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range append(slices.Clone(f.admins), settings.Admins...) {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}

// adminPeople reads the admins who have a row.
func (f *Flows) adminPeople(ctx context.Context, q bun.IDB) ([]db.Person, error) {
	names, err := f.adminNames(ctx, q)
	if err != nil {
		return nil, err
	}
	var people []db.Person
	for _, name := range names {
		row, err := db.PersonByEmail(ctx, q, name)
		if errors.Is(err, db.ErrNotFound) {
			row, err = db.PersonBySlackID(ctx, q, strings.ToUpper(name))
		}
		if errors.Is(err, db.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		people = append(people, row)
	}
	return people, nil
}

// powerful says whether a person may hold any power at all: an active member, never a guest, a bot or a stranger.
func powerful(p db.Person) bool { return p.Active && p.Kind == db.Member }

// whyPowerless says in a sentence why a person holds no power, or "" when nothing stands against it.
func whyPowerless(p db.Person) string {
	switch {
	case !p.Active:
		return "This account is deactivated, so it can't use Usher."
	case p.Kind == db.Guest:
		return "Guests can't ask for access or decide here. Ask a member of the workspace to do it for you."
	case p.Kind == db.Robot:
		return "Bots can't ask for access or decide."
	case p.Kind == db.Stranger:
		return "You belong to another workspace, so you can't ask for access or decide here."
	}
	return ""
}

// actor reads a person who wants to do something, or refuses.
func actor(ctx context.Context, q bun.IDB, personID string) (db.Person, error) {
	p, err := db.PersonByID(ctx, q, personID)
	if err != nil {
		return p, err
	}
	if why := whyPowerless(p); why != "" {
		return p, &Error{Text: why}
	}
	return p, nil
}

// allOwnersOf reads the owner of an entitlement and the one of its provider, in this order, as far as they hold power.
func allOwnersOf(ctx context.Context, q bun.IDB, e db.Entitlement) ([]db.Person, error) {
	var owners []db.Person
	for _, email := range []string{e.OwnerEmail, e.Provider.OwnerEmail} {
		found, err := personNamed(ctx, q, email)
		if err != nil {
			return nil, err
		}
		owners = append(owners, slices.DeleteFunc(found, func(p db.Person) bool { return !powerful(p) })...)
	}
	return owners, nil
}

// holder reads a person who wants to do something with access of his own, or refuses. A guest may hold access, and so
// look at it and give it back, though he holds no power over anything else.
func holder(ctx context.Context, q bun.IDB, personID string) (db.Person, error) {
	p, err := db.PersonByID(ctx, q, personID)
	if err != nil || (p.Active && p.Kind == db.Guest) {
		return p, err
	}
	return actor(ctx, q, personID)
}

// ownersOf reads who owns an entitlement: its owner, else the provider's.
func ownersOf(ctx context.Context, q bun.IDB, e db.Entitlement) ([]db.Person, error) {
	owners, err := allOwnersOf(ctx, q, e)
	return owners[:min(len(owners), 1)], err
}

// mayMend says whether a person may repair an entitlement's flows and end its grants: owner of the entitlement or of
// the provider, or an admin.
func (f *Flows) mayMend(ctx context.Context, q bun.IDB, p db.Person, e db.Entitlement) (bool, error) {
	if powerful(p) && (strings.EqualFold(p.Email, e.OwnerEmail) || strings.EqualFold(p.Email, e.Provider.OwnerEmail)) {
		return true, nil
	}
	return f.IsAdmin(ctx, q, p)
}

// menders reads the people who are asked when an action flow of an entitlement fails: its owner, else the admins.
func (f *Flows) menders(ctx context.Context, q bun.IDB, e db.Entitlement) ([]db.Person, error) {
	people, err := ownersOf(ctx, q, e)
	if err != nil {
		return nil, fmt.Errorf("read owners of %s: %w", e.Slug, err)
	}
	if len(people) > 0 {
		return people, nil
	}
	return f.adminPeople(ctx, q)
}
