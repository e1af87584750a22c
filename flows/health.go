package flows

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// healthRows is how many rows of each part of the health are read, and healthDays how far back calls are looked at.
const (
	healthRows = 100
	healthDays = 30
)

// Health is what an admin has to look at. The lists hold the oldest, at most a hundred; the totals are of all.
type Health struct {
	Failed     []db.ActionFlow // wait for somebody to mend them
	Overdue    []db.Grant      // their time is over and they have not ended
	Unattended []Unattended    // open approval steps for which too few who may decide were found
	Providers  []ProviderHealth
	Differing  []db.ConfigObject // written in Slack, and a configuration file wants them otherwise

	FailedTotal, OverdueTotal, UnattendedTotal int
}

// Unattended is an open approval step for which there are too few people.
type Unattended struct {
	RequestID, StepID, StepName string
	Able, Need                  int // who may decide and has not; how many approvals the step needs in all
	Since                       time.Time
}

// ProviderHealth says how the calls to an active provider went in the last days.
type ProviderHealth struct {
	Slug, Name   string
	LastSuccess  time.Time // zero: none
	LastFailure  time.Time // zero: none
	FailingSince time.Time // zero: the last call went well, or there was none
}

// SystemHealth reads what an admin has to look at, for admins and auditors.
func (f *Flows) SystemHealth(ctx context.Context, personID string) (Health, error) {
	var h Health
	if err := f.readsAll(ctx, f.store, personID); err != nil {
		return h, err
	}
	now := f.Now()
	for what, total := range map[db.Countable]*int{
		db.FailedActionFlows: &h.FailedTotal, db.OverdueGrantsCount: &h.OverdueTotal, db.UnattendedSteps: &h.UnattendedTotal,
	} {
		n, err := db.Count(ctx, f.store, what, now)
		if err != nil {
			return h, err
		}
		*total = int(n)
	}
	var err error
	if h.Failed, err = db.FailedFlows(ctx, f.store, healthRows); err != nil {
		return h, err
	}
	if h.Overdue, err = db.OverdueGrants(ctx, f.store, now, healthRows); err != nil {
		return h, err
	}
	if h.Unattended, err = unattended(ctx, f.store); err != nil {
		return h, err
	}
	if h.Providers, err = providerHealth(ctx, f.store, now.AddDate(0, 0, -healthDays)); err != nil {
		return h, err
	}
	h.Differing, err = db.DifferingConfigObjects(ctx, f.store, healthRows)
	return h, err
}

func unattended(ctx context.Context, q bun.IDB) ([]Unattended, error) {
	steps, err := db.ShortSteps(ctx, q, healthRows)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(steps))
	for _, step := range steps {
		ids = append(ids, step.ID)
	}
	able, err := db.AbleApprovers(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Unattended, 0, len(steps))
	for _, step := range steps {
		all = append(all, Unattended{
			RequestID: step.RequestID, StepID: step.ID, StepName: step.Spec.Name, Able: able[step.ID], Need: step.Need, Since: step.OpenedAt,
		})
	}
	return all, nil
}

func providerHealth(ctx context.Context, q bun.IDB, since time.Time) ([]ProviderHealth, error) {
	providers, err := db.Providers(ctx, q)
	if err != nil {
		return nil, err
	}
	calls, err := db.CallsSince(ctx, q, since)
	if err != nil {
		return nil, err
	}
	made := map[string]db.ProviderCalls{}
	for _, one := range calls {
		made[one.Provider] = one
	}
	var all []ProviderHealth
	for _, p := range providers {
		if one := made[p.Slug]; p.Active {
			all = append(all, ProviderHealth{p.Slug, p.Name, one.LastSuccess, one.LastFailure, one.FailsSince})
		}
	}
	return all, nil
}
