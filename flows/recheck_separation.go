package flows

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

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

// unsettled leaves of conflicts what nobody has agreed to: neither the approvers of this flow nor those who gave the
// person the other side while this one was known.
func unsettled(ctx context.Context, q bun.IDB, flow db.ApprovalFlow, e db.Entitlement, found []conflict) ([]conflict, error) {
	var open []conflict
	for _, one := range found {
		var against []holding
		for _, other := range one.against {
			if agreed(flow, one.rule, other.entitlement) {
				continue
			}
			theirs, err := db.FlowOfItem(ctx, q, other.itemID)
			if err != nil {
				return nil, err
			}
			if !agreed(theirs, one.rule, e) {
				against = append(against, other)
			}
		}
		if len(against) > 0 {
			open = append(open, conflict{rule: one.rule, against: against})
		}
	}
	return open, nil
}

// agreed says whether the approvers of a flow saw that a separation stands against holding e besides.
func agreed(flow db.ApprovalFlow, rule db.Separation, e db.Entitlement) bool {
	return slices.ContainsFunc(flow.Conflicts, func(seen db.Conflict) bool {
		return seen.Rule == rule.Slug && slices.Contains(seen.Holds, e.Name)
	})
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
