package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// The kinds of drift that come from rules and from comparing.
const (
	driftBlocked = "blocked" // a rule gives an access that may not be given
	driftMissing = "missing" // the directory or a rule says something that is not so
	driftAddress = "address" // the directory tells another address of a person than Slack
	driftUndone  = "undone"  // a person said that a departure was a mistake, and the directory still says it
)

// ruleDrift is the drift of an access that a rule gives a person.
func ruleDrift(one db.BirthrightPerson) string {
	return "rule|" + one.PersonID + "|" + one.EntitlementID
}

// driftOf opens a drift of a person at the directory that knows him. Without one there is nothing to differ from.
func (c *change) driftOf(ctx context.Context, p db.Person, kind, key, words string) error {
	directory, err := c.tellerOf(ctx, p)
	if err != nil || directory.ID == "" {
		return err
	}
	before, err := db.DriftsByKey(ctx, c, directory.ID, []string{key})
	if err != nil || len(before) > 0 && before[0].Words == words {
		return err
	}
	row := db.Drift{ID: db.NewID("drf"), DirectoryID: directory.ID, Key: key, Kind: kind, PersonID: p.ID, Words: words, Since: c.now}
	if err := db.OpenDrifts(ctx, c, []db.Drift{row}); err != nil || len(before) > 0 {
		return err
	}
	return c.recordDirectory(directory, "drift.found", p.Label(), db.Details{Kind: kind, Summary: words})
}

// noDriftOf settles the drift of a person with a key.
func (c *change) noDriftOf(ctx context.Context, p db.Person, key string) error {
	directory, err := c.tellerOf(ctx, p)
	if err != nil || directory.ID == "" {
		return err
	}
	settled, err := db.SettleDrifts(ctx, c, directory.ID, []string{key}, c.now)
	for _, one := range settled {
		if err := c.recordDirectory(directory, "drift.settled", p.Label(), db.Details{Kind: one.Kind, Summary: one.Words}); err != nil {
			return err
		}
	}
	return err
}

// tellerOf reads the directory that knows a person; without an id none does.
func (c *change) tellerOf(ctx context.Context, p db.Person) (db.Directory, error) {
	if p.ToldBy == "" {
		return db.Directory{}, nil
	}
	directory, err := db.DirectoryBySlug(ctx, c, p.ToldBy)
	if errors.Is(err, db.ErrNotFound) {
		return db.Directory{}, nil
	}
	return directory, err
}

func (c *change) driftBlocked(ctx context.Context, g *giving, one db.BirthrightPerson, why string) error {
	e, _ := g.book.entitlement(one.EntitlementID)
	words := "The rule " + g.book.rule(one.Birthright).Name + " gives " + g.person.Name + " " + e.Name + ", which can't be given: " + why
	return c.driftOf(ctx, g.person, driftBlocked, ruleDrift(one), words)
}

// dropGone forgets what rules no longer say.
func (c *change) dropGone(ctx context.Context, g *giving, gone []db.BirthrightPerson) error {
	for _, one := range gone {
		if err := c.noDriftOf(ctx, g.person, ruleDrift(one)); err != nil {
			return err
		}
	}
	return db.DropBirthrightPeople(ctx, c, gone)
}

// unblocked has a person looked at of whose access something ended, if a rule gives him what could not be given: perhaps it
// was this that stood against it.
func (c *change) unblocked(ctx context.Context, personID string) error {
	blocked, err := db.AnyBlocked(ctx, c, personID)
	if err != nil || !blocked {
		return err
	}
	return c.noteAll(ctx, []string{personID}, "")
}

// blockedAtLast notes that what a rule gives could not be given when its time came, so that it is looked at again. Without a
// rule it is what somebody asked for, and over.
func (c *change) blockedAtLast(ctx context.Context, rule, personID, entitlementID, why string) error {
	if rule == "" {
		return nil
	}
	return db.BlockBirthright(ctx, c, personID, entitlementID, why)
}
