package flows

import (
	"context"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// PlanConfig compares a checked configuration file with the rows and changes nothing.
func (f *Flows) PlanConfig(ctx context.Context, file config.File, prune bool) (config.Plan, error) {
	return file.Plan(ctx, f.store, prune)
}

// ApplyConfig makes the rows equal to a checked configuration file, in one transaction with an audit event for each
// object that changed. Two at once follow one another: the second plans against what the first wrote. What somebody
// changed in Slack is refused, unless beside says otherwise: config.Plan.Overwrite or config.Plan.Leave.
func (f *Flows) ApplyConfig(ctx context.Context, file config.File, prune bool, author string, beside ...func(config.Plan) config.Plan) ([]config.Change, error) {
	var changes []config.Change
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.LockConfiguration(ctx, c); err != nil {
			return err
		}
		plan, err := file.Plan(ctx, c, prune)
		if err != nil {
			return err
		}
		for _, decide := range beside {
			plan = decide(plan)
		}
		changes, err = c.carryOut(ctx, plan, by{name: author, kind: "operator"}, nil)
		return err
	})
	return changes, err
}

// carryOut writes a plan and tells the log of each object, and the people whose labels are given.
func (c *change) carryOut(ctx context.Context, plan config.Plan, author by, tell []string) ([]config.Change, error) {
	changes, err := config.Apply(ctx, c, plan, c.now, author.name)
	if err != nil {
		return nil, err
	}
	for _, made := range changes {
		event := db.AuditEvent{Actor: author.name, ActorKind: author.kind, Action: "config.changed", Outcome: made.Verb}
		switch made.Kind {
		case config.KindEntitlement:
			event.Entitlement = made.Name
		case config.KindProvider:
			event.Provider = made.Name
		}
		details := db.Details{Resource: made.Kind + " " + made.Name, Before: made.Before, After: made.After, Tell: tell}
		if err := c.append(event, details); err != nil {
			return nil, err
		}
	}
	return changes, c.followConfig(ctx, changes)
}
