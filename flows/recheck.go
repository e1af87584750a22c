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
// the rules that deny, and separations of duties. The caller
// holds the lock of the person who would hold the access, so that two halves of a set can't be given at once.
func (f *Flows) objections(ctx context.Context, c *change, request db.Request, flow db.ApprovalFlow, item db.RequestItem) (objection, error) {
	if why := personObjection(request, item); why != "" {
		return objection{why: why}, nil
	}
	if e := item.Entitlement; !e.Active || !e.Provider.Active {
		return objection{why: e.Name + " is no longer offered."}, nil
	}
	scope, err := f.scope(ctx, c, request, item, nil)
	if err != nil {
		return objection{}, err
	}
	if may, err := rules.Holds(item.Entitlement.RequestableBy, scope); err != nil || !may {
		return objection{why: item.Entitlement.Name + " can no longer be asked for by or for these people."}, nil //nolint:nilerr // a condition without an answer opens nothing
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
	case !item.Subject.Active:
		return whyGone
	case !powerful(*request.Requester):
		return request.Requester.Name + ", who asked, may not ask any more."
	}
	return ""
}

// separated looks at the separations of duties beside what the person holds now.
func separated(ctx context.Context, q bun.IDB, request db.Request, flow db.ApprovalFlow, item db.RequestItem) (objection, error) {
	all, err := db.Separations(ctx, q)
	if err != nil {
		return objection{}, err
	}
	held, err := holdings(ctx, q, item, false)
	if err != nil {
		return objection{}, err
	}
	found := conflictsOf(all, *item.Entitlement, held)
	if one := blocking(found); one != nil {
		return objection{why: one.words(*item.Entitlement, *item.Subject)}, nil
	}
	if request.Emergency {
		return objection{}, nil // whoever reviews it afterwards is told of them
	}
	open, err := unsettled(ctx, q, flow, *item.Entitlement, found)
	return objection{ask: open}, err
}

// mayGive looks once more, just before an item is given, whether it still may be. If something stands against it, the
// item is denied; if a separation of duties came up on which nobody has decided, its step is asked. Both answer false.
func (c *change) mayGive(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem) (bool, error) {
	if request.Kind == db.ForChange {
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
	if against.why == "" && item.ExtendsGrantID != "" {
		extends, err := db.GrantByID(ctx, c, item.ExtendsGrantID)
		if err != nil {
			return false, err
		}
		against.why = notRenewable(extends)
	}
	switch {
	case against.why != "":
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

// askFurther puts the steps of separations behind a flow whose other steps are decided, and opens the first.
func (c *change) askFurther(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem, open []conflict) error {
	all, err := db.StepsOf(ctx, c, request.ID)
	if err != nil {
		return err
	}
	last := 0
	for _, step := range all {
		if step.FlowID == flow.ID {
			last = max(last, step.Position)
		}
	}
	steps := waitingSteps(flow, furtherSteps(open), last)
	flow.Conflicts = append(flow.Conflicts, shown(open)...)
	if err := db.AddSteps(ctx, c, flow, steps); err != nil {
		return err
	}
	if err := c.recordConflicts(request, item, shown(open)); err != nil {
		return err
	}
	return c.openNext(ctx, request, flow, item, steps)
}

// recordConflicts tells of the separations of duties that an item touches.
func (c *change) recordConflicts(request db.Request, item db.RequestItem, conflicts []db.Conflict) error {
	if len(conflicts) == 0 {
		return nil
	}
	return c.record(system, "flow.conflicted", request.ID, &item, db.Details{Conflicts: conflicts})
}

// waitingSteps are the rows of steps that wait, behind the position that is the last so far.
func waitingSteps(flow db.ApprovalFlow, specs []db.Step, last int) []db.ApprovalStep {
	var steps []db.ApprovalStep
	for n, spec := range specs {
		steps = append(steps, db.ApprovalStep{
			ID: db.NewID("stp"), FlowID: flow.ID, RequestID: flow.RequestID, Position: last + n + 1, Spec: spec,
			Need: max(spec.Need, 1), Status: db.Waiting,
		})
	}
	return steps
}

// notRenewable says why more time can't be given on a grant: a review has said so. Empty is that it can.
func notRenewable(grant db.Grant) string {
	if grant.DoNotRenew == "" {
		return ""
	}
	return grant.Entitlement.Name + " is not to be given for longer, as a review said: " + ended(grant.DoNotRenew)
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
