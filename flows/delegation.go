package flows

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/usherhq/usher/db"
)

// The fields of the form for being away that an Error may be about.
const (
	FieldDelegate = "delegate"
	FieldFrom     = "from"
	FieldUntil    = "until"
	FieldNote     = "note"
)

// maxNote is the longest note about being away, in characters.
const maxNote = 200

// Away says that somebody is away for a time, and who decides in his place.
type Away struct {
	By, For, To string    // person ids; For is By or, for an admin, anybody; To is empty when nobody decides in his place
	From, Until time.Time // From zero is at once
	Note        string    // why, for others to read; may be empty
}

// Delegate notes that a person is away, and who decides in his place meanwhile. It may be done for oneself, and by an
// admin for anybody. Who is asked on steps that are open already changes as soon as the time begins.
func (f *Flows) Delegate(ctx context.Context, away Away) (db.Delegation, error) {
	var made db.Delegation
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		by, err := actor(ctx, c, away.By)
		if err != nil {
			return err
		}
		if made, err = c.checkAway(ctx, by, away); err != nil {
			return err
		}
		if err := db.InsertDelegation(ctx, c, made); err != nil {
			return err
		}
		if !made.StartsAt.After(c.now) {
			c.enqueue(DelegationBegin{DelegationID: made.ID}, queueTimers, 0)
		}
		return c.recordAway(person(by), "delegation.created", made)
	})
	return made, err
}

// checkAway reads the people of a delegation and refuses what makes no sense.
func (c *change) checkAway(ctx context.Context, by db.Person, away Away) (db.Delegation, error) {
	row := db.Delegation{ID: db.NewID("dlg"), PersonID: away.For, ToID: away.To, Note: away.Note, CreatedBy: by.ID, CreatedAt: c.now}
	if err := c.mayActFor(ctx, by, away.For); err != nil {
		return row, err
	}
	absent, err := db.LockPerson(ctx, c, away.For) // one at a time, so that two can't overlap
	if err != nil {
		return row, err
	}
	row.Person = &absent
	if row.To, err = c.standingIn(ctx, absent, away.To); err != nil {
		return row, err
	}
	if row.StartsAt, row.EndsAt, err = checkDates(away.From, away.Until, c.now); err != nil {
		return row, err
	}
	if !utf8.ValidString(away.Note) || utf8.RuneCountInString(away.Note) > maxNote {
		return row, refuseField(FieldNote, 0, "Keep the note below %d characters.", maxNote)
	}
	return row, c.refuseOverlap(ctx, row)
}

// mayActFor refuses whoever wants to say that somebody else is away and is no admin.
func (c *change) mayActFor(ctx context.Context, by db.Person, personID string) error {
	if by.ID == personID {
		return nil
	}
	admin, err := c.f.IsAdmin(ctx, c, by)
	if err == nil && !admin {
		return refuse("Only an admin can do this for somebody else.")
	}
	return err
}

// standingIn reads who is to decide in a person's place; nobody is nil.
func (c *change) standingIn(ctx context.Context, absent db.Person, id string) (*db.Person, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // a delegation without anybody is only an absence
	}
	if id == absent.ID {
		return nil, refuseField(FieldDelegate, 0, "Choose somebody else: nobody can stand in for himself.")
	}
	to, err := db.PersonByID(ctx, c, id)
	if err != nil {
		return nil, err
	}
	if !powerful(to) {
		return nil, refuseField(FieldDelegate, 0, "%s can't decide here: choose an active member of this workspace.", to.Name)
	}
	return &to, nil
}

// checkDates refuses times that are over, the wrong way round, or longer than a year.
func checkDates(from, until, now time.Time) (starts, ends time.Time, err error) {
	if from.IsZero() || from.Before(now) {
		from = now
	}
	switch {
	case until.IsZero() || !until.After(now):
		err = refuseField(FieldUntil, 0, "Choose a day that is not over yet.")
	case !until.After(from):
		err = refuseField(FieldUntil, 0, "The last day must not lie before the first.")
	case from.After(now.AddDate(1, 0, 0)):
		err = refuseField(FieldFrom, 0, "The first day lies more than a year ahead. Choose an earlier one.")
	case until.After(from.AddDate(1, 0, 0)):
		err = refuseField(FieldUntil, 0, "A year is the longest. Choose an earlier last day.")
	}
	return db.UTC(from), db.UTC(until), err
}

func (c *change) refuseOverlap(ctx context.Context, row db.Delegation) error {
	others, err := db.DelegationsOf(ctx, c, row.PersonID, c.now)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.StartsAt.Before(row.EndsAt) && row.StartsAt.Before(other.EndsAt) {
			return refuseField(FieldFrom, 0, "%s is away from %s to %s already. End that first, or choose other days.",
				row.Person.Name, other.StartsAt.Format("2 January 2006"), other.EndsAt.Format("2 January 2006"))
		}
	}
	return nil
}

// EndDelegation takes back that somebody is away: himself, or an admin for anybody.
func (f *Flows) EndDelegation(ctx context.Context, delegationID, personID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		by, err := actor(ctx, c, personID)
		if err != nil {
			return err
		}
		row, err := db.DelegationByID(ctx, c, delegationID)
		if errors.Is(err, db.ErrNotFound) {
			return refuse("This absence does not exist any more.")
		}
		if err != nil {
			return err
		}
		if err := c.mayActFor(ctx, by, row.PersonID); err != nil {
			return err
		}
		err = db.EndDelegation(ctx, c, row.ID, c.now)
		if errors.Is(err, db.ErrConflict) || (err == nil && !row.EndsAt.After(c.now)) {
			return refuse("This absence is over already. Nothing was changed.")
		}
		if err != nil {
			return err
		}
		c.enqueue(DelegationsEnd{}, queueTimers, 0)
		return c.recordAway(person(by), "delegation.ended", row)
	})
}

func (c *change) recordAway(actor by, action string, row db.Delegation) error {
	details := db.Details{
		For: row.Person.Label(), Start: row.StartsAt.Format(time.RFC3339), Until: row.EndsAt.Format(time.RFC3339), Reason: row.Note,
	}
	if row.To != nil {
		details.To = row.To.Label()
	}
	return c.append(db.AuditEvent{Actor: actor.name, ActorKind: actor.kind, Action: action, Subject: row.Person.Label()}, details)
}
