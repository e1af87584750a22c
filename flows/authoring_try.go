package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// How long a test may take in all, and one script of it: Slack's windows wait for it.
const (
	testLimit     = 20 * time.Second
	testOneScript = 6 * time.Second
)

// What a test can say of a script. The values are for views to tell apart.
const (
	WouldDo      = "would_do"    // something would be changed or done
	AlreadyThere = "already"     // it is as it is to be: nothing would be done
	WouldRead    = "would_read"  // it only reads, and it read
	WouldSkip    = "would_skip"  // its condition does not hold
	Depends      = "depends"     // on what an earlier script comes to
	CannotTell   = "cannot_tell" // it could not be planned
)

// Tried is what a test found for one script.
type Tried struct {
	Script db.Script
	Plan   string // what it does, a sentence
	Found  string // what is there now, or why that can't be told
	State  string
}

// Test is what a workflow would do for a person now.
type Test struct {
	Chain   db.ActionChain
	Version db.ActionChainVersion
	Subject db.Person
	For     db.Entitlement
	Tried   []Tried
	Passed  bool // each script could be planned
}

// TestWorkflow says for a person what each script of a workflow's newest version would find and do, by the read half of
// its endpoint alone: nothing is written anywhere. When every script could be planned, the version is tested from then
// on. It talks to providers and belongs into no transaction.
func (f *Flows) TestWorkflow(ctx context.Context, e Edit, entitlementID, subjectID string) (Test, error) {
	w, err := f.editable(ctx, f.store, e.By, e.ChainID)
	if err != nil {
		return Test{}, err
	}
	if w.newest.Number != e.Number {
		return Test{}, stale(w.newest)
	}
	t := Test{Chain: w.chain, Version: w.newest}
	if t.Subject, err = db.PersonByID(ctx, f.store, subjectID); err != nil {
		return t, err
	}
	if t.For, err = writtenFor(ctx, f.store, w.chain, entitlementID); err != nil {
		return t, err
	}
	if err := f.testable(ctx, w, t); err != nil {
		return t, err
	}
	if err := f.try(ctx, &t); err != nil {
		return t, err
	}
	t.Passed = true
	for _, tried := range t.Tried {
		t.Passed = t.Passed && tried.State != CannotTell
	}
	if !t.Passed || w.newest.Status != db.Draft {
		return t, nil
	}
	err = f.markTested(ctx, e, &t)
	return t, err
}

// testable refuses a test that would say nothing, or too much to this person.
func (f *Flows) testable(ctx context.Context, w editing, t Test) error {
	placed, err := f.clearVersion(ctx, f.store, w.newest)
	switch {
	case err != nil:
		return err
	case !placed:
		return refuse("Not everything in this workflow is clear. Make each marked step clear first, in other words or by hand.")
	case t.For.ID == "":
		return refuse("No access uses this workflow, so there is nothing to test it for. Link it to an entitlement first.")
	case !t.Subject.Active || (t.Subject.Kind != db.Member && t.Subject.Kind != db.Guest):
		return refuse("%s can't hold access: choose an active person of this workspace.", t.Subject.Name)
	}
	return f.mayLook(ctx, w.by, t.For, w.newest.Scripts)
}

// mayLook refuses to read for somebody what stands at providers that are not his business: an owner may look at the
// provider of his entitlement and at those that he owns.
func (f *Flows) mayLook(ctx context.Context, p db.Person, e db.Entitlement, chain []db.Script) error {
	admin, err := f.IsAdmin(ctx, f.store, p)
	if err != nil || admin {
		return err
	}
	for _, script := range chain {
		slug := scripts.ProviderOf(script)
		if slug == "" || slug == e.Provider.Slug {
			continue
		}
		provider, err := db.ProviderBySlug(ctx, f.store, slug)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if !sameName(provider.OwnerEmail, p.Email) {
			return refuse("Script %s works at %s, which you don't own. Ask its owner %s or an admin to test this.", script.Name, provider.Name, provider.OwnerEmail)
		}
	}
	return nil
}

// markTested records that a version was tested, if it still is the newest.
func (f *Flows) markTested(ctx context.Context, e Edit, t *Test) error {
	return f.edit(ctx, e, func(ctx context.Context, c *change, w editing) error {
		if w.newest.Status != db.Draft {
			return nil
		}
		tested := w.newest
		tested.Status, tested.TestedAt, tested.TestedBy = db.Tested, c.now, w.by.Label()
		if err := db.MoveVersion(ctx, c, tested, db.Draft); err != nil {
			return err
		}
		t.Version = tested
		after := status(tested)
		after["tested_for"] = t.Subject.Label()
		return c.recordChain(w.by, w.chain, "changed", status(w.newest), after)
	})
}
