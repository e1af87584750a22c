package flows

import (
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// emergencyRule stands in place of the condition that chose a chain where the emergency path was taken.
const emergencyRule = "emergency"

// leastMore is how much more time has to be left to an emergency for it to be asked for.
const leastMore = db.Duration(time.Minute)

// mayUseEmergency says whether an entitlement has an emergency path that this person may take. A condition without an
// answer opens nothing.
func mayUseEmergency(e db.Entitlement, scope rules.Scope) bool {
	if e.Emergency == nil {
		return false
	}
	may, err := rules.Holds(e.Emergency.UsableBy, scope)
	return err == nil && may
}

// hurry takes the emergency path: its chain, and no more time than it allows. It refuses where there is none for the
// person.
func (d *draftItem) hurry(request db.Request) error {
	e := *d.item.Entitlement
	if e.Emergency == nil {
		return refuseField(FieldEmergency, 0, "%s has no emergency path. Ask for it the usual way.", e.Name)
	}
	if !d.emergency {
		return refuseField(FieldEmergency, 0, "The emergency path of %s is not open to you or this person. Ask for it the usual way.", e.Name)
	}
	longest := e.Emergency.Max
	if d.extends != nil {
		longest -= timeLeft(*d.extends, request.CreatedAt)
	}
	if d.extends != nil && longest < leastMore {
		return refuseField(FieldEmergency, 0, "This is held for as long as an emergency may last, %s. Ask for more time the usual way.", e.Emergency.Max.Words())
	}
	d.item.Duration = min(d.item.Duration, longest)
	d.rule = db.ApprovalRule{Chain: e.Emergency.Chain, When: emergencyRule}
	return nil
}

// timeLeft is for how long a grant is held still, in whole seconds.
func timeLeft(grant db.Grant, now time.Time) db.Duration {
	if grant.ExpiresAt.IsZero() {
		return grant.Duration
	}
	return db.Duration(max(grant.ExpiresAt.Sub(now), 0).Truncate(time.Second))
}

// recordEmergency tells loudly, for each item, that the emergency path was taken.
func (c *change) recordEmergency(d draft) error {
	for _, one := range d.items {
		err := c.record(person(*d.request.Requester), "request.emergency", d.request.ID, &one.item, db.Details{
			Emergency: true, Reason: d.request.Reason, Duration: one.item.Duration.String(), AskIn: one.item.Entitlement.Emergency.Channel,
			Chain: one.chain.Slug,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
