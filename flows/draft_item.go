package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

func (f *Flows) draftItem(ctx context.Context, q bun.IDB, request db.Request, wanted AskItem, subject db.Person, start time.Time) (draftItem, error) {
	entitlement, err := db.EntitlementByID(ctx, q, wanted.EntitlementID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !(entitlement.Active && entitlement.Provider.Active)) {
		return draftItem{}, refuseField(FieldAccess, 0, "This access is no longer offered. Choose another.")
	}
	if err != nil {
		return draftItem{}, err
	}
	if err := checkDuration(entitlement, 0, wanted.Duration); err != nil {
		return draftItem{}, err
	}
	d := draftItem{item: db.RequestItem{
		ID: db.NewID("itm"), RequestID: request.ID, EntitlementID: entitlement.ID, SubjectID: subject.ID,
		Duration: wanted.Duration, StartsAt: start, Status: db.Pending, Entitlement: &entitlement, Subject: &subject,
	}}
	if d.extends, err = heldGrant(ctx, q, d.item, wanted.Extends); err != nil {
		return draftItem{}, err
	}
	if d.extends != nil {
		d.item.ExtendsGrantID = d.extends.ID
		if why := notRenewable(*d.extends); why != "" {
			return draftItem{}, refuseField(FieldAccess, 0, "%s", why)
		}
	} else if err := f.mayGiveAgain(ctx, q, request, d.item); err != nil {
		return draftItem{}, err
	}
	if err := f.choose(ctx, q, request, &d); err != nil {
		return draftItem{}, err
	}
	return d, f.fixVersions(ctx, q, request, &d.item)
}

// heldGrant finds the grant that an item asks more time for: the one named, else the one that is held already; nil is
// none. A request with a later start is a new grant.
func heldGrant(ctx context.Context, q bun.IDB, item db.RequestItem, named string) (*db.Grant, error) {
	if named == "" && !item.StartsAt.IsZero() {
		return nil, nil //nolint:nilnil // to hold nothing is an ordinary answer
	}
	grants, err := db.LiveGrantsOf(ctx, q, item.SubjectID)
	if err != nil {
		return nil, err
	}
	for _, grant := range grants {
		live := grant.Status == db.Active || grant.Status == db.Provisioning
		if grant.EntitlementID == item.EntitlementID && live && (named == "" || named == grant.ID) {
			return &grant, nil
		}
	}
	if named != "" {
		return nil, refuse("This access has already ended. Ask for it anew with /access request.")
	}
	return nil, nil //nolint:nilnil // to hold nothing is an ordinary answer
}

// choose checks who may ask and finds out who decides: a rule, or the steps of a chain.
func (f *Flows) choose(ctx context.Context, q bun.IDB, request db.Request, d *draftItem) error {
	e := *d.item.Entitlement
	scope, err := f.scope(ctx, q, request, d.item, nil)
	if err != nil {
		return err
	}
	may, err := rules.Holds(e.RequestableBy, scope)
	if err != nil {
		return fmt.Errorf("who may ask for %s: %w", e.Slug, err)
	}
	if !may {
		return refuseField(FieldAccess, 0, "%s can't be asked for by you or for this person. Ask its owner %s why.", e.Name, e.OwnerEmail)
	}
	d.emergency = mayUseEmergency(e, scope)
	if request.Emergency {
		if err := d.hurry(request); err != nil {
			return err
		}
		scope["duration"] = d.item.Duration
	}
	if d.said, err = f.ruled(ctx, q, d.item, scope, request.CreatedAt); err != nil || d.said.denies != nil {
		return err
	}
	return d.pickChain(ctx, q, request, scope)
}

// pickChain picks the chain that decides where no rule denies: in an emergency the path's own, if it has one, whatever
// rules would approve.
func (d *draftItem) pickChain(ctx context.Context, q bun.IDB, request db.Request, scope rules.Scope) error {
	var err error
	if request.Emergency {
		d.said.approves = nil
	} else if d.rule, err = chooseRule(*d.item.Entitlement, scope); err != nil {
		return err
	}
	if d.rule.Chain == "" {
		return nil
	}
	d.chain, err = db.ApprovalChainBySlug(ctx, q, d.rule.Chain)
	return err
}

// fixVersions binds the item to the published versions of its action chains: what runs is what the approver saw.
func (f *Flows) fixVersions(ctx context.Context, q bun.IDB, request db.Request, item *db.RequestItem) error {
	provision, err := db.PublishedVersion(ctx, q, item.Entitlement.ProvisionChain)
	if err != nil {
		return err
	}
	deprovision, err := db.PublishedVersion(ctx, q, item.Entitlement.DeprovisionChain)
	if err != nil {
		return err
	}
	item.ProvisionVersionID, item.DeprovisionVersionID = provision.ID, deprovision.ID
	if item.ExtendsGrantID != "" {
		item.Plan = []string{"Nothing is changed at " + item.Entitlement.Provider.Name + ": the access is kept for longer."}
		return nil
	}
	scope, err := f.scope(ctx, q, request, *item, nil)
	if err != nil {
		return err
	}
	item.Plan, err = f.plan(ctx, q, provision.Scripts, scope)
	return err
}
