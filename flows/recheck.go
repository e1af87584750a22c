package flows

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// objection is what stands against giving an item now.
type objection struct {
	why   string // a sentence; empty if nothing stands against it
	ruled string // slug of the approval rule that denies

	ask []conflict // separations of duties on which nobody has decided yet
}

// objections looks at an approved item by the rules that let it be asked for: the people, what is offered and to whom,
// the rules that deny, and separations of duties. The caller holds the lock of the person who would hold the access, so
// that two halves of a set can't be given at once.
func (f *Flows) objections(ctx context.Context, c *change, request db.Request, flow db.ApprovalFlow, item db.RequestItem) (objection, error) {
	if why := personObjection(request, item); why != "" {
		return objection{why: why}, nil
	}
	if e := item.Entitlement; !e.Active || !e.Provider.Active {
		return objection{why: e.Name + " is no longer offered."}, nil
	}
	if request.Origin == db.FromReturn {
		return objection{}, nil // it was approved before, and never to be taken
	}
	scope, err := f.scope(ctx, c, request, item, nil)
	if err != nil {
		return objection{}, err
	}
	if request.Origin == db.FromBirthright {
		if why, err := c.whyNotByRule(ctx, request, item, scope); err != nil || why != "" {
			return objection{why: why}, err
		}
		return separated(ctx, c, request, flow, item)
	}
	if may, err := rules.Holds(item.Entitlement.RequestableBy, scope); err != nil || !may {
		return objection{why: item.Entitlement.Name + " can no longer be asked for by or for these people."}, nil //nolint:nilerr // a condition without an answer opens nothing
	}
	if why, err := f.pathObjection(ctx, c, request, item, scope); err != nil || why != "" {
		return objection{why: why}, err
	}
	said, err := f.ruled(ctx, c, item, scope, c.now)
	if refusal, ok := Refusal(err); ok {
		return objection{why: refusal.Text}, nil
	}
	if err != nil || said.denies != nil {
		return deniedBy(said.denies), err
	}
	return separated(ctx, c, request, flow, item)
}

func deniedBy(rule *db.Ruling) objection {
	if rule == nil {
		return objection{}
	}
	return objection{why: denial(*rule), ruled: rule.Slug}
}

// personObjection says which of the people no longer counts.
func personObjection(request db.Request, item db.RequestItem) string {
	switch {
	case !mayHold(*item.Subject):
		return whyGone
	case request.Origin == "" && !powerful(*request.Requester):
		return request.Requester.Name + ", who asked, may not ask any more."
	}
	return ""
}

// pathObjection says why an item can't be given in the way in which it was asked for: in an emergency, as more time on a
// grant, or anew.
func (f *Flows) pathObjection(ctx context.Context, q bun.IDB, request db.Request, item db.RequestItem, scope rules.Scope) (string, error) {
	if request.Emergency && !mayUseEmergency(*item.Entitlement, scope) {
		return "The emergency path of " + item.Entitlement.Name + " is no longer open to these people. Ask for it the usual way.", nil
	}
	if item.ExtendsGrantID == "" {
		err := f.mayGiveAgain(ctx, q, request, item)
		if refusal, ok := Refusal(err); ok {
			return refusal.Text, nil
		}
		return "", err
	}
	extends, err := db.GrantByID(ctx, q, item.ExtendsGrantID)
	return notRenewable(extends), err
}

// notRenewable says why more time can't be given on a grant: a review has said so, or a rule holds it up. Empty is that it can.
func notRenewable(grant db.Grant) string {
	if grant.DoNotRenew == "" {
		return standsByRule(grant)
	}
	return grant.Entitlement.Name + " is not to be given for longer, as a review said: " + ended(grant.DoNotRenew)
}

// mayGive looks once more, just before an item is given, whether it still may be. If something stands against it, the
// item is denied; if a separation of duties came up on which nobody has decided, its step is asked. Both answer false.
func (c *change) mayGive(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem) (bool, error) {
	if request.Kind == db.ForChange || isWork(item.EntitlementID) {
		return true, nil
	}
	full, err := db.RequestByID(ctx, c, request.ID)
	if err != nil {
		return false, err
	}
	subject, err := db.LockPerson(ctx, c, item.SubjectID)
	if err != nil {
		return false, err
	}
	item.Subject = &subject
	against, err := c.f.objections(ctx, c, full, flow, item)
	if err != nil {
		return false, err
	}
	switch {
	case against.why != "":
		if err := c.blockedAtLast(ctx, item.Birthright, item.SubjectID, item.EntitlementID, against.why); err != nil {
			return false, err
		}
		return false, c.denyByRule(ctx, full, flow, item, db.Details{Error: against.why, Ruled: against.ruled})
	case len(against.ask) > 0:
		return false, c.askFurther(ctx, full, flow, item, against.ask)
	}
	return true, nil
}

// denyByRule ends a flow against the item, without a person.
func (c *change) denyByRule(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem, details db.Details) error {
	if err := c.endFlow(ctx, flow, item, db.Denied); err != nil {
		return err
	}
	return c.record(system, "flow.denied", request.ID, &item, details)
}

// mayStart looks at a grant whose later start has come by the same rules, and says why it must not begin.
func (c *change) mayStart(ctx context.Context, grant db.Grant) (string, error) {
	request, err := db.RequestByID(ctx, c, grant.RequestID)
	if err != nil {
		return "", err
	}
	item, err := db.ItemByID(ctx, c, grant.ItemID)
	if err != nil {
		return "", err
	}
	flow, err := db.FlowOfItem(ctx, c, item.ID)
	if err != nil {
		return "", err
	}
	against, err := c.f.objections(ctx, c, request, flow, item)
	if err != nil || against.why != "" || len(against.ask) == 0 {
		return against.why, err
	}
	return against.ask[0].words(*item.Entitlement, *item.Subject) + " Somebody else has to agree: ask for it anew.", nil
}
