package flows

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// How far back a replay looks, and at how many items at most: they are answered while somebody waits.
const (
	ReplayDays = 90
	replayMost = 5000
	replaySome = 5
)

// ReplayResult is what past requests would have met with other steps of an approval chain, beside what they met. Of a
// request that was denied at its first step, only the people of that were asked; the replay counts all steps.
type ReplayResult struct {
	Requests int // items that were asked for and would go through the chain now
	Of       int // how many there are; more than Requests when only the newest were looked at
	Now, New ReplayCount
	Sample   []ReplayItem // some for which the steps would find too few people
}

// ReplayCount sums up how the items fared.
type ReplayCount struct {
	ByRule  int // approved at once: no step was to be asked
	Skipped int // steps that were passed over
	Nobody  int // items with a step for which the chain itself found too few, so that others stood in
	Asked   int // people who were asked, summed over the items
	Most    int // people who were asked for one item at most
}

// ReplayItem is one past item for which the steps would find too few people.
type ReplayItem struct {
	RequestID, Entitlement, Subject string // the last two are what people call them
	Step                            string // its name
}

// Replay says what the items that were asked for in the last 90 days would have met with these steps of an approval
// chain, for admins and auditors. They are those of entitlements whose approval names the chain, as far as their rules
// would choose it now. It asks the rules that decide, with the people of today; nobody counts as away.
func (f *Flows) Replay(ctx context.Context, personID, chainSlug string, steps []db.Step) (ReplayResult, error) {
	if err := f.readsAll(ctx, f.store, personID); err != nil {
		return ReplayResult{}, err
	}
	var result ReplayResult
	err := f.store.RunInTx(withMemory(ctx), nil, func(ctx context.Context, tx bun.Tx) error {
		past, total, err := db.PastItems(ctx, tx, chainSlug, f.Now().AddDate(0, 0, -ReplayDays), replayMost)
		if err != nil {
			return err
		}
		r := replay{f: f, q: tx, chain: chainSlug, steps: steps}
		if r.rulings, err = db.Rulings(ctx, tx); err != nil {
			return err
		}
		if err := r.rememberGroups(ctx, past); err != nil {
			return err
		}
		for _, one := range past {
			if err := r.item(ctx, one); err != nil {
				return err
			}
		}
		result = r.result
		result.Of = result.Requests + int(total) - len(past)
		return nil
	})
	return result, err
}

// replay is a replay under way.
type replay struct {
	f       *Flows
	q       bun.IDB
	chain   string
	steps   []db.Step
	rulings []db.Ruling
	result  ReplayResult
}

// rememberGroups reads the groups of everybody whom conditions may look at.
func (r *replay) rememberGroups(ctx context.Context, past []db.PastItem) error {
	var people []string
	for _, one := range past {
		people = append(people, one.SubjectID, one.Request.RequesterID)
	}
	groups, err := db.GroupsOfAll(ctx, r.q, people)
	for _, id := range people {
		if groups[id] == nil {
			groups[id] = []string{}
		}
		_, _ = remembered(ctx, groupsKey(id), func() ([]string, error) { return groups[id], nil })
	}
	return err
}

// item lets one past item go through the steps, if it would be this chain's.
func (r *replay) item(ctx context.Context, past db.PastItem) error {
	scope, err := r.f.scope(ctx, r.q, past.Request, past.RequestItem, nil)
	if err != nil || !r.chosen(past, scope) {
		return err
	}
	r.result.Requests++
	r.result.Now.add(past.Met)
	said, err := ruledBy(r.rulings, past.Entitlement.Slug, scope, r.f.Now())
	if err == nil && (said.approves != nil || said.denies != nil) {
		r.result.New.add(db.Met{}) // a rule would decide before the chain
		return nil
	}
	met, err := r.meets(ctx, past)
	r.result.New.add(met)
	return err
}

// chosen says whether the rules of the entitlement choose the chain for an item.
func (r *replay) chosen(past db.PastItem, scope rules.Scope) bool {
	if past.Request.Emergency {
		return past.Entitlement.Emergency != nil && past.Entitlement.Emergency.Chain == r.chain
	}
	rule, err := chooseRule(*past.Entitlement, scope)
	return err == nil && rule.Chain == r.chain
}

// meets says what an item would meet at the steps.
func (r *replay) meets(ctx context.Context, past db.PastItem) (db.Met, error) {
	var met db.Met
	asked := map[string]bool{}
	for _, spec := range r.steps {
		m := matter{request: past.Request, item: past.RequestItem, step: db.ApprovalStep{Spec: spec, Need: max(spec.Need, 1)}}
		skipped, _, err := r.f.whySkipped(ctx, r.q, m)
		if err != nil {
			return met, err
		}
		if skipped != "" {
			met.Skipped++
			continue
		}
		who, err := r.f.findApprovers(ctx, r.q, m)
		if err != nil {
			return met, err
		}
		met.Opened++
		for _, one := range who.approvers {
			asked[one.PersonID] = true
		}
		if who.short || len(who.hops) > 0 {
			met.Fell++
			r.sample(past, spec)
		}
	}
	met.Asked = len(asked)
	return met, nil
}

func (r *replay) sample(past db.PastItem, step db.Step) {
	if len(r.result.Sample) < replaySome {
		r.result.Sample = append(r.result.Sample, ReplayItem{
			RequestID: past.RequestID, Entitlement: past.Entitlement.Name, Subject: past.Subject.Name, Step: step.Name,
		})
	}
}

// add counts one more item.
func (n *ReplayCount) add(met db.Met) {
	if met.Opened == 0 {
		n.ByRule++
	}
	if met.Fell > 0 {
		n.Nobody++
	}
	n.Skipped += met.Skipped
	n.Asked += met.Asked
	n.Most = max(n.Most, met.Asked)
}
