package flows

import (
	"context"
	"errors"
	"time"

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
