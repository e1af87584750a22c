package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// fieldReturned is among the fields of a mark when somebody who was gone is here again.
const fieldReturned = "returned"

// UndoDeparture takes back a departure that was a mistake: the person is here again, what of it is still under way stops, his
// accounts are woken, and he gets all that it ended for as long as it would have lasted. Admins and the owner of the directory
// may.
func (f *Flows) UndoDeparture(ctx context.Context, departureID, personID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	var err error
	for range settleTries {
		err = f.change(ctx, func(ctx context.Context, c *change) error { return c.undoDeparture(ctx, departureID, personID, reason) })
		if !errors.Is(err, db.ErrConflict) {
			break
		}
	}
	return err
}

func (c *change) undoDeparture(ctx context.Context, departureID, personID, reason string) error {
	d, err := db.DepartureByID(ctx, c, departureID)
	if errors.Is(err, db.ErrNotFound) {
		return refuse("This departure is not known any more.")
	}
	if err != nil {
		return err
	}
	p, err := c.lockAbout(ctx, d.PersonID, d.RequestID)
	if err != nil {
		return err
	}
	who, directory, err := c.mayUndo(ctx, d, personID)
	if err != nil {
		return err
	}
	if d, err = db.DepartureByID(ctx, c, departureID); err != nil {
		return err
	}
	if err := c.undoable(ctx, d, p); err != nil {
		return err
	}
	was := d.Status
	d.Status, d.UndoneAt, d.UndoneBy = db.DepartureUndone, c.now, who.ID
	if err := db.MoveDeparture(ctx, c, d, was); err != nil {
		return err
	}
	if err := c.hereAgain(ctx, &p, who, reason); err != nil {
		return err
	}
	event := db.AuditEvent{Actor: who.Label(), ActorKind: "person", Action: "departure.undone", Request: d.RequestID, Subject: p.Label()}
	if err := c.append(event, db.Details{Departure: d.ID, Directory: directory.Slug, Reason: reason}); err != nil {
		return err
	}
	if err := c.reopenAccounts(ctx, p, d, directory.Slug); err != nil {
		return err
	}
	if err := c.giveBack(ctx, p, d, directory.Slug, who); err != nil {
		return err
	}
	if err := c.markAll(ctx, []string{p.ID}, db.Unsettled{Directory: directory.Slug}); err != nil {
		return err
	}
	words := directory.Name + " says that " + p.Name + " is gone; " + who.Name + " said that this is a mistake."
	return c.driftOf(ctx, p, driftUndone, goneDrift(p), words)
}

// goneDrift is the drift of somebody who is here though the directory says that he is gone.
func goneDrift(p db.Person) string { return "gone|" + p.ID }

// mayUndo reads who wants to undo a departure, or refuses.
func (c *change) mayUndo(ctx context.Context, d db.Departure, personID string) (db.Person, db.Directory, error) {
	who, err := actor(ctx, c, personID)
	if err != nil {
		return who, db.Directory{}, err
	}
	directory, err := db.DirectoryByID(ctx, c, d.DirectoryID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return who, directory, err
	}
	if directory.OwnerEmail != "" && strings.EqualFold(directory.OwnerEmail, who.Email) {
		return who, directory, nil
	}
	admin, err := c.f.IsAdmin(ctx, c, who)
	if err == nil && !admin {
		err = refuse("Only admins and the owner of the directory can undo a departure.")
	}
	return who, directory, err
}

// undoable refuses what can't be undone: only the last departure of a person can, and once.
func (c *change) undoable(ctx context.Context, d db.Departure, p db.Person) error {
	if d.Status == db.DepartureUndone {
		return refuse("This departure was undone already.")
	}
	last, err := db.LastDepartureOf(ctx, c, p.ID)
	if err != nil {
		return err
	}
	if last.ID != d.ID {
		return refuse("%s has left again since. Undo the later departure.", p.Name)
	}
	return nil
}

// hereAgain lets a person be here by the word of another.
func (c *change) hereAgain(ctx context.Context, p *db.Person, who db.Person, reason string) error {
	if overdue(p.EndsAt, c.now) {
		p.EndsAt = zero
	}
	gone := !p.LeftAt.IsZero()
	p.LeftAt, p.Active, p.UpdatedAt = zero, true, c.now
	if err := db.TellPerson(ctx, c, *p); err != nil || !gone {
		return err
	}
	return c.recordPerson(person(who), "person.returned", *p, db.Details{Reason: reason})
}

// backFrom wakes the accounts of somebody whom his directory lets in again. What else he held is not given back: that is for
// whoever undoes the departure.
func (c *change) backFrom(ctx context.Context, p db.Person, mark db.Unsettled) error {
	if !slices.Contains(mark.Fields, fieldReturned) {
		return nil
	}
	if err := c.noDriftOf(ctx, p, goneDrift(p)); err != nil {
		return err
	}
	d, err := db.LastDepartureOf(ctx, c, p.ID)
	if errors.Is(err, db.ErrNotFound) || err == nil && d.Status == db.DepartureUndone {
		return nil
	}
	if err != nil {
		return err
	}
	if err := c.reopenAccounts(ctx, p, d, mark.Directory); err != nil {
		return err
	}
	return c.departureOf(ctx, p.ID)
}

// reopenAccounts stops what of a departure is still under way and wakes the accounts that it suspended, once.
func (c *change) reopenAccounts(ctx context.Context, p db.Person, d db.Departure, directory string) error {
	work, err := db.GrantsOfRequest(ctx, c, d.RequestID)
	if err != nil {
		return err
	}
	for _, grant := range work {
		if grant.Status != db.Ended {
			if err := c.stopWork(ctx, grant); err != nil {
				return err
			}
		}
	}
	if len(d.Back) == 0 {
		return nil
	}
	items, err := c.letIn(ctx, p, d)
	if err != nil {
		return err
	}
	if err := db.EmptyBack(ctx, c, d); err != nil || len(items) == 0 {
		return err
	}
	return c.submitWork(ctx, p, toDo{origin: db.FromReturn, directory: directory, reason: p.Name + " is back.", items: items})
}

// stopWork ends work that is not to go on. A script that is under way is let finish: what is next in its lane waits for it.
func (c *change) stopWork(ctx context.Context, grant db.Grant) error {
	if err := c.stopProvisioning(ctx, grant); err != nil {
		return err
	}
	was := grant.Status
	grant.Status, grant.EndedAt, grant.EndCause = db.Ended, c.now, db.CauseCancelled
	return db.MoveGrant(ctx, c, grant, was)
}

// giveBack gives a person what a departure ended, each for as long as it would have lasted. Nobody is asked: it was approved
// before.
func (c *change) giveBack(ctx context.Context, p db.Person, d db.Departure, directory string, who db.Person) error {
	robot, err := c.robotOf(ctx, directory)
	if err != nil {
		return err
	}
	channel, settings, err := c.usualChannel(ctx)
	if err != nil {
		return err
	}
	restored, err := c.restored(ctx, p, d)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(restored, itemsByRule) {
		made := draft{request: db.Request{
			ID: db.NewID("req"), RequesterID: robot.ID, Requester: &robot, Reason: who.Name + " said that the departure was a mistake.",
			Status: db.Pending, Submission: db.NewID("back"), Channel: channel, CreatedAt: c.now, Origin: db.FromReturn, Directory: directory,
		}}
		items := make([]db.RequestItem, 0, len(some))
		for n, item := range some {
			item.RequestID, item.Position = made.request.ID, n+1
			if err := c.f.fixVersions(ctx, c, made.request, &item); err != nil {
				return err
			}
			items = append(items, item)
			made.items = append(made.items, draftItem{item: item})
		}
		made.request.LapsesAt = db.UTC(c.now.Add(c.f.pendingFor(settings, made.items)))
		if err := c.submitFor(ctx, actorOf(directory), made, items); err != nil {
			return err
		}
	}
	return nil
}

// restored are the items that give back what a departure ended. What rules gave is given back as they give it now.
func (c *change) restored(ctx context.Context, p db.Person, d db.Departure) ([]db.RequestItem, error) {
	held, err := db.LiveGrantsOf(ctx, c, p.ID)
	if err != nil {
		return nil, err
	}
	book, err := c.f.rulebook(ctx, c)
	if err != nil {
		return nil, err
	}
	groups, err := db.GroupsOf(ctx, c, p.ID)
	if err != nil {
		return nil, err
	}
	given := book.givenTo(p, groups, c.now)
	var items []db.RequestItem
	for _, id := range d.Grants {
		grant, err := db.GrantByID(ctx, c, id)
		if err != nil {
			return nil, err
		}
		again := slices.ContainsFunc(held, func(g db.Grant) bool {
			return g.EntitlementID == grant.EntitlementID && g.Status != db.Ending
		}) || slices.ContainsFunc(items, func(item db.RequestItem) bool { return item.EntitlementID == grant.EntitlementID })
		item, ok := restoredItem(grant, given, c.now)
		if again || !ok || !grant.Entitlement.Active || !grant.Entitlement.Provider.Active {
			continue
		}
		item.Subject = &p
		items = append(items, item)
		if item.Birthright == "" {
			continue
		}
		said := slices.DeleteFunc(slices.Clone(given), func(one db.BirthrightPerson) bool { return one.EntitlementID != grant.EntitlementID })
		if err := db.SaveBirthrightPeople(ctx, c, said); err != nil {
			return nil, fmt.Errorf("give back grant %s: %w", id, err)
		}
	}
	return items, nil
}

// restoredItem is the item that gives back a grant, unless there is nothing left of it.
func restoredItem(grant db.Grant, given []db.BirthrightPerson, now time.Time) (db.RequestItem, bool) {
	item := db.RequestItem{
		ID: db.NewID("itm"), EntitlementID: grant.EntitlementID, SubjectID: grant.SubjectID, Duration: grant.Duration,
		Status: db.Pending, Entitlement: grant.Entitlement,
	}
	if grant.StartsAt.After(now) {
		item.StartsAt = grant.StartsAt
	}
	one := best(given, grant.EntitlementID)
	switch {
	case grant.Birthright != "" && one.PersonID != "":
		item.Birthright, item.Duration = one.Birthright, db.Standing
		if !one.Until.IsZero() {
			item.Duration = db.Duration(one.Until.Sub(now).Round(time.Second))
		}
		return item, true
	case !grant.ExpiresAt.IsZero():
		item.Duration = db.Duration(grant.ExpiresAt.Sub(now).Round(time.Second))
	case grant.Birthright != "":
		return item, false // no rule gives it any more
	}
	return item, item.Duration > 0
}
