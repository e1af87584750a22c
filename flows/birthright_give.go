package flows

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// giving is the access of one person that is brought to what rules say. The person and all requests about him are locked.
type giving struct {
	person db.Person
	mark   db.Unsettled
	book   rulebook
	start  time.Time // when what is given begins; zero is at once

	gained, lost []string // names of entitlements, for whoever is told
	ending       []string // ids of the grants that are lost
}

func (g giving) by() by { return actorOf(g.mark.Directory) }

// actorOf names who acts on what a directory told; without one it is Usher.
func actorOf(directory string) by {
	if directory == "" {
		return system
	}
	return by{name: directory, kind: "directory"}
}

// giveAndTake brings what a person holds by rules to what they say.
func (c *change) giveAndTake(ctx context.Context, p db.Person, mark db.Unsettled) error {
	if err := c.backFrom(ctx, p, mark); err != nil {
		return err
	}
	g := &giving{person: p, mark: mark, start: firstMorning(p, c.now)}
	var err error
	if g.book, err = c.f.rulebook(ctx, c); err != nil {
		return err
	}
	groups, err := db.GroupsOf(ctx, c, p.ID)
	if err != nil {
		return err
	}
	has, err := standings(ctx, c, []string{p.ID})
	if err != nil {
		return err
	}
	given := g.book.givenTo(p, groups, c.now)
	if err := c.carryOutFor(ctx, g, compare(given, has[p.ID], g.start)); err != nil {
		return err
	}
	if err := c.adjust(ctx, g, given, has[p.ID].said); err != nil {
		return err
	}
	return c.tellGained(ctx, g)
}

// carryOutFor does what a comparison says.
func (c *change) carryOutFor(ctx context.Context, g *giving, d difference) error {
	if err := db.SaveBirthrightPeople(ctx, c, d.fresh); err != nil {
		return err
	}
	if err := c.dropGone(ctx, g, d.gone); err != nil {
		return err
	}
	for _, grant := range d.lost {
		if err := c.lose(ctx, g, grant); err != nil {
			return err
		}
	}
	for _, one := range d.hold {
		if err := c.holdUp(ctx, g, one); err != nil {
			return err
		}
	}
	for _, item := range d.drop {
		if err := c.dropItem(ctx, g, item); err != nil {
			return err
		}
	}
	for _, item := range d.later {
		if err := db.RescheduleItem(ctx, c, item.ID, item.StartsAt); err != nil {
			return err
		}
	}
	return c.askByRules(ctx, g, d.ask)
}

// lose lets a grant go that no rule holds up any more: it ends when its rule's grace is over, unless it ends before. What has
// not begun never begins.
func (c *change) lose(ctx context.Context, g *giving, grant db.Grant) error {
	rule := g.book.rule(grant.Birthright)
	end := db.UTC(c.now.Add(time.Duration(rule.Grace)))
	if grant.Status == db.Scheduled {
		end = c.now
	}
	if grant.ExpiresAt.IsZero() || end.Before(grant.ExpiresAt) {
		grant.ExpiresAt = end
	}
	grant.LostAt = c.now
	if err := db.HoldUp(ctx, c, grant); err != nil {
		return err
	}
	if overdue(grant.ExpiresAt, c.now) {
		c.enqueue(GrantExpire{GrantID: grant.ID}, queueTimers, 0)
	}
	g.lost, g.ending = append(g.lost, grant.Entitlement.Name), append(g.ending, grant.ID)
	return c.recordGrant(g.by(), "birthright.lost", grant, db.Details{
		Birthright: rule.Slug, Directory: g.mark.Directory, Until: grant.ExpiresAt.Format(time.RFC3339),
		Reason: "The rule " + rule.Name + " no longer holds for " + grant.Subject.Name + ".",
	})
}

// holdUp lets another rule hold a grant up, or lets it begin or end at another time.
func (c *change) holdUp(ctx context.Context, g *giving, one held) error {
	if err := db.HoldUp(ctx, c, one.grant); err != nil {
		return err
	}
	details := db.Details{Birthright: one.grant.Birthright, Directory: g.mark.Directory}
	if !one.grant.ExpiresAt.IsZero() {
		details.Until = one.grant.ExpiresAt.Format(time.RFC3339)
	}
	if one.moved {
		return c.recordGrant(g.by(), "birthright.moved", one.grant, details)
	}
	if one.grant.Status != db.Scheduled {
		return nil
	}
	details.Start = one.grant.StartsAt.Format(time.RFC3339)
	return c.recordGrant(g.by(), "grant.scheduled", one.grant, details)
}

// dropItem takes back what a rule asked for and nobody has decided on.
func (c *change) dropItem(ctx context.Context, g *giving, item db.RequestItem) error {
	rule := g.book.rule(item.Birthright)
	why := "The rule " + rule.Name + " no longer holds for " + item.Subject.Name + "."
	return c.cancelItem(ctx, g.by(), item.ID, db.Details{Birthright: rule.Slug, Reason: why})
}

// tellGained records what somebody got and lost, and that his manager is told. When a directory is connected, those who were
// here before get what rules give all at once: each is told of his own then, and no manager of all his people's.
func (c *change) tellGained(ctx context.Context, g *giving) error {
	if len(g.gained)+len(g.lost) == 0 {
		return nil
	}
	details := db.Details{Directory: g.mark.Directory, Before: g.lost, After: g.gained, Grants: g.ending, Summary: changedWords(g.gained, g.lost)}
	if len(g.lost) > 0 || !slices.Contains(g.mark.Fields, fieldConnected) {
		var err error
		if details.Tell, err = c.managerOf(ctx, g.person); err != nil {
			return err
		}
	}
	return c.recordPerson(g.by(), "person.access_changed", g.person, details)
}

// managerOf names the manager of a person for the log, if there is one who is here.
func (c *change) managerOf(ctx context.Context, p db.Person) ([]string, error) {
	manager, err := personNamed(ctx, c, p.ManagerEmail)
	if err != nil || len(manager) == 0 || !powerful(manager[0]) {
		return nil, err
	}
	return []string{manager[0].Label()}, nil
}

// changedWords says what somebody gets and loses.
func changedWords(gained, lost []string) string {
	var parts []string
	if len(gained) > 0 {
		parts = append(parts, "gets "+strings.Join(slices.Compact(gained), ", "))
	}
	if len(lost) > 0 {
		parts = append(parts, "loses "+strings.Join(slices.Compact(lost), ", "))
	}
	return strings.Join(parts, "; ")
}

// robotOf is in whose name something is asked for that no person asks for: the robot of the directory that told, else our own.
func (c *change) robotOf(ctx context.Context, directory string) (db.Person, error) {
	if directory != "" {
		row, err := db.DirectoryBySlug(ctx, c, directory)
		if err == nil {
			return db.PersonByID(ctx, c, row.PersonID)
		}
		if !errors.Is(err, db.ErrNotFound) {
			return db.Person{}, err
		}
	}
	const email = "usher@directory.invalid"
	robot, err := db.PersonByEmail(ctx, c, email)
	if !errors.Is(err, db.ErrNotFound) {
		return robot, err
	}
	robot = db.Person{ID: db.NewID("per"), Email: email, Name: "Usher", Kind: db.Robot, Active: true, CreatedAt: c.now, UpdatedAt: c.now}
	return robot, db.InsertPerson(ctx, c, robot)
}

// usualChannel is where cards go that no directory's route sends elsewhere.
func (c *change) usualChannel(ctx context.Context) (string, db.Settings, error) {
	settings, err := db.ReadSettings(ctx, c)
	return cmp.Or(settings.Channel, DefaultChannel), settings, err
}
