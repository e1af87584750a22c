package flows

import (
	"cmp"
	"context"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Preview is what a request for one entitlement would meet.
type Preview struct {
	Entitlement db.Entitlement
	Chain       string // slug of the approval chain
	Rule        string
	Steps       []PreviewStep
	Plan        []string
	Duration    db.Duration // for how long, which an emergency may cut
	Held        *db.Grant   // the grant that would be extended

	Ruled     string        // name of the approval rule that would approve at once, or empty
	Denied    string        // why an approval rule would deny at once, a sentence that names it, or empty
	Conflicts []db.Conflict // separations of duties that a further step would decide on
	Emergency *db.Emergency // the emergency path, if there is one that this person may use
}

// PreviewStep is one approval step and who would be asked.
type PreviewStep struct {
	Spec      db.Step
	Need      int // how many of them would have to approve
	Approvers []db.Approver
	Hops      []db.Hop // beyond whom the step names
	Skipped   string   // why it would be passed over, a sentence, or empty
}

// Preview says what would happen if a person asked, by the same rules that decide then. It changes nothing.
func (f *Flows) Preview(ctx context.Context, ask Ask) (Preview, error) {
	ask.Reason = cmp.Or(ask.Reason, "preview") // conditions may look at it
	var preview Preview
	err := f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		d, err := f.draft(ctx, tx, ask, f.Now())
		if err != nil {
			return err
		}
		one := d.items[0]
		preview = Preview{
			Entitlement: *one.item.Entitlement, Chain: one.chain.Slug, Rule: ruleWords(one.rule), Plan: one.item.Plan,
			Held: one.extends, Conflicts: shown(one.conflicts), Duration: one.item.Duration,
		}
		if one.emergency {
			preview.Emergency = one.item.Entitlement.Emergency
		}
		switch rule := one.ruled(); {
		case rule != nil && rule.Effect == db.RuleDenies:
			preview.Denied = denial(*rule)
		case rule != nil:
			preview.Ruled = rule.Name
		}
		preview.Steps, err = f.previewSteps(ctx, tx, d.request, one)
		return err
	})
	return preview, err
}

// previewSteps says who would be asked at each step, were it its turn now.
func (f *Flows) previewSteps(ctx context.Context, q bun.IDB, request db.Request, d draftItem) ([]PreviewStep, error) {
	var steps []PreviewStep
	for _, spec := range d.steps(request.Emergency) {
		m := matter{request: request, item: d.item, step: db.ApprovalStep{Spec: spec, Need: max(spec.Need, 1)}}
		skipped, _, err := f.whySkipped(ctx, q, m)
		if err != nil {
			return nil, err
		}
		if skipped != "" {
			steps = append(steps, PreviewStep{Spec: spec, Skipped: skipped})
			continue
		}
		who, err := f.findApprovers(ctx, q, m)
		if err != nil {
			return nil, err
		}
		steps = append(steps, PreviewStep{Spec: spec, Need: who.need, Approvers: who.approvers, Hops: who.hops})
	}
	return steps, nil
}
