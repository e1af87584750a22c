package flows

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
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

// fill writes what was chosen into a script. Its retries, its time and what follows a failure stay.
func fill(catalogue *scripts.Catalogue, script db.Script, fix Fix) (db.Script, error) {
	t, err := catalogue.Type(fix.Type, map[string]any{"provider": fix.Args["provider"]})
	if err != nil {
		return script, refuseField(FieldScriptType, 0, "%s.", err)
	}
	script.Type, script.When, script.Args = fix.Type, strings.TrimSpace(fix.When), nil
	for _, arg := range t.Args {
		typed := strings.TrimSpace(fix.Args[arg.Name])
		if typed == "" {
			continue
		}
		value, err := argument(arg, typed)
		if err != nil {
			return script, refuseField(FieldArgument+arg.Name, 0, "%s", err)
		}
		if script.Args == nil {
			script.Args = map[string]any{}
		}
		script.Args[arg.Name] = value
	}
	return script, nil
}

// argument reads what was typed for an argument. A placeholder alone becomes whatever it stands for.
func argument(arg scripts.Arg, typed string) (any, error) {
	placeholder := strings.HasPrefix(typed, "{{") && strings.HasSuffix(typed, "}}")
	switch {
	case placeholder:
		return typed, nil
	case arg.Type == connectors.TypeBool:
		value, err := strconv.ParseBool(typed)
		if err != nil {
			return nil, fmt.Errorf("choose true or false")
		}
		return value, nil
	case arg.Type == connectors.TypeInt:
		value, err := strconv.ParseInt(typed, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("write a whole number")
		}
		return value, nil
	case arg.Type == connectors.TypeMap, arg.Type == connectors.TypeAny && strings.ContainsAny(typed[:1], "[{"):
		var value any
		if err := json.Unmarshal([]byte(typed), &value); err != nil {
			return nil, fmt.Errorf("write this as JSON, for example {\"key\": \"value\"} or [\"one\", \"two\"]: %w", err)
		}
		return value, nil
	}
	return typed, nil
}

// TrueOrFalse says whether an argument takes nothing but these two.
func TrueOrFalse(arg scripts.Arg) bool { return arg.Type == connectors.TypeBool }

// WrittenArgument is an argument as it would be typed.
func WrittenArgument(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// wrongScript refuses the first thing that is wrong with the script at a place, at its field.
func wrongScript(problems []scripts.Problem, at int) error {
	for _, problem := range problems {
		if problem.Index != at {
			continue
		}
		field := FieldScriptType
		switch {
		case len(problem.Path) > 1 && problem.Path[0] == "args":
			field = FieldArgument + problem.Path[1]
		case len(problem.Path) > 0 && problem.Path[0] == "name":
			field = FieldScriptName
		case len(problem.Path) > 0 && problem.Path[0] == "when":
			field = FieldWhen
		}
		return refuseField(field, 0, "%s.", strings.TrimSuffix(problem.Reason, "."))
	}
	return nil
}

// freeScriptName makes a name of a script type that no other script has.
func freeScriptName(kind string, others []db.Script) string {
	base := kind
	for _, separator := range scripts.Separators() {
		if _, endpoint, is := strings.Cut(kind, separator); is {
			base = endpoint
		}
	}
	base = base[:min(len(base), 50)]
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s_%d", base, n)
		}
		taken := slices.ContainsFunc(others, func(s db.Script) bool { return rules.Name(s.Name) == rules.Name(name) })
		if !taken && !rules.Reserved(name) {
			return name
		}
	}
}
