package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

// linksShown is how many of the entitlements that link a workflow are named.
const linksShown = 3

// Workflow is an action chain with what a list says about it.
type Workflow struct {
	Chain     db.ActionChain
	Newest    db.ActionChainVersion
	Published *db.ActionChainVersion // nil when there is none
	Linked    []db.Entitlement       // the first few
	Links     int64                  // how many there are
}

// MayAuthor says whether a person writes workflows at all: an admin, or an owner of access or of a provider.
func (f *Flows) MayAuthor(ctx context.Context, personID string) (bool, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return false, err
	}
	admin, err := f.IsAdmin(ctx, f.store, p)
	if err != nil || admin {
		return admin, err
	}
	own, err := db.SearchOwned(ctx, f.store, p.Email, "", 1)
	return len(own) > 0, err
}

// owner is whose workflows and entitlements a person sees: his own, or all, which is the empty text, as an admin.
func (f *Flows) owner(ctx context.Context, personID string) (string, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return "", err
	}
	admin, err := f.IsAdmin(ctx, f.store, p)
	if err != nil || admin {
		return "", err
	}
	own, err := db.SearchOwned(ctx, f.store, p.Email, "", 1)
	if err == nil && len(own) == 0 {
		err = refuse("Workflows are for admins and for the owners of access, and you own none.")
	}
	return p.Email, err
}

// Workflows lists the workflows that a person may see and that hold each word of text, limit of them from offset, and
// counts how many there are.
func (f *Flows) Workflows(ctx context.Context, personID, text string, offset, limit int64) ([]Workflow, int64, error) {
	owner, err := f.owner(ctx, personID)
	if err != nil {
		return nil, 0, err
	}
	chains, total, err := db.SearchWorkflows(ctx, f.store, db.WorkflowFilter{Text: text, Owner: owner}, offset, limit)
	if err != nil {
		return nil, 0, err
	}
	var all []Workflow
	for _, chain := range chains {
		w := Workflow{Chain: chain}
		if w.Linked, w.Links, err = db.EntitlementsOfChain(ctx, f.store, chain.Slug, linksShown); err != nil {
			return nil, 0, err
		}
		versions, err := db.ActionChainVersions(ctx, f.store, chain.ID)
		if err != nil {
			return nil, 0, err
		}
		if len(versions) > 0 {
			w.Newest, w.Published = versions[len(versions)-1], published(versions)
		}
		all = append(all, w)
	}
	return all, total, nil
}

// published finds the published one of a chain's versions.
func published(versions []db.ActionChainVersion) *db.ActionChainVersion {
	for n := range versions {
		if versions[n].Status == db.Published {
			return &versions[n]
		}
	}
	return nil
}

// OwnEntitlements finds the entitlements whose workflows a person may choose.
func (f *Flows) OwnEntitlements(ctx context.Context, personID, text string) ([]db.Entitlement, error) {
	owner, err := f.owner(ctx, personID)
	if err != nil {
		return nil, err
	}
	return db.SearchOwned(ctx, f.store, owner, text, searchLimit)
}

// LinkableWorkflows finds the published workflows of a kind that a person may link to entitlements.
func (f *Flows) LinkableWorkflows(ctx context.Context, personID, kind, text string) ([]db.ActionChain, error) {
	owner, err := f.owner(ctx, personID)
	if err != nil {
		return nil, err
	}
	filter := db.WorkflowFilter{Text: text, Kind: kind, Published: true, Owner: owner}
	found, _, err := db.SearchWorkflows(ctx, f.store, filter, 0, searchLimit)
	return found, err
}
