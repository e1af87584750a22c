package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/db"
)

// PersonLeave lets a person leave whose last moment has come.
type PersonLeave struct {
	PersonID string `json:"person_id"`
}

// Kind names the job in the queue; it never changes.
func (PersonLeave) Kind() string { return "person_leave" }

// timeOver lets a person leave behind his last moment: that of a contract, say. Nobody has to tell of it then.
func (f *Flows) timeOver(ctx context.Context, personID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		p, err := db.LockPerson(ctx, c, personID)
		if err != nil || !p.LeftAt.IsZero() || !overdue(p.EndsAt, c.now) {
			return err
		}
		mark, err := db.UnsettledPerson(ctx, c, personID)
		if err != nil && !errors.Is(err, db.ErrNotFound) || mark.Leaving != "" {
			return err
		}
		there := zoneOf(p.TimeZone)
		last := p.EndsAt.In(there).Add(-1).Format("2 January 2006") // the end is the midnight behind the last day
		return c.leaving(ctx, p, p.ToldBy, "", fmt.Sprintf("The last day was %s.", last))
	})
}

// byRule makes a grant of an item that a rule asked for, or held up before, one that the rule holds up: it stands as long as
// the rule holds, or until the rule is shut.
func (c *change) byRule(ctx context.Context, grant *db.Grant, item db.RequestItem) error {
	if item.Birthright == "" {
		return nil
	}
	row, err := db.BirthrightOf(ctx, c, item.SubjectID, item.Birthright, item.EntitlementID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	grant.Birthright, grant.ExpiresAt = item.Birthright, row.Until
	return nil
}

// endsUse says whether a flow takes something away: access, or somebody's use of an account.
func (c *change) endsUse(ctx context.Context, run db.ActionFlow, grant db.Grant) (bool, error) {
	if run.Kind == db.Deprovision || !isWork(grant.EntitlementID) {
		return run.Kind == db.Deprovision, nil
	}
	request, err := db.RequestByID(ctx, c, run.RequestID)
	return request.Origin == db.FromDeparture, err
}
