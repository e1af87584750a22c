package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/workflow"
)

// How much may be written: what a modal of Slack takes.
const (
	maxWorkflowName  = 60
	maxWorkflowWords = 3000
)

// Words is a workflow as somebody wrote it: a new one for an entitlement, or other words for one that is there.
type Words struct {
	Edit                 // of a new workflow only By
	EntitlementID string // for which it is written; empty for one that is there is the one it was written for
	Kind          string // db.Provision or db.Deprovision, of a new one
	Name, Text    string
}

// WriteWorkflow saves the words of a workflow as a new version, with the scripts that they become, and returns it. What
// could not be placed stands in its steps, and the version is a draft. Words that change nothing make no version.
func (f *Flows) WriteWorkflow(ctx context.Context, wish Words) (db.ActionChainVersion, error) {
	wish.Name, wish.Text = strings.TrimSpace(wish.Name), strings.TrimSpace(strings.ReplaceAll(wish.Text, "\r\n", "\n"))
	if err := checkWords(wish.Name, wish.Text); err != nil {
		return db.ActionChainVersion{}, err
	}
	if wish.ChainID == "" {
		return f.writeNew(ctx, wish)
	}
	before, err := f.before(ctx, wish.Edit)
	if err != nil {
		return db.ActionChainVersion{}, err
	}
	plan, err := f.compile(ctx, before.chain, wish.EntitlementID, wish.Text)
	if err != nil {
		return db.ActionChainVersion{}, err
	}
	var made db.ActionChainVersion
	err = f.edit(ctx, wish.Edit, func(ctx context.Context, c *change, w editing) error {
		if err := c.rename(ctx, &w, wish.Name); err != nil {
			return err
		}
		if made = w.newest; w.newest.Text == wish.Text {
			return nil
		}
		keepFixed(w.newest.Steps, plan.Steps)
		var err error
		made, err = c.newVersion(ctx, w, wish.Text, plan.Steps, plan.Scripts())
		return err
	})
	return made, err
}

// before reads a workflow that is about to be changed, for what takes too long to do under the lock. Whether it is still
// the same is looked at again then.
func (f *Flows) before(ctx context.Context, e Edit) (editing, error) {
	w, err := f.editable(ctx, f.store, e.By, e.ChainID)
	if err == nil && w.newest.Number != e.Number {
		err = stale(w.newest)
	}
	return w, err
}

func checkWords(name, text string) error {
	switch {
	case name == "":
		return refuseField(FieldName, 0, "Give the workflow a name, by which others find it.")
	case utf8.RuneCountInString(name) > maxWorkflowName || !utf8.ValidString(name) || strings.ContainsAny(name, "\n\x00"):
		return refuseField(FieldName, 0, "Write a name of at most %d characters.", maxWorkflowName)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return refuseField(FieldWords, 0, "Write the steps as plain text.")
	case utf8.RuneCountInString(text) > maxWorkflowWords:
		return refuseField(FieldWords, 0, "Keep the steps below %d characters.", maxWorkflowWords)
	}
	return nil
}

// writeNew begins a workflow for an entitlement.
func (f *Flows) writeNew(ctx context.Context, wish Words) (db.ActionChainVersion, error) {
	w, err := f.begin(ctx, f.store, wish)
	if err != nil {
		return db.ActionChainVersion{}, err
	}
	plan, err := f.compile(ctx, w.chain, wish.EntitlementID, wish.Text)
	if err != nil {
		return db.ActionChainVersion{}, err
	}
	var made db.ActionChainVersion
	err = f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.LockConfiguration(ctx, c); err != nil {
			return err
		}
		if w, err = f.begin(ctx, c, wish); err != nil {
			return err
		}
		if w.chain.Slug, err = freeSlug(ctx, c, wish.Name); err != nil {
			return err
		}
		if err := db.SaveActionChain(ctx, c, w.chain); err != nil {
			return err
		}
		made, err = c.newVersion(ctx, w, wish.Text, plan.Steps, plan.Scripts())
		return err
	})
	return made, err
}

// begin is a new workflow for an entitlement, or the refusal of one.
func (f *Flows) begin(ctx context.Context, q bun.IDB, wish Words) (editing, error) {
	p, err := actor(ctx, q, wish.By)
	if err != nil {
		return editing{}, err
	}
	e, err := f.ownEntitlement(ctx, q, p, wish.EntitlementID)
	if err != nil {
		return editing{}, err
	}
	w := editing{by: p, chain: db.ActionChain{
		ID: db.NewID("act"), Name: wish.Name, Kind: wish.Kind, Active: true, UpdatedAt: f.Now(), WrittenFor: e.Slug,
	}}
	return w, freeName(ctx, q, w.chain, wish.Name)
}

// compile turns words into steps. What is wrong with them as a whole is a refusal; what could not be placed is not. With
// many entitlements it takes a while, so that it belongs into no transaction.
func (f *Flows) compile(ctx context.Context, chain db.ActionChain, entitlementID, text string) (workflow.Plan, error) {
	e, err := writtenFor(ctx, f.store, chain, entitlementID)
	if err != nil {
		return workflow.Plan{}, err
	}
	known, err := f.known(ctx, f.store, e)
	if err != nil {
		return workflow.Plan{}, err
	}
	plan := workflow.Compile(text, known)
	switch {
	case plan.Problem != "":
		return plan, refuseField(FieldWords, 0, "%s", plan.Problem)
	case plan.Kind != chain.Kind:
		return plan, refuseField(FieldWords, 0, "The first line must stay: “%s”", workflow.Line(chain.Kind))
	}
	return plan, nil
}

// writtenFor is the entitlement for which a workflow is read: the one given, the one it was written for, or one that
// links it. The zero entitlement is none.
func writtenFor(ctx context.Context, q bun.IDB, chain db.ActionChain, entitlementID string) (db.Entitlement, error) {
	if entitlementID != "" {
		e, err := db.EntitlementByID(ctx, q, entitlementID)
		if !errors.Is(err, db.ErrNotFound) {
			return e, err
		}
	}
	if chain.WrittenFor != "" {
		e, err := db.EntitlementBySlug(ctx, q, chain.WrittenFor)
		if !errors.Is(err, db.ErrNotFound) {
			return e, err
		}
	}
	linked, _, err := db.EntitlementsOfChain(ctx, q, chain.Slug, 1)
	if err != nil || len(linked) == 0 {
		return db.Entitlement{}, err
	}
	return linked[0], nil
}

// keepFixed takes over the scripts that people chose for steps whose words have stayed.
func keepFixed(old, steps []db.WorkflowStep) {
	used := map[int]bool{}
	for n := range steps {
		for o, was := range old {
			if !used[o] && was.Fixed && was.Words == steps[n].Words {
				used[o] = true
				steps[n].Scripts, steps[n].Fixed, steps[n].Unclear, steps[n].Options = was.Scripts, true, "", nil
				break
			}
		}
	}
}

// newVersion adds a version to a workflow. A draft that was not published is replaced by it.
func (c *change) newVersion(ctx context.Context, w editing, text string, steps []db.WorkflowStep, scripts []db.Script) (db.ActionChainVersion, error) {
	if scripts == nil {
		scripts = []db.Script{}
	}
	made := db.ActionChainVersion{
		ID: db.NewID("ver"), ChainID: w.chain.ID, Number: w.newest.Number + 1, Status: db.Draft, Scripts: scripts, Text: text,
		Steps: steps, Author: w.by.Label(), CreatedAt: c.now,
	}
	verb, before := "added", map[string]any(nil)
	if was := w.newest; was.ID != "" {
		verb, before = "changed", facts(w.chain, was)
		if was.Status == db.Draft || was.Status == db.Tested {
			replaced := was
			replaced.Status = db.Retired
			if err := db.MoveVersion(ctx, c, replaced, was.Status); err != nil {
				return made, err
			}
		}
	}
	if err := db.InsertVersion(ctx, c, made); err != nil {
		return made, err
	}
	return made, c.recordChain(w.by, w.chain, verb, before, facts(w.chain, made))
}

// ChooseWords replaces the words of an unclear step with one of the readings that were offered for it. Choice counts
// them from 0.
func (f *Flows) ChooseWords(ctx context.Context, e Edit, step, choice int) (db.ActionChainVersion, error) {
	before, err := f.before(ctx, e)
	if err != nil {
		return db.ActionChainVersion{}, err
	}
	steps := slices.Clone(before.newest.Steps)
	n := slices.IndexFunc(steps, func(s db.WorkflowStep) bool { return s.Number == step })
	if n < 0 || choice < 0 || choice >= len(steps[n].Options) {
		return db.ActionChainVersion{}, refuse("This step is not as it was. Open the workflow anew.")
	}
	steps[n].Words = steps[n].Options[choice]
	text := written(before.chain.Kind, steps)
	plan, err := f.compile(ctx, before.chain, "", text)
	if err != nil {
		return db.ActionChainVersion{}, err
	}
	var made db.ActionChainVersion
	err = f.edit(ctx, e, func(ctx context.Context, c *change, w editing) error {
		keepFixed(w.newest.Steps, plan.Steps)
		made, err = c.newVersion(ctx, w, text, plan.Steps, plan.Scripts())
		return err
	})
	return made, err
}

// written is the text of a workflow with these steps.
func written(kind string, steps []db.WorkflowStep) string {
	lines := []string{workflow.Line(kind)}
	for n, step := range steps {
		lines = append(lines, fmt.Sprintf("%d. %s", n+1, step.Words))
	}
	return strings.Join(lines, "\n")
}
