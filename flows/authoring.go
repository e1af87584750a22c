package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// The fields of the forms in which workflows are written that an Error may be about. An argument is FieldArgument with
// its name behind it.
const (
	FieldName        = "name"
	FieldWords       = "words"
	FieldScriptName  = "script_name"
	FieldScriptType  = "script_type"
	FieldWhen        = "when"
	FieldArgument    = "argument:"
	FieldProvision   = "provision"
	FieldDeprovision = "deprovision"
)

// Edit names who changes a workflow, and the newest version that he had before him: when there is a newer one by now,
// the change is refused.
type Edit struct {
	By      string // person id
	ChainID string
	Number  int
}

// editing is a workflow that is being changed, under the lock of the configuration.
type editing struct {
	by     db.Person
	chain  db.ActionChain
	newest db.ActionChainVersion
	all    []db.ActionChainVersion // oldest first
}

// edit changes a workflow in one transaction: it locks the configuration, looks who wants to, and refuses when
// somebody else was faster.
func (f *Flows) edit(ctx context.Context, e Edit, do func(ctx context.Context, c *change, w editing) error) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.LockConfiguration(ctx, c); err != nil {
			return err
		}
		w, err := f.editable(ctx, c, e.By, e.ChainID)
		if err != nil {
			return err
		}
		if w.newest.Number != e.Number {
			return stale(w.newest)
		}
		return do(ctx, c, w)
	})
}

// editable reads a workflow for somebody who may change it, or refuses.
func (f *Flows) editable(ctx context.Context, q bun.IDB, personID, chainID string) (editing, error) {
	w, may, err := f.visible(ctx, q, personID, chainID)
	if err == nil && !may {
		err = refuse("%s is also used by access that others own, so only an admin can change it.", w.chain.Title())
	}
	return w, err
}

// visible reads a workflow for somebody who may see it, or refuses, and says whether he may change it.
func (f *Flows) visible(ctx context.Context, q bun.IDB, personID, chainID string) (w editing, may bool, err error) {
	if w.by, err = actor(ctx, q, personID); err != nil {
		return w, false, err
	}
	w.chain, err = db.ActionChainByID(ctx, q, chainID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !w.chain.Active) {
		return w, false, refuse("This workflow is no longer there.")
	}
	if err != nil {
		return w, false, err
	}
	see, may, err := f.mayWrite(ctx, q, w.by, w.chain)
	if err != nil {
		return w, false, err
	}
	if !see {
		return w, false, refuse("%s belongs to access that you don't own. Its owner or an admin can see and change it.", w.chain.Title())
	}
	if w.all, err = db.ActionChainVersions(ctx, q, chainID); err != nil {
		return w, false, err
	}
	if len(w.all) == 0 {
		return w, false, fmt.Errorf("action chain %s has no version", chainID)
	}
	w.newest = w.all[len(w.all)-1]
	return w, may, nil
}

// mayWrite says whether a person may see and may change a workflow. It belongs to the entitlements that link it, and
// while none does, to the one it was written for: who owns one of them sees it, who owns all of them changes it.
func (f *Flows) mayWrite(ctx context.Context, q bun.IDB, p db.Person, chain db.ActionChain) (see, change bool, err error) {
	admin, err := f.IsAdmin(ctx, q, p)
	if err != nil || admin || !powerful(p) {
		return admin, admin, err
	}
	_, linked, err := db.EntitlementsOfChain(ctx, q, chain.Slug, 1)
	if err != nil {
		return false, false, err
	}
	if linked > 0 {
		others, err := db.CountOthers(ctx, q, chain.Slug, p.Email)
		return others < linked, others == 0, err
	}
	if chain.WrittenFor == "" {
		return false, false, nil
	}
	e, err := db.EntitlementBySlug(ctx, q, chain.WrittenFor)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !e.Active) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	may, err := f.mayMend(ctx, q, p, e)
	return may, may, err
}

// ownEntitlement reads an entitlement for somebody who may decide which workflows it links, or refuses.
func (f *Flows) ownEntitlement(ctx context.Context, q bun.IDB, p db.Person, id string) (db.Entitlement, error) {
	e, err := db.EntitlementByID(ctx, q, id)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !e.Active) {
		return e, refuse("This access is no longer there. Choose another.")
	}
	if err != nil {
		return e, err
	}
	may, err := f.mayMend(ctx, q, p, e)
	if err == nil && !may {
		err = refuse("You don't own %s. Its owner or an admin decides what it runs.", e.Name)
	}
	return e, err
}

// stale says who was faster.
func stale(newest db.ActionChainVersion) error {
	return refuseField(FieldWords, 0, "Meanwhile %s saved version %d, %s. Copy what you wrote, open the workflow anew and bring the two together.",
		newest.Author, newest.Number, moment(newest.CreatedAt))
}

func moment(at time.Time) string { return "on " + at.UTC().Format("2006-01-02 at 15:04") + " UTC" }

// recordChain tells the audit log how a workflow changed.
func (c *change) recordChain(by db.Person, chain db.ActionChain, verb string, before, after map[string]any) error {
	event := db.AuditEvent{Actor: person(by).name, ActorKind: person(by).kind, Action: "config.changed", Outcome: verb}
	if chain.WrittenFor != "" {
		event.Entitlement = chain.WrittenFor
	}
	details := db.Details{Resource: "action_chain " + chain.Slug, Kind: chain.Kind, Chain: chain.Slug}
	if before != nil {
		details.Before = before
	}
	if after != nil {
		details.After = after
	}
	return c.append(event, details)
}

// facts is a version as the audit log keeps it.
func facts(chain db.ActionChain, v db.ActionChainVersion) map[string]any {
	return map[string]any{
		"slug": chain.Slug, "name": chain.Title(), "kind": chain.Kind, "version": v.Number, "status": v.Status,
		"workflow": v.Text, "scripts": v.Scripts,
	}
}

// status is only how far a version has come.
func status(v db.ActionChainVersion) map[string]any {
	return map[string]any{"version": v.Number, "status": v.Status}
}

// sameName says whether two names are the same to people.
func sameName(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
