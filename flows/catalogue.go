package flows

import (
	"context"
	"errors"
	"strings"

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
