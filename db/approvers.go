package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// ApproversOf reads who may decide on a step, with the people, ordered by e-mail address.
func ApproversOf(ctx context.Context, q bun.IDB, stepID string) ([]Approver, error) {
	var rows []Approver
	err := q.NewSelect().Model(&rows).Relation("Person").Relation("For").Where("approver.step_id = ?", stepID).
		Order("person.email").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approvers of %s: %w", stepID, err)
	}
	return rows, nil
}

// SaveSearch stores what the search for approvers of an open step found: who is asked, in place of whoever was asked
// before and has not decided.
func SaveSearch(ctx context.Context, q bun.IDB, step ApprovalStep, approvers []Approver) error {
	result, err := q.NewUpdate().Model(&step).Column("hops", "short", "looked_at").
		Where("id = ?", step.ID).Where("status = ?", Deciding).Exec(ctx)
	if err := changed(result, err, "approval step", step.ID); err != nil {
		return err
	}
	keep := []string{""}
	for _, one := range approvers {
		keep = append(keep, one.PersonID)
	}
	_, err = q.NewDelete().Model((*Approver)(nil)).Where("step_id = ?", step.ID).Where("person_id NOT IN ?", bun.Tuple(keep)).
		Where("person_id NOT IN (SELECT person_id FROM decisions WHERE step_id = ?)", step.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove approvers of %s: %w", step.ID, err)
	}
	if len(approvers) == 0 {
		return nil
	}
	_, err = q.NewInsert().Model(&approvers).On("CONFLICT (step_id, person_id) DO UPDATE").
		Set("source = EXCLUDED.source").Set("for_id = EXCLUDED.for_id").Exec(ctx)
	return wrap(err, "add approvers of "+step.ID)
}

// SetOnCall stores who was found to be on call for an open step, and when that is to be asked again.
func SetOnCall(ctx context.Context, q bun.IDB, step ApprovalStep) error {
	result, err := q.NewUpdate().Model(&step).Column("on_call", "on_call_at").
		Where("id = ?", step.ID).Where("status = ?", Deciding).Exec(ctx)
	return changed(result, err, "approval step", step.ID)
}

// AddApprovers names further people who may decide on a step; who is named already stays as he is.
func AddApprovers(ctx context.Context, q bun.IDB, approvers []Approver) error {
	if len(approvers) == 0 {
		return nil
	}
	_, err := q.NewInsert().Model(&approvers).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "add approvers")
}

// SetMust stores who has to approve an open step on which all must.
func SetMust(ctx context.Context, q bun.IDB, step ApprovalStep) error {
	result, err := q.NewUpdate().Model(&step).Column("must").Where("id = ?", step.ID).Where("status = ?", Deciding).Exec(ctx)
	return changed(result, err, "approval step", step.ID)
}

// StepsToAskOnCall reads open steps for which it is to be asked who is on call, at most limit.
func StepsToAskOnCall(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]ApprovalStep, error) {
	var rows []ApprovalStep
	err := q.NewSelect().Model(&rows).Where("status = ?", Deciding).Where("on_call_at <= ?", now).
		Order("on_call_at").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read steps that wait for who is on call: %w", err)
	}
	return rows, nil
}

// ShortSteps reads the open steps for which too few who may decide were found, oldest first, at most limit.
func ShortSteps(ctx context.Context, q bun.IDB, limit int64) ([]ApprovalStep, error) {
	var rows []ApprovalStep
	err := q.NewSelect().Model(&rows).Where("status = ?", Deciding).Where("short").Order("opened_at").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read steps without approver: %w", err)
	}
	return rows, nil
}

// StepsOfTheGone reads the ids of open steps on which somebody is asked who can't decide any more, at most limit.
func StepsOfTheGone(ctx context.Context, q bun.IDB, limit int64) ([]string, error) {
	return openSteps(ctx, q, "step.id IN (SELECT approver.step_id FROM approvers AS approver JOIN people AS person "+
		"ON person.id = approver.person_id WHERE NOT (person.active AND person.kind = 'member') AND NOT EXISTS "+
		"(SELECT 1 FROM decisions AS decision WHERE decision.step_id = approver.step_id AND decision.person_id = approver.person_id))", limit)
}

// StepsLookedAt reads the ids of open steps of which who may decide was looked up last at a time or before, or never, at
// most limit.
func StepsLookedAt(ctx context.Context, q bun.IDB, before time.Time, limit int64) ([]string, error) {
	return openSteps(ctx, q, "(step.looked_at IS NULL OR step.looked_at <= ?)", limit, before)
}

// StepsAsking reads the ids of open steps on which a person is asked.
func StepsAsking(ctx context.Context, q bun.IDB, personID string) ([]string, error) {
	return openSteps(ctx, q, "step.id IN (SELECT step_id FROM approvers WHERE person_id = ?)", 0, personID)
}

// OpenSteps reads the ids of all open steps.
func OpenSteps(ctx context.Context, q bun.IDB) ([]string, error) { return openSteps(ctx, q, "TRUE", 0) }

func openSteps(ctx context.Context, q bun.IDB, where string, limit int64, args ...any) ([]string, error) {
	var ids []string
	query := q.NewSelect().Model((*ApprovalStep)(nil)).Column("step.id").Where("step.status = ?", Deciding).Where(where, args...)
	if limit > 0 {
		query = query.Limit(limit)
	}
	if err := query.Order("step.opened_at").Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("read open approval steps: %w", err)
	}
	return ids, nil
}
