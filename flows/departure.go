package flows

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherhq/usher/db"
)

// A departure ends all that a person holds at once, in one transaction: sessions and accounts by work of its own at each
// provider, each grant by its own flow, and what is still asked for him. No provider waits for another.

// depart lets a person go who is marked as leaving. All requests about him are locked.
func (c *change) depart(ctx context.Context, p db.Person, mark db.Unsettled) error {
	directory, err := c.directoryCalled(ctx, mark.Directory)
	if err != nil {
		return err
	}
	if p.LeftAt.IsZero() {
		stays, err := c.goesNow(ctx, &p, directory, mark)
		if err != nil || stays {
			return err
		}
	}
	last, err := db.LastDepartureOf(ctx, c, p.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if err != nil || last.Status != db.DepartureOpen {
		return c.startDeparture(ctx, p, directory, mark, nil)
	}
	if !p.LeftAt.After(last.StartedAt) {
		return nil // it is under way
	}
	if err := c.closeDeparture(ctx, p, last, p.Name+" came back and left again. What was still to end is part of that."); err != nil {
		return err
	}
	return c.startDeparture(ctx, p, directory, mark, last.Grants)
}

// goesNow lets a person be gone whose time is over, or whose directory is. Somebody whom another directory knows stays.
func (c *change) goesNow(ctx context.Context, p *db.Person, directory db.Directory, mark db.Unsettled) (stays bool, err error) {
	if !overdue(p.EndsAt, c.now) {
		elsewhere, err := db.KnownElsewhere(ctx, c, p.ID, directory.ID)
		if err != nil || elsewhere || !p.Active && !p.InSlack {
			return true, err
		}
	}
	p.LeftAt, p.Active, p.UpdatedAt = c.now, false, c.now
	if err := db.TellPerson(ctx, c, *p); err != nil {
		return false, err
	}
	details := db.Details{Directory: mark.Directory, Reason: mark.Leaving}
	return false, c.recordPerson(actorOf(mark.Directory), "person.left", *p, details)
}

func (c *change) directoryCalled(ctx context.Context, slug string) (db.Directory, error) {
	directory, err := db.DirectoryBySlug(ctx, c, slug)
	if errors.Is(err, db.ErrNotFound) {
		return db.Directory{}, nil
	}
	return directory, err
}

// startDeparture ends all that a person holds. before are the ids of the grants that a former departure, which this one goes
// on with, has ended or was about to.
func (c *change) startDeparture(ctx context.Context, p db.Person, directory db.Directory, mark db.Unsettled, before []string) error {
	grants, err := db.LiveGrantsOf(ctx, c, p.ID)
	if err != nil {
		return err
	}
	grants = slices.DeleteFunc(grants, func(g db.Grant) bool { return g.Status == db.Ending })
	items, back, err := c.shutOut(ctx, p, grants)
	if err != nil {
		return err
	}
	d := db.Departure{
		ID: db.NewID("dep"), PersonID: p.ID, DirectoryID: directory.ID, ChangeID: mark.ChangeID, RequestID: db.NewID("req"),
		Cause: mark.Leaving, Status: db.DepartureOpen, Grants: append([]string{}, before...), Back: back, StartedAt: c.now,
	}
	var names []string
	for _, grant := range grants {
		d.Grants = append(d.Grants, grant.ID)
		names = append(names, grant.Entitlement.Slug)
	}
	if err := db.InsertDeparture(ctx, c, d); err != nil {
		return err
	}
	details := db.Details{Departure: d.ID, Directory: mark.Directory, Reason: d.Cause, Items: names}
	if details.Tell, err = c.managerOf(ctx, p); err != nil {
		return err
	}
	who := actorOf(mark.Directory)
	event := db.AuditEvent{Actor: who.name, ActorKind: who.kind, Action: "departure.started", Request: d.RequestID, Subject: p.Label()}
	if err := c.append(event, details); err != nil {
		return err
	}
	err = c.submitWork(ctx, p, toDo{id: d.RequestID, origin: db.FromDeparture, directory: mark.Directory, reason: d.Cause, items: items, owner: directory.OwnerEmail})
	if err != nil {
		return err
	}
	if err := c.takeAll(ctx, p, d, mark, grants); err != nil {
		return err
	}
	return c.departureOf(ctx, p.ID)
}

// takeAll ends the grants of a departure, cancels what is asked for the person, and forgets what rules gave him.
func (c *change) takeAll(ctx context.Context, p db.Person, d db.Departure, mark db.Unsettled, grants []db.Grant) error {
	for _, grant := range grants {
		if err := c.endGrant(ctx, grant, actorOf(mark.Directory), db.CauseRevoked, d.Cause); err != nil {
			return err
		}
	}
	pending, err := db.PendingItemsFor(ctx, c, p.ID)
	if err != nil {
		return err
	}
	for _, item := range pending {
		if isWork(item.EntitlementID) || item.EntitlementID == db.ConfigurationID {
			continue
		}
		details := db.Details{Departure: d.ID, Reason: d.Cause}
		if err := c.cancelItem(ctx, actorOf(mark.Directory), item.ID, details); err != nil {
			return err
		}
	}
	said, err := db.BirthrightsOf(ctx, c, []string{p.ID})
	if err != nil {
		return err
	}
	return c.dropGone(ctx, &giving{person: p, mark: mark}, said)
}

// cancelItem ends an item that is not decided, of a request that is locked.
func (c *change) cancelItem(ctx context.Context, actor by, itemID string, details db.Details) error {
	item, err := db.ItemByID(ctx, c, itemID)
	if err != nil {
		return err
	}
	flow, err := db.FlowOfItem(ctx, c, item.ID)
	if err != nil {
		return err
	}
	if err := c.endFlow(ctx, flow, item, db.Cancelled); err != nil {
		return err
	}
	if err := c.record(actor, "request.cancelled", item.RequestID, &item, details); err != nil {
		return err
	}
	request, err := db.RequestByID(ctx, c, item.RequestID)
	if err != nil {
		return err
	}
	return c.settleRequest(ctx, request)
}

// departureMoved looks whether a departure is over after some of its work is.
func (c *change) departureMoved(ctx context.Context, request db.Request) error {
	items, err := db.ItemsOf(ctx, c, request.ID)
	if err != nil || len(items) == 0 {
		return err
	}
	return c.departureOf(ctx, items[0].SubjectID)
}

// departureOf looks how far the open departure of a person is: when the last session has ended, and when all is gone. The
// caller holds the person's lock.
func (c *change) departureOf(ctx context.Context, personID string) error {
	d, err := db.LastDepartureOf(ctx, c, personID)
	if errors.Is(err, db.ErrNotFound) || err == nil && d.Status != db.DepartureOpen {
		return nil
	}
	if err != nil {
		return err
	}
	work, err := db.GrantsOfRequest(ctx, c, d.RequestID)
	if err != nil {
		return err
	}
	items, err := db.ItemsOf(ctx, c, d.RequestID)
	if err != nil {
		return err
	}
	busy := slices.ContainsFunc(work, func(g db.Grant) bool { return g.Status != db.Ended })
	if busy || len(work) < len(items) {
		return nil // what holds sessions is the work: while it goes on, nothing is over
	}
	first := d.SessionsAt.IsZero()
	if first {
		d.SessionsAt = c.now
	}
	live, err := db.CountLive(ctx, c, d.Grants)
	if err != nil {
		return err
	}
	if live > 0 {
		if !first {
			return nil
		}
		return db.MoveDeparture(ctx, c, d, db.DepartureOpen)
	}
	p, err := db.PersonByID(ctx, c, personID)
	if err != nil {
		return err
	}
	return c.closeDeparture(ctx, p, d, "")
}

// closeDeparture ends a departure of which nothing is left to do. Without words it says how long it took.
func (c *change) closeDeparture(ctx context.Context, p db.Person, d db.Departure, words string) error {
	d.Status, d.DoneAt = db.DepartureDone, c.now
	if d.SessionsAt.IsZero() {
		d.SessionsAt = c.now
	}
	if err := db.MoveDeparture(ctx, c, d, db.DepartureOpen); err != nil {
		return err
	}
	event := db.AuditEvent{Actor: system.name, ActorKind: system.kind, Action: "departure.done", Request: d.RequestID, Subject: p.Label()}
	return c.append(event, db.Details{Departure: d.ID, Start: d.SessionsAt.Format(time.RFC3339), Summary: cmp.Or(words, tookWords(d))})
}

// tookWords says how long a departure took.
func tookWords(d db.Departure) string {
	within := func(length time.Duration) string {
		return db.Duration(max(length.Round(time.Second), time.Second)).Words()
	}
	return "All sessions had ended within " + within(d.SessionsAt.Sub(d.StartedAt)) + ", and all access within " + within(d.DoneAt.Sub(d.StartedAt)) + "."
}
