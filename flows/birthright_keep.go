package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
)

// KeepAccess asks, in the ordinary way of the entitlement, that a person keeps access which no rule gives him any more. He
// himself, his manager and the owner may. It ends in time unless it is approved before; approved later it is given anew.
func (f *Flows) KeepAccess(ctx context.Context, grantID, personID, reason string) (db.Request, error) {
	grant, p, err := f.mayKeep(ctx, grantID, personID)
	if err != nil {
		return db.Request{}, err
	}
	return f.Request(ctx, Ask{
		By: p.ID, For: grant.SubjectID, Reason: reason, Submission: "keep " + grant.ID + " " + grant.LostAt.Format(time.RFC3339Nano),
		Items: []AskItem{{EntitlementID: grant.EntitlementID, Duration: grant.Entitlement.Durations.Default, Extends: grant.ID}},
	})
}

// MayKeepAccess refuses unless a person may ask now that an access is kept, which it returns.
func (f *Flows) MayKeepAccess(ctx context.Context, grantID, personID string) (db.Grant, error) {
	grant, _, err := f.mayKeep(ctx, grantID, personID)
	return grant, err
}

// mayKeep reads an access that no rule gives any more and who asks to keep it, or refuses.
func (f *Flows) mayKeep(ctx context.Context, grantID, personID string) (db.Grant, db.Person, error) {
	grant, err := db.GrantByID(ctx, f.store, grantID)
	if errors.Is(err, db.ErrNotFound) {
		return grant, db.Person{}, refuse("There is no access %s. /access mine lists yours.", grantID)
	}
	if err != nil {
		return grant, db.Person{}, err
	}
	p, err := holder(ctx, f.store, personID)
	if err != nil {
		return grant, p, err
	}
	if p.ID != grant.SubjectID {
		may, err := f.mayRevoke(ctx, f.store, p, grant)
		if err != nil {
			return grant, p, err
		}
		if !may {
			return grant, p, refuse("Only %s, the manager and the owner of %s can ask to keep this.", grant.Subject.Name, grant.Entitlement.Name)
		}
	}
	switch {
	case grant.Status == db.Ending || grant.Status == db.Ended:
		return grant, p, refuse("This access has ended already. Ask for it anew with /access request.")
	case grant.LostAt.IsZero():
		return grant, p, refuse("This access is not about to end.")
	}
	return grant, p, nil
}

// kept lets a person keep access that no rule gives him any more: from now on it is his own, for as long as was asked. It says
// false for any other grant.
func (c *change) kept(ctx context.Context, grant *db.Grant, request db.Request, item db.RequestItem) (bool, error) {
	if grant.LostAt.IsZero() || grant.Status != db.Active && grant.Status != db.Provisioning {
		return false, nil
	}
	rule := grant.Birthright
	grant.Birthright, grant.LostAt, grant.Duration = "", zero, item.Duration
	grant.ExpiresAt = time.Time{}
	if grant.Status == db.Active {
		grant.ExpiresAt = db.UTC(c.now.Add(time.Duration(item.Duration)))
	}
	if err := db.HoldUp(ctx, c, *grant); err != nil {
		return false, err
	}
	details := db.Details{Item: item.ID, Duration: item.Duration.String(), Extends: grant.ID, Birthright: rule}
	if !grant.ExpiresAt.IsZero() {
		details.Until = grant.ExpiresAt.Format(time.RFC3339)
	}
	event := grantEvent(system, "birthright.kept", *grant)
	event.Request = request.ID
	return true, c.append(event, details)
}

// standsByRule says why more time can't be asked for on a grant that a rule holds up. Empty is that it can.
func standsByRule(grant db.Grant) string {
	if grant.Birthright == "" || !grant.LostAt.IsZero() {
		return ""
	}
	return "A rule gives " + grant.Entitlement.Name + " for as long as it holds: there is nothing to ask for."
}
