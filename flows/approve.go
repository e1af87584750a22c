package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
)

// openFlow writes the approval flow of an item and opens its first step. A chain without a step approves at once.
func (c *change) openFlow(ctx context.Context, request db.Request, d draftItem) error {
	flow := db.ApprovalFlow{
		ID: db.NewID("apf"), ItemID: d.item.ID, RequestID: request.ID, Chain: d.chain.Slug, ChainVersion: d.chain.Version,
		Rule: ruleWords(d.rule), Status: db.Deciding, Conflicts: shown(d.conflicts),
	}
	rule := d.ruled()
	if rule != nil {
		flow.Ruled = rule.Slug
	}
	steps := waitingSteps(flow, d.steps(request.Emergency), 0)
	if err := db.InsertFlow(ctx, c, flow, steps); err != nil {
		return err
	}
	if d.said.denies != nil {
		return c.denyByRule(ctx, request, flow, d.item, db.Details{Error: denial(*rule), Ruled: rule.Slug})
	}
	if err := c.recordConflicts(request, d.item, flow.Conflicts); err != nil {
		return err
	}
	return c.openNext(ctx, request, flow, d.item, steps)
}

// openNext opens the first step that waits and is not passed over, or approves the flow when none does.
func (c *change) openNext(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem, steps []db.ApprovalStep) error {
	for n, step := range steps {
		if step.Status != db.Waiting {
			continue
		}
		d := desk{request: request, flow: flow, item: item, step: step, steps: steps}
		why, problem, err := c.f.whySkipped(ctx, c, d.matter())
		if err != nil {
			return err
		}
		if why == "" || !mayPass(d, false) {
			return c.openStep(ctx, d, problem)
		}
		if err := c.passStep(ctx, d, why); err != nil {
			return err
		}
		steps[n].Status, steps[n].Skipped = db.Approved, why
	}
	return c.approveFlow(ctx, request, flow, item)
}

// openStep opens a step and asks who may decide. problem is what is wrong with its condition, if anything.
func (c *change) openStep(ctx context.Context, d desk, problem string) error {
	if d.step.Spec.Timeout > 0 {
		d.step.DueAt = c.now.Add(time.Duration(d.step.Spec.Timeout))
	}
	if d.step.Spec.Remind > 0 {
		d.step.RemindAt = c.now.Add(time.Duration(d.step.Spec.Remind))
	}
	who, err := c.f.findApprovers(ctx, c, d.matter())
	if err != nil {
		return err
	}
	d.step.Status, d.step.OpenedAt, d.step.LookedAt = db.Deciding, c.now, c.now
	d.step.Hops, d.step.Must, d.step.Short = who.hops, who.must, who.short
	d.step.OnCallAt = c.askOnCall(d.step)
	if err := db.OpenStep(ctx, c, d.step, who.approvers); err != nil {
		return err
	}
	told, err := c.notified(ctx, d)
	if err != nil {
		return err
	}
	err = c.record(system, "step.opened", d.request.ID, &d.item, db.Details{
		Step: d.step.ID, StepName: d.step.Spec.Name, Approvers: labelsOf(who.approvers), Need: who.need, Notify: told, Error: problem,
	})
	if err != nil {
		return err
	}
	return c.recordHops(d, who.hops)
}

// recordHops tells of each turn that the search for approvers took beyond whom the step names.
func (c *change) recordHops(d desk, hops []db.Hop) error {
	for _, hop := range hops {
		err := c.record(system, "step.fallback", d.request.ID, &d.item, db.Details{
			Step: d.step.ID, StepName: d.step.Spec.Name, Hops: []db.Hop{hop},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// labelsOf name approvers in the log.
func labelsOf(approvers []db.Approver) []string {
	names := make([]string, 0, len(approvers))
	for _, one := range approvers {
		names = append(names, one.Person.Label())
	}
	return names
}

// approveFlow ends a flow well: the item is approved and its grant begins, unless something has come up against it.
func (c *change) approveFlow(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem) error {
	if may, err := c.mayGive(ctx, request, flow, item); err != nil || !may {
		return err
	}
	if err := db.CloseFlow(ctx, c, flow.ID, db.Approved, c.now); err != nil {
		return err
	}
	if err := db.SetItemStatus(ctx, c, item.ID, db.Approved); err != nil {
		return err
	}
	err := c.record(system, "flow.approved", request.ID, &item, db.Details{
		Chain: flow.Chain, ChainVersion: flow.ChainVersion, Rule: flow.Rule, Duration: item.Duration.String(),
		Ruled: flow.Ruled, Conflicts: flow.Conflicts, Emergency: request.Emergency,
	})
	if err != nil {
		return err
	}
	switch {
	case isWork(item.EntitlementID):
		return c.approvedWork(ctx, request, item)
	case request.Kind == db.ForChange:
		return c.applyChange(ctx, request)
	}
	return c.grant(ctx, request, item)
}

// endFlow ends a flow without approval: status is Denied, Cancelled or Lapsed.
func (c *change) endFlow(ctx context.Context, flow db.ApprovalFlow, item db.RequestItem, status string) error {
	if err := db.CloseSteps(ctx, c, flow.ID, status, c.now); err != nil {
		return err
	}
	if err := db.CloseFlow(ctx, c, flow.ID, status, c.now); err != nil {
		return err
	}
	if err := db.SetItemStatus(ctx, c, item.ID, status); err != nil || !isWork(item.EntitlementID) {
		return err
	}
	return c.heldEnded(ctx, item, status)
}

// settleRequest gives the request its status once all of its items are decided.
func (c *change) settleRequest(ctx context.Context, request db.Request) error {
	items, err := db.ItemsOf(ctx, c, request.ID)
	if err != nil {
		return err
	}
	status := ""
	for _, item := range items {
		switch {
		case item.Status == db.Pending:
			return nil
		case item.Status == db.Approved || status == "":
			status = item.Status
		}
	}
	if request.Kind == db.ForChange && status != db.Approved {
		if err := c.dropChange(ctx, request); err != nil {
			return err
		}
	}
	err = db.SetRequestStatus(ctx, c, request.ID, status, c.now)
	if errors.Is(err, db.ErrConflict) && request.Status != db.Pending {
		return nil
	}
	return err
}
