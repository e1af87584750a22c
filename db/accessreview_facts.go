package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// ReviewFacts is how reviewed access came to be, and what became of it.
type ReviewFacts struct {
	Request    Request      // with Requester
	Flow       ApprovalFlow // of the item that made the grant
	Approvals  []Decision   // with their people
	Extensions int          // how often it was given longer
	Unverified bool         // it has ended by a person's word, not by reading the target
}

// ReviewCounts is how far an access review is.
type ReviewCounts struct {
	Open, Kept, Removed, Ended int
	ByDefault                  int // of those kept and removed, because nobody decided in time
}

// Total is the number of items.
func (c ReviewCounts) Total() int { return c.Open + c.Kept + c.Removed + c.Ended }

// Decided is the number of items that are not open any more.
func (c ReviewCounts) Decided() int { return c.Total() - c.Open }

func (c *ReviewCounts) set(status string, n, byDefault int) {
	switch status {
	case ItemOpen:
		c.Open = n
	case ItemKept:
		c.Kept = n
	case ItemRemoved:
		c.Removed = n
	case ItemEnded:
		c.Ended = n
	}
	c.ByDefault += byDefault
}

// ReadReviewFacts reads how the access of items came to be, by the id of the grant.
func ReadReviewFacts(ctx context.Context, q bun.IDB, items []ReviewItem) (map[string]ReviewFacts, error) {
	all := map[string]ReviewFacts{}
	err := inParts(items, func(part []ReviewItem) error {
		read, err := readReviewFacts(ctx, q, part)
		for id, facts := range read {
			all[id] = facts
		}
		return err
	})
	return all, err
}

func readReviewFacts(ctx context.Context, q bun.IDB, items []ReviewItem) (map[string]ReviewFacts, error) {
	var requestIDs, itemIDs, grantIDs []string
	for _, item := range items {
		requestIDs, itemIDs = append(requestIDs, item.Grant.RequestID), append(itemIDs, item.Grant.ItemID)
		grantIDs = append(grantIDs, item.GrantID)
	}
	requests, flows, err := askedFor(ctx, q, requestIDs, itemIDs)
	if err != nil {
		return nil, err
	}
	approvals, err := approvalsOf(ctx, q, itemIDs)
	if err != nil {
		return nil, err
	}
	extensions, err := extensionsOf(ctx, q, grantIDs)
	if err != nil {
		return nil, err
	}
	unverified, err := unverifiedEnds(ctx, q, requestIDs)
	if err != nil {
		return nil, err
	}
	facts := map[string]ReviewFacts{}
	for _, item := range items {
		flow := flows[item.Grant.ItemID]
		facts[item.GrantID] = ReviewFacts{
			Request: requests[item.Grant.RequestID], Flow: flow, Approvals: approvals[flow.ID], Extensions: extensions[item.GrantID],
			Unverified: unverified[item.GrantID],
		}
	}
	return facts, nil
}

// askedFor reads requests by their ids, and approval flows by the ids of their request items.
func askedFor(ctx context.Context, q bun.IDB, requestIDs, itemIDs []string) (map[string]Request, map[string]ApprovalFlow, error) {
	var requests []Request
	err := q.NewSelect().Model(&requests).Relation("Requester").Where("request.id IN ?", bun.Tuple(requestIDs)).Scan(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read requests of reviewed access: %w", err)
	}
	var flows []ApprovalFlow
	if err := q.NewSelect().Model(&flows).Where("item_id IN ?", bun.Tuple(itemIDs)).Scan(ctx); err != nil {
		return nil, nil, fmt.Errorf("read approval flows of reviewed access: %w", err)
	}
	byRequest, byItem := map[string]Request{}, map[string]ApprovalFlow{}
	for _, request := range requests {
		byRequest[request.ID] = request
	}
	for _, flow := range flows {
		byItem[flow.ItemID] = flow
	}
	return byRequest, byItem, nil
}

// approvalsOf reads who approved request items, by approval flow.
func approvalsOf(ctx context.Context, q bun.IDB, itemIDs []string) (map[string][]Decision, error) {
	var steps []ApprovalStep
	err := q.NewSelect().Model(&steps).Column("step.id", "step.flow_id").
		Where("step.flow_id IN (SELECT id FROM approval_flows WHERE item_id IN ?)", bun.Tuple(itemIDs)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approval steps of reviewed access: %w", err)
	}
	var rows []Decision
	err = q.NewSelect().Model(&rows).Relation("Person").Relation("For").Where("decision.verdict = ?", Approved).
		Where("decision.step_id IN (SELECT id FROM approval_steps WHERE flow_id IN "+
			"(SELECT id FROM approval_flows WHERE item_id IN ?))", bun.Tuple(itemIDs)).
		Order("decision.decided_at", "decision.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approvals of reviewed access: %w", err)
	}
	flowOf, out := map[string]string{}, map[string][]Decision{}
	for _, step := range steps {
		flowOf[step.ID] = step.FlowID
	}
	for _, row := range rows {
		out[flowOf[row.StepID]] = append(out[flowOf[row.StepID]], row)
	}
	return out, nil
}

// extensionsOf counts how often grants were given longer.
func extensionsOf(ctx context.Context, q bun.IDB, grantIDs []string) (map[string]int, error) {
	var rows []struct {
		Held string
		N    int
	}
	err := q.NewSelect().Table("request_items").ColumnExpr("extends_grant_id AS held").ColumnExpr("count(*) AS n").
		Where("status = ?", Approved).Where("extends_grant_id IN ?", bun.Tuple(grantIDs)).Group("extends_grant_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count extensions of reviewed access: %w", err)
	}
	out := map[string]int{}
	for _, row := range rows {
		out[row.Held] = row.N
	}
	return out, nil
}

// unverifiedEnds reads which grants of requests have ended by a person's word, as the audit log has it.
func unverifiedEnds(ctx context.Context, q bun.IDB, requestIDs []string) (map[string]bool, error) {
	var rows []AuditEvent
	err := q.NewSelect().Model(&rows).Where("request IN ?", bun.Tuple(requestIDs)).Where("action = 'grant.ended'").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read ends of reviewed access: %w", err)
	}
	out := map[string]bool{}
	for _, row := range rows {
		facts, err := row.Facts()
		if err != nil {
			return nil, err
		}
		out[row.Grant] = facts.Unverified
	}
	return out, nil
}
