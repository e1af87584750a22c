package flows

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// Links is an entitlement with the workflows that it links.
type Links struct {
	Entitlement            db.Entitlement
	Provision, Deprovision db.ActionChain
}

// WorkflowLinks reads which workflows an entitlement links, for somebody who may change that.
func (f *Flows) WorkflowLinks(ctx context.Context, personID, entitlementID string) (Links, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return Links{}, err
	}
	var links Links
	if links.Entitlement, err = f.ownEntitlement(ctx, f.store, p, entitlementID); err != nil {
		return links, err
	}
	if links.Provision, err = db.ActionChainBySlug(ctx, f.store, links.Entitlement.ProvisionChain); err != nil {
		return links, err
	}
	links.Deprovision, err = db.ActionChainBySlug(ctx, f.store, links.Entitlement.DeprovisionChain)
	return links, err
}

// LinkWish says which workflows an entitlement is to link, by their slugs. Was names those that it linked when the
// person looked, and Read that he has read what does not fit about the pair.
type LinkWish struct {
	By, EntitlementID            string
	Provision, Deprovision       string
	WasProvision, WasDeprovision string
	Read                         bool
}

// LinkWorkflows links a pair of published workflows to an entitlement, for the requests that come. What the pair does
// not do as a pair is answered first, and nothing is changed then; with Read it is done. Where edits need a second pair
// of eyes it is asked for instead, and the refusal says so.
func (f *Flows) LinkWorkflows(ctx context.Context, wish LinkWish) (warnings []string, err error) {
	requestID := ""
	err = f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.LockConfiguration(ctx, c); err != nil {
			return err
		}
		p, err := actor(ctx, c, wish.By)
		if err != nil {
			return err
		}
		e, err := f.ownEntitlement(ctx, c, p, wish.EntitlementID)
		if err != nil {
			return err
		}
		if e.ProvisionChain != wish.WasProvision || e.DeprovisionChain != wish.WasDeprovision {
			return staleLink(ctx, c, e)
		}
		if warnings, err = f.linkable(ctx, c, p, e, wish); err != nil || (len(warnings) > 0 && !wish.Read) {
			return err
		}
		warnings = nil
		if e.ProvisionChain == wish.Provision && e.DeprovisionChain == wish.Deprovision {
			return nil
		}
		settings, guarded, err := fourEyesOn(ctx, c)
		if err != nil {
			return err
		}
		if guarded {
			requestID, err = c.askForLinks(ctx, wish, e, settings)
			return err
		}
		return c.link(ctx, p, e, wish)
	})
	if err == nil && requestID != "" {
		return nil, asked(requestID)
	}
	return warnings, err
}

// link writes which workflows an entitlement links.
func (c *change) link(ctx context.Context, p db.Person, e db.Entitlement, wish LinkWish) error {
	if err := db.LinkChains(ctx, c, e.ID, wish.Provision, wish.Deprovision, c.now); err != nil {
		return err
	}
	if err := c.wroteInSlack(ctx, config.KindEntitlement, e.Slug, p); err != nil {
		return err
	}
	return c.append(db.AuditEvent{
		Actor: person(p).name, ActorKind: person(p).kind, Action: "config.changed", Outcome: "changed", Entitlement: e.Slug,
		Provider: e.Provider.Slug,
	}, db.Details{
		Resource: "entitlement " + e.Slug,
		Before:   map[string]any{"provision": e.ProvisionChain, "deprovision": e.DeprovisionChain},
		After:    map[string]any{"provision": wish.Provision, "deprovision": wish.Deprovision},
	})
}

// linkable checks both workflows of a pair, and says what they do not do as a pair.
func (f *Flows) linkable(ctx context.Context, q bun.IDB, p db.Person, e db.Entitlement, wish LinkWish) ([]string, error) {
	in, err := f.linkableOne(ctx, q, p, e, db.Provision, wish.Provision, e.ProvisionChain)
	if err != nil {
		return nil, err
	}
	out, err := f.linkableOne(ctx, q, p, e, db.Deprovision, wish.Deprovision, e.DeprovisionChain)
	if err != nil {
		return nil, err
	}
	catalogue, err := f.scriptCatalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	return pair(in.Scripts, out.Scripts, e, catalogue), nil
}

// linkableOne reads the published version of a workflow that an entitlement is to link. One that it links already may
// stay, whatever it does.
func (f *Flows) linkableOne(ctx context.Context, q bun.IDB, p db.Person, e db.Entitlement, kind, slug, was string) (db.ActionChainVersion, error) {
	field, what := FieldProvision, "provisioning"
	if kind == db.Deprovision {
		field, what = FieldDeprovision, "deprovisioning"
	}
	version, err := db.PublishedVersion(ctx, q, slug)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !version.Chain.Active) {
		return version, refuseField(field, 0, "Choose a published %s workflow.", what)
	}
	if err != nil {
		return version, err
	}
	if version.Chain.Kind != kind {
		return version, refuseField(field, 0, "%s is not a %s workflow. Choose one that is.", version.Chain.Title(), what)
	}
	if slug == was {
		return version, nil
	}
	see, _, err := f.mayWrite(ctx, q, p, *version.Chain)
	if err != nil {
		return version, err
	}
	if !see {
		return version, refuseField(field, 0, "%s belongs to access that you don't own. Ask an admin to link it.", version.Chain.Title())
	}
	err = f.withinPower(ctx, q, p, e, version.Scripts)
	if refusal, ok := Refusal(err); ok {
		refusal.Field = field
	}
	return version, err
}

// staleLink says who changed an entitlement meanwhile.
func staleLink(ctx context.Context, q bun.IDB, e db.Entitlement) error {
	who, when := "Somebody", moment(e.UpdatedAt)
	event, err := db.LastConfigChange(ctx, q, e.Slug)
	switch {
	case err == nil:
		who = event.Actor
	case !errors.Is(err, db.ErrNotFound):
		return err
	}
	return refuseField(FieldProvision, 0, "Meanwhile %s changed %s, %s. Open it anew to see what it links now.", who, e.Name, when)
}
