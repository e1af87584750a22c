package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// ProviderCalls says how the scripts that work at a provider fared. Times are zero where there was none.
type ProviderCalls struct {
	Provider    string    // slug
	LastSuccess time.Time // it did what was asked, or said that it won't
	LastFailure time.Time // it could not be reached, or did not say what it did
	FailsSince  time.Time // the first failure behind the last success
}

// CallsSince reads how the scripts that began at each provider since then fared, ordered by slug. Only those of
// providers that were called are there.
func CallsSince(ctx context.Context, q bun.IDB, since time.Time) ([]ProviderCalls, error) {
	const answered, silent = "outcome IN ('applied', 'already', 'refused')", "outcome IN ('transient', 'unknown')"
	var rows []struct {
		Provider    string       `bun:"provider"`
		LastSuccess bun.NullTime `bun:"last_success"`
		LastFailure bun.NullTime `bun:"last_failure"`
	}
	err := q.NewSelect().Model((*FlowScript)(nil)).Column("provider").
		ColumnExpr("MAX(CASE WHEN "+answered+" THEN COALESCE(ended_at, started_at) END) AS last_success").
		ColumnExpr("MAX(CASE WHEN "+silent+" THEN COALESCE(ended_at, started_at) END) AS last_failure").
		Where("provider <> ''").Where("started_at >= ?", since).Group("provider").Order("provider").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read how providers answered: %w", err)
	}
	all := make([]ProviderCalls, 0, len(rows))
	for _, row := range rows {
		calls := ProviderCalls{Provider: row.Provider, LastSuccess: UTC(row.LastSuccess.Time), LastFailure: UTC(row.LastFailure.Time)}
		if calls.LastFailure.After(calls.LastSuccess) {
			if calls.FailsSince, err = failsSince(ctx, q, calls, since); err != nil {
				return nil, err
			}
		}
		all = append(all, calls)
	}
	return all, nil
}

// failsSince reads when the first script began that failed behind the last success.
func failsSince(ctx context.Context, q bun.IDB, calls ProviderCalls, since time.Time) (time.Time, error) {
	if calls.LastSuccess.After(since) {
		since = calls.LastSuccess
	}
	var first bun.NullTime
	err := q.NewSelect().Model((*FlowScript)(nil)).ColumnExpr("MIN(started_at)").Where("provider = ?", calls.Provider).
		Where("outcome IN ('transient', 'unknown')").Where("COALESCE(ended_at, started_at) > ?", since).Scan(ctx, &first)
	if err != nil {
		return time.Time{}, fmt.Errorf("read since when %s fails: %w", calls.Provider, err)
	}
	return UTC(first.Time), nil
}

// AbleApprovers counts, for each of some steps, the people who may decide on it and have not.
func AbleApprovers(ctx context.Context, q bun.IDB, stepIDs []string) (map[string]int, error) {
	able := map[string]int{}
	if len(stepIDs) == 0 {
		return able, nil
	}
	var rows []struct {
		StepID string `bun:"step_id"`
		Able   int    `bun:"able"`
	}
	err := q.NewSelect().Model((*Approver)(nil)).Column("approver.step_id").ColumnExpr("COUNT(*) AS able").
		Join("JOIN people AS person ON person.id = approver.person_id").Where("person.active").Where("person.kind = ?", Member).
		Where("NOT EXISTS (SELECT 1 FROM decisions AS d WHERE d.step_id = approver.step_id AND d.person_id = approver.person_id)").
		Where("approver.step_id IN ?", bun.Tuple(stepIDs)).Group("approver.step_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count who can decide: %w", err)
	}
	for _, row := range rows {
		able[row.StepID] = row.Able
	}
	return able, nil
}
