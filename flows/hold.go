package flows

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// Some changes of a directory wait until people have decided on them. The directory itself knows nothing of it: what it
// wrote is kept as it wrote it, and only the effect waits. Changes of one kind which come together are gathered, so that
// one card asks about them: one item each, with an approval flow and, once it is approved, an action flow of its own.

// gatherFor is how long changes are gathered where the policy says nothing.
const gatherFor = 10 * time.Second

// HeldAsk asks about the gathered changes of a directory that are due.
type HeldAsk struct {
	DirectoryID string `json:"directory_id"`
}

// Kind names the job in the queue; it never changes.
func (HeldAsk) Kind() string { return "held_ask" }

// dueHeld finds gathered changes that are due and approved ones that nothing carries out, whose jobs may be lost.
func (f *Flows) dueHeld(ctx context.Context, now time.Time) ([]job, error) {
	asking, err := db.DirectoriesToAsk(ctx, f.store, now)
	if err != nil {
		return nil, err
	}
	approved, err := db.HeldToBegin(ctx, f.store, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, id := range asking {
		due = append(due, job{args: HeldAsk{DirectoryID: id}, queue: queueDirectory})
	}
	for _, id := range approved {
		due = append(due, job{args: HeldBegin{HeldID: id}, queue: queueDirectory})
	}
	return due, nil
}

// hold lets changes wait, gathered with others of their kind on which the same people decide.
func (c *change) hold(ctx context.Context, directory db.Directory, rows []db.HeldChange) error {
	gather := cmp.Or(time.Duration(directory.Policy.Gather), gatherFor)
	waking := map[string]bool{}
	for n := range rows {
		held := &rows[n]
		if err := c.label(ctx, held); err != nil {
			return err
		}
		route, err := c.route(ctx, directory, *held)
		if err != nil {
			return err
		}
		held.ID, held.Route, held.Status, held.CreatedAt, held.DueAt = db.NewID("hld"), route, db.HeldGathering, c.now, db.UTC(c.now.Add(gather))
		held.RequestID, held.ItemID, held.SupersededBy = "", "", ""
		if waking[held.Kind+" "+route] {
			continue
		}
		waking[held.Kind+" "+route] = true
		gathered, err := db.GathersHeld(ctx, c, *held)
		if err != nil {
			return err
		}
		if !gathered {
			c.enqueue(HeldAsk{DirectoryID: directory.ID}, queueDirectory, gather)
		}
	}
	return db.InsertHeldChanges(ctx, c, rows)
}

// label names what a change of a membership is about: the journal has only the group's name.
func (c *change) label(ctx context.Context, held *db.HeldChange) error {
	if held.UserID == "" || held.GroupID == "" {
		return nil
	}
	user, err := db.AnyDirectoryUser(ctx, c, held.UserID)
	if err != nil {
		return err
	}
	held.Label = cmp.Or(user.Email, user.UserName)
	return nil
}

// route says who decides on a change: the chain and the channel of the first route whose condition holds, as one text
// that groups what is gathered. Where no route holds, or one can't be decided, it is empty and the admins decide.
func (c *change) route(ctx context.Context, directory db.Directory, held db.HeldChange) (string, error) {
	var scope rules.Scope
	for _, route := range directory.Policy.Routes {
		if route.When != "" && scope == nil {
			var err error
			if scope, err = c.heldScope(ctx, directory, held); err != nil {
				return "", err
			}
		}
		holds, err := rules.Holds(route.When, scope)
		var wrong *rules.Error
		switch {
		case errors.As(err, &wrong):
			return "", nil
		case err != nil:
			return "", err
		case holds:
			return route.Chain + " " + route.Channel, nil
		}
	}
	return "", nil
}

// heldScope is what the condition of a route may speak of: the person as known here, and the change.
func (c *change) heldScope(ctx context.Context, directory db.Directory, held db.HeldChange) (rules.Scope, error) {
	told := rules.Change(db.DirectoryChange{Kind: held.Kind, Label: held.Label, Before: held.Before, After: held.After}, directory.Slug)
	if held.UserID == "" {
		return rules.Scope{"person": rules.Person(db.Person{}, nil), "change": told}, nil
	}
	user, err := db.AnyDirectoryUser(ctx, c, held.UserID)
	if err != nil {
		return nil, err
	}
	p, err := c.knownAs(ctx, directory, user)
	if errors.Is(err, db.ErrNotFound) {
		p, err = announced(user)
	}
	if err != nil {
		return nil, err
	}
	who, err := c.f.personScope(ctx, c, p)
	return rules.Scope{"person": who, "change": told}, err
}

// knownAs reads the person whom a user of a directory is.
func (c *change) knownAs(ctx context.Context, directory db.Directory, user db.DirectoryUser) (db.Person, error) {
	if user.PersonID != "" {
		return db.PersonByID(ctx, c, user.PersonID)
	}
	return db.PersonByEmail(ctx, c, addressOf(directory, user))
}

// enterprise is the URN of SCIM's extension for people at work (RFC 7643 section 4.3).
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// announced is the person whom a directory tells of and who is not known here: nobody that can do anything.
func announced(user db.DirectoryUser) (db.Person, error) {
	var told struct {
		DisplayName string `json:"displayName"`
		Title       string `json:"title"`
		Name        struct {
			Formatted  string `json:"formatted"`
			GivenName  string `json:"givenName"`
			FamilyName string `json:"familyName"`
		} `json:"name"`
		Enterprise struct {
			Department string `json:"department"`
		} `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	}
	if err := json.Unmarshal([]byte(user.Resource), &told); err != nil {
		return db.Person{}, refuse("What the directory wrote of %s can't be read.", user.UserName)
	}
	whole := strings.TrimSpace(told.Name.GivenName + " " + told.Name.FamilyName)
	return db.Person{
		Email: user.Email, Name: cmp.Or(told.DisplayName, told.Name.Formatted, whole, user.UserName), Kind: db.Member,
		Department: told.Enterprise.Department, Title: told.Title,
	}, nil
}

// personOf reads the person whom a user of a directory is. Somebody new gets a row that can do nothing: it is there so that
// people can decide about him.
func (c *change) personOf(ctx context.Context, directory db.Directory, userID string) (db.Person, error) {
	user, err := db.AnyDirectoryUser(ctx, c, userID)
	if err != nil {
		return db.Person{}, err
	}
	p, err := c.knownAs(ctx, directory, user)
	if !errors.Is(err, db.ErrNotFound) {
		return p, err
	}
	if p, err = announced(user); err != nil {
		return p, err
	}
	p.Email = addressOf(directory, user)
	p.ID, p.ToldBy, p.CreatedAt, p.UpdatedAt = db.NewID("per"), directory.Slug, c.now, c.now
	return p, db.InsertPerson(ctx, c, p)
}
