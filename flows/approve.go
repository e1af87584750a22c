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
		Rule: ruleWords(d.rule), Status: db.Deciding,
	}
	var steps []db.ApprovalStep
	for n, spec := range d.chain.Steps {
		steps = append(steps, db.ApprovalStep{
			ID: db.NewID("stp"), FlowID: flow.ID, RequestID: request.ID, Position: n + 1, Spec: spec,
			Need: max(spec.Need, 1), Status: db.Waiting,
		})
	}
	if err := db.InsertFlow(ctx, c, flow, steps); err != nil {
		return err
	}
	return c.openNext(ctx, request, flow, d.item, steps)
}

// openNext opens the first step that waits, or approves the flow when none does.
func (c *change) openNext(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem, steps []db.ApprovalStep) error {
	for _, step := range steps {
		if step.Status == db.Waiting {
			return c.openStep(ctx, request, item, step)
		}
	}
	return c.approveFlow(ctx, request, flow, item)
}

func (c *change) openStep(ctx context.Context, request db.Request, item db.RequestItem, step db.ApprovalStep) error {
	approvers, err := c.f.findApprovers(ctx, c, request, item, step.Spec.Approvers, step.Need)
	if err != nil {
		return err
	}
	step.Status, step.OpenedAt = db.Deciding, c.now
	if step.Spec.Timeout > 0 {
		step.DueAt = c.now.Add(time.Duration(step.Spec.Timeout))
	}
	if step.Spec.Remind > 0 {
		step.RemindAt = c.now.Add(time.Duration(step.Spec.Remind))
	}
	names := make([]string, 0, len(approvers))
	for n := range approvers {
		approvers[n].StepID = step.ID
		names = append(names, approvers[n].Person.Label())
	}
	if err := db.OpenStep(ctx, c, step, approvers); err != nil {
		return err
	}
	return c.record(system, "step.opened", request.ID, &item, db.Details{
		Step: step.ID, StepName: step.Spec.Name, Approvers: names, Need: step.Need,
	})
}

// approveFlow ends a flow well: the item is approved and its grant begins.
func (c *change) approveFlow(ctx context.Context, request db.Request, flow db.ApprovalFlow, item db.RequestItem) error {
	if err := db.CloseFlow(ctx, c, flow.ID, db.Approved, c.now); err != nil {
		return err
	}
	if err := db.SetItemStatus(ctx, c, item.ID, db.Approved); err != nil {
		return err
	}
	err := c.record(system, "flow.approved", request.ID, &item, db.Details{
		Chain: flow.Chain, ChainVersion: flow.ChainVersion, Rule: flow.Rule, Duration: item.Duration.String(),
	})
	if err != nil {
		return err
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
	return db.SetItemStatus(ctx, c, item.ID, status)
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
	err = db.SetRequestStatus(ctx, c, request.ID, status, c.now)
	if errors.Is(err, db.ErrConflict) && request.Status != db.Pending {
		return nil
	}
	return err
}
