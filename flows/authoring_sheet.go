package flows

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
	"github.com/usherhq/usher/flows/workflow"
)

// WorkflowSheet is a workflow's newest version as somebody who writes it sees it.
type WorkflowSheet struct {
	Workflow

	For      db.Entitlement // what it is read for; zero is nothing
	Steps    []SheetStep
	Warnings []string // what this workflow and its counterpart do not do as a pair
	Clear    bool     // everything could be placed and nothing is wrong with it
	MayEdit  bool
}

// SheetStep is one step with what it became. A workflow that was written as scripts has a step for each, without words.
type SheetStep struct {
	db.WorkflowStep

	Plan     []string // of each script, what it does
	Problems []string // what is wrong with its scripts, sentences
}

// ReadWorkflow reads a workflow for somebody who may see it. An entitlement says for what it is read; without one it is
// the one that it was written for.
func (f *Flows) ReadWorkflow(ctx context.Context, personID, chainID, entitlementID string) (WorkflowSheet, error) {
	w, may, err := f.visible(ctx, f.store, personID, chainID)
	if err != nil {
		return WorkflowSheet{}, err
	}
	sheet := WorkflowSheet{Workflow: Workflow{Chain: w.chain, Newest: w.newest, Published: published(w.all)}, MayEdit: may}
	if sheet.Linked, sheet.Links, err = db.EntitlementsOfChain(ctx, f.store, w.chain.Slug, linksShown); err != nil {
		return sheet, err
	}
	if sheet.For, err = writtenFor(ctx, f.store, w.chain, entitlementID); err != nil {
		return sheet, err
	}
	catalogue, err := f.scriptCatalogue(ctx, f.store)
	if err != nil {
		return sheet, err
	}
	if sheet.Steps, err = f.sheetSteps(ctx, catalogue, w, sheet.For); err != nil {
		return sheet, err
	}
	sheet.Clear = clearSteps(sheet.Steps)
	sheet.Warnings, err = f.pairWarnings(ctx, f.store, catalogue, w, sheet.For)
	return sheet, err
}

// stepsOf are a version's steps, one for each script where scripts were written.
func stepsOf(v db.ActionChainVersion) []db.WorkflowStep {
	if len(v.Steps) > 0 {
		return v.Steps
	}
	steps := make([]db.WorkflowStep, 0, len(v.Scripts))
	for n, script := range v.Scripts {
		steps = append(steps, db.WorkflowStep{Number: n + 1, Scripts: []db.Script{script}})
	}
	return steps
}

func (f *Flows) sheetSteps(ctx context.Context, catalogue *scripts.Catalogue, w editing, e db.Entitlement) ([]SheetStep, error) {
	problems := catalogue.Check("the workflow", w.newest.Scripts)
	scope, at := rules.Scope{}, 0
	if e.ID != "" {
		scope = rules.Scope{"entitlement": rules.Entitlement(e), "provider": rules.Provider(*e.Provider)}
	}
	var steps []SheetStep
	for _, step := range stepsOf(w.newest) {
		plan, err := f.plan(ctx, f.store, step.Scripts, scope)
		if err != nil {
			return nil, err
		}
		made := SheetStep{WorkflowStep: step, Plan: plan}
		for _, problem := range problems {
			if problem.Index >= at && problem.Index < at+len(step.Scripts) {
				made.Problems = append(made.Problems, problem.String())
			}
		}
		at += len(step.Scripts)
		steps = append(steps, made)
	}
	return steps, nil
}

func clearSteps(steps []SheetStep) bool {
	unclear := func(s SheetStep) bool { return s.Unclear != "" || len(s.Problems) > 0 }
	return len(steps) > 0 && !slices.ContainsFunc(steps, unclear)
}

// clearVersion says whether a version may be tested and published as it is.
func (f *Flows) clearVersion(ctx context.Context, q bun.IDB, v db.ActionChainVersion) (bool, error) {
	catalogue, err := f.scriptCatalogue(ctx, q)
	if err != nil {
		return false, err
	}
	unclear := slices.ContainsFunc(v.Steps, func(s db.WorkflowStep) bool { return s.Unclear != "" })
	return !unclear && len(v.Scripts) > 0 && len(catalogue.Check("the workflow", v.Scripts)) == 0, nil
}

// pairWarnings compares a workflow with the one that takes back what it gives, or gives what it takes back: the one
// that the entitlement links now.
func (f *Flows) pairWarnings(ctx context.Context, q bun.IDB, catalogue *scripts.Catalogue, w editing, e db.Entitlement) ([]string, error) {
	if e.ID == "" {
		return nil, nil
	}
	if w.chain.Kind == db.Provision {
		other, err := publishedScripts(ctx, q, e.DeprovisionChain)
		return pair(w.newest.Scripts, other, e, catalogue), err
	}
	other, err := publishedScripts(ctx, q, e.ProvisionChain)
	return pair(other, w.newest.Scripts, e, catalogue), err
}

// pair compares two chains for an entitlement: its target is the same whether it is written out or not.
func pair(provision, deprovision []db.Script, e db.Entitlement, catalogue *scripts.Catalogue) []string {
	same := func(chain []db.Script) []db.Script {
		out := slices.Clone(chain)
		for n := range out {
			out[n].Args = maps.Clone(out[n].Args)
			for name, value := range out[n].Args {
				if value == e.Target {
					out[n].Args[name] = "{{ entitlement.target }}"
				}
			}
		}
		return out
	}
	return workflow.Pair(same(provision), same(deprovision), catalogue)
}

func publishedScripts(ctx context.Context, q bun.IDB, slug string) ([]db.Script, error) {
	version, err := db.PublishedVersion(ctx, q, slug)
	return version.Scripts, err
}
