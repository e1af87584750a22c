package flows

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// whyGone says why a grant to somebody who left never begins.
const whyGone = "The person is no longer active."

// grant begins what an approved item asks for: more time on a grant, a grant that starts later, or one that is
// provisioned now. The caller holds the lock of the person who benefits and knows him to be active.
func (c *change) grant(ctx context.Context, request db.Request, item db.RequestItem) error {
	if path := item.Entitlement.Emergency; request.Emergency && path != nil {
		item.Duration = min(item.Duration, path.Max)
		item.Entitlement = noLonger(*item.Entitlement, path.Max)
	}
	if item.ExtendsGrantID != "" {
		extended, err := c.extend(ctx, request, item)
		if err != nil || extended {
			return err
		}
	}
	grant := db.Grant{
		ID: db.NewID("grt"), ItemID: item.ID, RequestID: request.ID, SubjectID: item.SubjectID, EntitlementID: item.EntitlementID,
		ProvisionVersionID: item.ProvisionVersionID, DeprovisionVersionID: item.DeprovisionVersionID,
		Status: db.Scheduled, Duration: item.Duration, StartsAt: item.StartsAt, CreatedAt: c.now,
		Entitlement: item.Entitlement, Subject: item.Subject,
	}
	if !grant.StartsAt.After(c.now) {
		grant.StartsAt, grant.Status = c.now, db.Provisioning
	}
	if err := c.byRule(ctx, &grant, item); err != nil {
		return err
	}
	if err := db.InsertGrant(ctx, c, grant); err != nil {
		return err
	}
	if err := c.recordGrant(system, "grant.created", grant, db.Details{Item: item.ID, Duration: grant.Duration.String()}); err != nil {
		return err
	}
	if request.Emergency {
		if err := c.openEmergencyReview(ctx, request, item, grant); err != nil {
			return err
		}
	}
	if grant.Status == db.Scheduled {
		return c.recordGrant(system, "grant.scheduled", grant, db.Details{Start: grant.StartsAt.Format(time.RFC3339)})
	}
	return c.startRun(ctx, grant, db.Provision)
}

// noLonger is an entitlement that is held for at most so long from now, however much of it was asked for.
func noLonger(e db.Entitlement, longest db.Duration) *db.Entitlement {
	if e.Durations.Max == 0 || e.Durations.Max > longest {
		e.Durations.Max = longest
	}
	return &e
}

// extend adds time to a live grant. It says false when the grant has ended meanwhile: then the item makes a new one.
func (c *change) extend(ctx context.Context, request db.Request, item db.RequestItem) (bool, error) {
	grant, err := db.GrantByID(ctx, c, item.ExtendsGrantID)
	if err != nil {
		return false, err
	}
	details := db.Details{Item: item.ID, Duration: item.Duration.String(), Extends: grant.ID}
	if kept, err := c.kept(ctx, &grant, request, item); err != nil || kept {
		return kept, err
	}
	switch grant.Status {
	case db.Active:
		grant.ExpiresAt = extendedEnd(grant.ExpiresAt, item.Duration, *item.Entitlement, c.now)
		details.Until = grant.ExpiresAt.Format(time.RFC3339)
	case db.Provisioning:
		longest := item.Entitlement.Durations.Max
		if grant.Duration += item.Duration; longest > 0 {
			grant.Duration = min(grant.Duration, max(longest, grant.Duration-item.Duration))
		}
	default:
		return false, nil
	}
	if err := db.ExtendGrant(ctx, c, grant); err != nil {
		return false, err
	}
	event := grantEvent(system, "grant.extended", grant)
	event.Request = request.ID // the rows of a request share its id; the grant's own request is in the grant
	if err := c.append(event, details); err != nil || !request.Emergency {
		return true, err
	}
	return true, c.openEmergencyReview(ctx, request, item, grant)
}

// startDue begins a scheduled grant whose start has come, unless something has come up against it.
func (f *Flows) startDue(ctx context.Context, grantID string) error {
	return f.withGrant(ctx, grantID, func(ctx context.Context, c *change, grant db.Grant) error {
		if grant.Status != db.Scheduled || grant.StartsAt.After(c.now) {
			return nil
		}
		why, err := c.mayStart(ctx, grant)
		if err != nil {
			return err
		}
		if why != "" {
			if err := c.blockedAtLast(ctx, grant.Birthright, grant.SubjectID, grant.EntitlementID, why); err != nil {
				return err
			}
			return c.endGrant(ctx, grant, system, db.CauseCancelled, why)
		}
		grant.Status = db.Provisioning
		if err := db.MoveGrant(ctx, c, grant, db.Scheduled); err != nil {
			return err
		}
		return c.startRun(ctx, grant, db.Provision)
	})
}

// expireDue ends a grant whose time is over: an active one, or one that a rule gave and gives no longer before it is active.
func (f *Flows) expireDue(ctx context.Context, grantID string) error {
	return f.withGrant(ctx, grantID, func(ctx context.Context, c *change, grant db.Grant) error {
		switch {
		case !overdue(grant.ExpiresAt, c.now):
			return nil
		case grant.Status == db.Scheduled:
			return c.endGrant(ctx, grant, system, db.CauseCancelled, "")
		case grant.Status == db.Active, grant.Status == db.Provisioning:
			return c.endGrant(ctx, grant, system, db.CauseExpired, "")
		}
		return nil
	})
}

// Return gives access back early. Only the person who holds it may.
func (f *Flows) Return(ctx context.Context, grantID, personID string) error {
	return f.withGrant(ctx, grantID, func(ctx context.Context, c *change, grant db.Grant) error {
		p, err := holder(ctx, c, personID)
		if err != nil {
			return err
		}
		if grant.SubjectID != p.ID {
			return refuse("Only the person who holds the access can give it back. To end somebody else's, use /access revoke.")
		}
		if err := mayEnd(grant); err != nil {
			return err
		}
		return c.endGrant(ctx, grant, person(p), db.CauseReturned, "")
	})
}

// Revoke ends a grant now, with a reason. The owner of the entitlement or provider, admins and the manager of the
// person who holds it may.
func (f *Flows) Revoke(ctx context.Context, grantID, personID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return f.withGrant(ctx, grantID, func(ctx context.Context, c *change, grant db.Grant) error {
		p, err := actor(ctx, c, personID)
		if err != nil {
			return err
		}
		may, err := f.mayRevoke(ctx, c, p, grant)
		if err != nil {
			return err
		}
		if !may {
			return refuse("Only the owner of %s, the manager of %s and admins can end this access.", grant.Entitlement.Name, grant.Subject.Name)
		}
		if err := mayEnd(grant); err != nil {
			return err
		}
		return c.endGrant(ctx, grant, person(p), db.CauseRevoked, reason)
	})
}

func (f *Flows) mayRevoke(ctx context.Context, q bun.IDB, p db.Person, grant db.Grant) (bool, error) {
	if p.Email != "" && strings.EqualFold(p.Email, grant.Subject.ManagerEmail) {
		return true, nil
	}
	return f.mayMend(ctx, q, p, *grant.Entitlement)
}

func mayEnd(grant db.Grant) error {
	if isWork(grant.EntitlementID) {
		return refuse("This is no access but work that is carried out. Its thread says how it stands.")
	}
	switch grant.Status {
	case db.Ending:
		return refuse("This access is being taken back already.")
	case db.Ended:
		return refuse("This access has already ended.")
	}
	return nil
}

// withGrant runs do on a grant under its request's and its holder's lock.
func (f *Flows) withGrant(ctx context.Context, grantID string, do func(context.Context, *change, db.Grant) error) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		grant, err := db.GrantByID(ctx, c, grantID)
		if errors.Is(err, db.ErrNotFound) {
			return refuse("There is no access %s. /access mine lists yours.", grantID)
		}
		if err != nil {
			return err
		}
		if _, err := db.LockRequest(ctx, c, grant.RequestID); err != nil {
			return err
		}
		if _, err := db.LockPerson(ctx, c, grant.SubjectID); err != nil {
			return err
		}
		if grant, err = db.GrantByID(ctx, c, grantID); err != nil {
			return err
		}
		return do(ctx, c, grant)
	})
}

// endGrant begins the end of a grant. A grant that never began is over at once; one whose access another grant still
// gives is over without touching the target; every other one is deprovisioned.
func (c *change) endGrant(ctx context.Context, grant db.Grant, actor by, cause, reason string) error {
	was := grant.Status
	grant.EndCause = cause
	if err := c.recordGrant(actor, "grant."+cause, grant, db.Details{Cause: cause, Reason: reason}); err != nil {
		return err
	}
	if was == db.Scheduled {
		return c.grantOver(ctx, grant, was, db.Details{Cause: cause})
	}
	grant.Status = db.Ending
	if err := db.MoveGrant(ctx, c, grant, was); err != nil {
		return err
	}
	return c.startRun(ctx, grant, db.Deprovision)
}

// covering returns another active grant that gives the same person the same access at the target. One that is still
// being provisioned covers nothing: should it fail, the access would stay behind with nobody holding it.
func (c *change) covering(ctx context.Context, grant db.Grant) (*db.Grant, error) {
	others, err := db.LiveGrantsOnTarget(ctx, c, *grant.Entitlement, grant.SubjectID)
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		if other.ID != grant.ID && other.Status == db.Active {
			return &other, nil
		}
	}
	return nil, nil //nolint:nilnil // no other grant is an ordinary answer here, not an absence to report
}

// grantActive says that the target was read back with the access: the clock starts. What a rule gives stands without an end,
// or ends when the rule says.
func (c *change) grantActive(ctx context.Context, grant db.Grant) error {
	grant.Status, grant.ActiveAt = db.Active, c.now
	if grant.ExpiresAt.IsZero() && grant.Duration != db.Standing {
		grant.ExpiresAt = db.UTC(c.now.Add(time.Duration(grant.Duration)))
	}
	if err := db.MoveGrant(ctx, c, grant, db.Provisioning); err != nil {
		return err
	}
	details := db.Details{Duration: grant.Duration.String(), Birthright: grant.Birthright}
	if !grant.ExpiresAt.IsZero() {
		details.Until = grant.ExpiresAt.Format(time.RFC3339)
	}
	return c.recordGrant(system, "grant.activated", grant, details)
}

// grantOver says that a grant has ended.
func (c *change) grantOver(ctx context.Context, grant db.Grant, was string, details db.Details) error {
	grant.Status, grant.EndedAt = db.Ended, c.now
	if err := db.MoveGrant(ctx, c, grant, was); err != nil {
		return err
	}
	details.Cause = grant.EndCause
	if err := c.recordGrant(system, "grant.ended", grant, details); err != nil {
		return err
	}
	if err := c.unblocked(ctx, grant.SubjectID); err != nil || grant.EndCause != db.CauseRevoked {
		return err
	}
	return c.departureOf(ctx, grant.SubjectID)
}
