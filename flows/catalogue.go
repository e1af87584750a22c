package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// searchLimit is how many entitlements a search offers: Slack shows at most 100.
const searchLimit = 100

// Catalogue finds the entitlements that hold each word of text and that a person may ask for, the best first. A
// condition that can't be decided hides its entitlement.
func (f *Flows) Catalogue(ctx context.Context, personID, text string) ([]db.Entitlement, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return nil, err
	}
	found, err := db.SearchEntitlements(ctx, f.store, text, searchLimit)
	if err != nil {
		return nil, err
	}
	me, err := f.personScope(ctx, f.store, p)
	if err != nil {
		return nil, err
	}
	offered := found[:0]
	for _, e := range found {
		scope := rules.Scope{"requester": me, "subject": me, "entitlement": rules.Entitlement(e), "provider": rules.Provider(*e.Provider)}
		if may, err := rules.Holds(e.RequestableBy, scope); err == nil && may {
			offered = append(offered, e)
		}
	}
	return offered, nil
}

// Preview is what a request for one entitlement would meet.
type Preview struct {
	Entitlement db.Entitlement
	Chain       string // slug of the approval chain
	Rule        string
	Steps       []PreviewStep
	Plan        []string
	Held        *db.Grant // the grant that would be extended

	Ruled     string        // name of the approval rule that would approve at once, or empty
	Denied    string        // why an approval rule would deny at once, a sentence that names it, or empty
	Conflicts []db.Conflict // separations of duties that a further step would decide on
	Emergency *db.Emergency // the emergency path, if there is one that this person may use
}

// PreviewStep is one approval step and who would be asked.
type PreviewStep struct {
	Spec      db.Step
	Approvers []db.Approver
	Hops      []db.Hop // beyond whom the step names
	Skipped   string   // why it would be passed over, a sentence, or empty
}

// Preview says what would happen if a person asked, by the same rules that decide then. It changes nothing.
func (f *Flows) Preview(ctx context.Context, ask Ask) (Preview, error) {
	ask.Reason = "preview"
	var preview Preview
	err := f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		d, err := f.draft(ctx, tx, ask, f.Now())
		if err != nil {
			return err
		}
		item := d.items[0]
		preview = Preview{Entitlement: *item.item.Entitlement, Chain: item.chain.Slug, Rule: ruleWords(item.rule), Plan: item.item.Plan}
		for _, spec := range item.chain.Steps {
			who, err := f.findApprovers(ctx, tx, matter{request: d.request, item: item.item, step: db.ApprovalStep{Spec: spec, Need: spec.Need}})
			if err != nil {
				return err
			}
			preview.Steps = append(preview.Steps, PreviewStep{Spec: spec, Approvers: who.approvers, Hops: who.hops})
		}
		if item.item.ExtendsGrantID == "" {
			return nil
		}
		grant, err := db.GrantByID(ctx, tx, item.item.ExtendsGrantID)
		preview.Held = &grant
		return err
	})
	return preview, err
}

// FindEntitlement finds the entitlement that a person named in a command: by slug, else the one whose name it is.
func (f *Flows) FindEntitlement(ctx context.Context, personID, text string) (db.Entitlement, error) {
	e, err := db.EntitlementBySlug(ctx, f.store, text)
	if err == nil || !errors.Is(err, db.ErrNotFound) {
		return e, err
	}
	found, err := f.Catalogue(ctx, personID, text)
	if err != nil {
		return e, err
	}
	if len(found) == 1 {
		return found[0], nil
	}
	for _, candidate := range found {
		if strings.EqualFold(candidate.Name, text) {
			return candidate, nil
		}
	}
	return e, refuse("No access is called %q. Start /access request and type a part of its name.", text)
}
