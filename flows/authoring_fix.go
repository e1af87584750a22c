package flows

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// Fix is a script that a person chose for a step in place of its words. Args are as they were typed; what is empty is
// left out.
type Fix struct {
	Edit

	Step int // the step's number
	At   int // which of the step's scripts it replaces, from 0; the number of its scripts adds one
	Name string
	Type string
	When string
	Args map[string]string
}

// ScriptTypes finds the script types that hold each word of text in their name or in what they do, at most limit.
func (f *Flows) ScriptTypes(ctx context.Context, personID, text string, limit int) ([]scripts.Type, error) {
	if _, err := f.owner(ctx, personID); err != nil {
		return nil, err
	}
	catalogue, err := f.scriptCatalogue(ctx, f.store)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(strings.ToLower(text))
	found := slices.DeleteFunc(catalogue.Types(), func(t scripts.Type) bool {
		all := strings.ToLower(t.Name + " " + strings.ReplaceAll(t.Name, "_", " ") + " " + t.Doc)
		return slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(all, word) })
	})
	return found[:min(len(found), limit)], nil
}

// ScriptType finds one script type, or refuses.
func (f *Flows) ScriptType(ctx context.Context, name string) (scripts.Type, error) {
	catalogue, err := f.scriptCatalogue(ctx, f.store)
	if err != nil {
		return scripts.Type{}, err
	}
	t, err := catalogue.Type(name, nil)
	if err != nil {
		return t, refuseField(FieldScriptType, 0, "%s.", err)
	}
	return t, nil
}

// FixStep puts a script in place of a step's words, or beside its other scripts, and saves that as a new version. What
// is wrong with the script is a refusal that names its field.
func (f *Flows) FixStep(ctx context.Context, fix Fix) (db.ActionChainVersion, error) {
	return f.editStep(ctx, fix.Edit, fix.Step, func(ctx context.Context, c *change, w editing, step *db.WorkflowStep, first int) error {
		catalogue, err := f.scriptCatalogue(ctx, c)
		if err != nil {
			return err
		}
		if fix.At < 0 || fix.At > len(step.Scripts) {
			return refuse("This step is not as it was. Open the workflow anew.")
		}
		var script db.Script
		if fix.At < len(step.Scripts) {
			script = step.Scripts[fix.At]
			step.Scripts[fix.At] = script
		} else {
			step.Scripts = append(step.Scripts, script)
		}
		if fix.Type != script.Type && fix.Name == script.Name {
			fix.Name, script.Name = "", "" // the name of what it was
		}
		if script, err = fill(catalogue, script, fix); err != nil {
			return err
		}
		others := w.newest.Scripts
		script.Name = cmp.Or(strings.TrimSpace(fix.Name), script.Name, freeScriptName(fix.Type, others))
		step.Scripts[fix.At], step.Unclear, step.Options, step.Fixed = script, "", nil, true
		chain := slices.Clone(others[:first])
		return wrongScript(catalogue.Check("the workflow", append(chain, step.Scripts...)), first+fix.At)
	})
}

// DropScript takes a script out of a step that has others.
func (f *Flows) DropScript(ctx context.Context, e Edit, number, at int) (db.ActionChainVersion, error) {
	return f.editStep(ctx, e, number, func(_ context.Context, _ *change, _ editing, step *db.WorkflowStep, _ int) error {
		if at < 0 || at >= len(step.Scripts) || len(step.Scripts) == 1 {
			return refuse("This is the only script of the step. Take the step out of the words instead.")
		}
		step.Scripts, step.Fixed = slices.Delete(step.Scripts, at, at+1), true
		return nil
	})
}

// editStep changes one step of a workflow and saves that as a new version. First is the place of the step's first
// script among all of the workflow.
func (f *Flows) editStep(ctx context.Context, e Edit, number int, do func(ctx context.Context, c *change, w editing, step *db.WorkflowStep, first int) error) (db.ActionChainVersion, error) {
	var made db.ActionChainVersion
	err := f.edit(ctx, e, func(ctx context.Context, c *change, w editing) error {
		steps, first := slices.Clone(stepsOf(w.newest)), 0
		n := slices.IndexFunc(steps, func(s db.WorkflowStep) bool { return s.Number == number })
		if n < 0 {
			return refuse("This step is not as it was. Open the workflow anew.")
		}
		for _, step := range steps[:n] {
			first += len(step.Scripts)
		}
		steps[n].Scripts = slices.Clone(steps[n].Scripts)
		if err := do(ctx, c, w, &steps[n], first); err != nil {
			return err
		}
		var all []db.Script
		for _, step := range steps {
			all = append(all, step.Scripts...)
		}
		if len(w.newest.Steps) == 0 {
			steps = nil // it was written as scripts and stays so
		}
		var err error
		made, err = c.newVersion(ctx, w, w.newest.Text, steps, all)
		return err
	})
	return made, err
}
