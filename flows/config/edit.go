package config

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Edit is one object of the configuration as somebody wants it to be.
type Edit struct {
	Kind, Name string
	// Values are all keys of the object, as the configuration file has them: texts, numbers, true, false, lists and
	// maps. A key whose value says nothing is as one that is not there. Nil makes the object inactive.
	Values map[string]any
}

// EditError is what is wrong with one key of an edit, such as "durations.max" or "steps.2.approvers", where the second
// of the steps is meant. An empty key is the object as a whole.
type EditError struct{ Key, Text string }

// Error is what was wrong, and what was meant.
func (e EditError) Error() string { return e.Text }

// EditErrors are the mistakes of an edit, in the order of its keys. Nothing was changed.
type EditErrors []EditError

// Error is the first of them.
func (e EditErrors) Error() string { return e[0].Text }

// Object is one object of the configuration as it is.
type Object struct {
	Kind, Name string
	Title      string         // what people call it
	Owner      string         // e-mail address, or empty
	Active     bool           //
	Values     map[string]any // the keys that say something, as the configuration file has them
}

// ReadObject reads one object; the error is db.ErrNotFound when there is none.
func ReadObject(ctx context.Context, q bun.IDB, kind, name string) (Object, error) {
	rows, err := readOne(ctx, q, kind, name)
	if err != nil {
		return Object{}, err
	}
	return rows.object(kind, name)
}

func (s stored) object(kind, name string) (Object, error) {
	o := Object{Kind: kind, Name: name, Title: name}
	if kind == KindSettings {
		o.Title, o.Active, o.Values = "Settings", true, settingsOf(s.settings).fields().some().facts()
		return o, nil
	}
	for _, section := range (File{}).sections(s) {
		for _, one := range section.old {
			if section.kind != kind || one.name != name {
				continue
			}
			o.Active, o.Values = one.active, one.fields.some().facts()
			if title, _ := one.fields.get("name").(string); title != "" {
				o.Title = title
			}
			o.Owner, _ = one.fields.get("owner").(string)
			return o, nil
		}
	}
	return o, fmt.Errorf("%s %s: %w", Title(kind), name, db.ErrNotFound)
}

// PlanEdit compares an edit with the rows. It is checked as a file that holds this object alone, with all other
// objects known to it. The error is [EditErrors], or a [RefusedError] when something cannot be removed.
func PlanEdit(ctx context.Context, q bun.IDB, edit Edit, known Connectors) (Plan, error) {
	rows, err := readOne(ctx, q, edit.Kind, edit.Name)
	if err != nil {
		return Plan{}, fmt.Errorf("read %s %s: %w", Title(edit.Kind), edit.Name, err)
	}
	plan := Plan{rows: rows, origin: db.FromSlack}
	if edit.Values == nil {
		if err := plan.removal(ctx, q, edit); err != nil {
			return Plan{}, err
		}
		return plan, plan.refuse(ctx, q)
	}
	if plan.file, err = parseEdit(ctx, q, edit, known); err != nil {
		return Plan{}, err
	}
	plan.settings()
	for _, s := range plan.file.sections(rows) {
		plan.compare(s, false)
	}
	plan.Left = nil
	return plan, plan.refuse(ctx, q)
}

// removal plans that an object becomes inactive. Whatever uses it is read too, since it stays.
func (p *Plan) removal(ctx context.Context, q bun.IDB, edit Edit) error {
	if !slices.Contains(removable, edit.Kind) {
		return EditErrors{{Text: "A " + Title(edit.Kind) + " can't be switched off here"}}
	}
	was, err := p.rows.object(edit.Kind, edit.Name)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !was.Active) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.rows.readUsers(ctx, q, edit.Kind, edit.Name); err != nil {
		return err
	}
	p.Changes = []Change{{Kind: edit.Kind, Name: edit.Name, Verb: Removed, Before: was.Values}}
	for _, s := range p.file.sections(p.rows) {
		for _, one := range s.old {
			if one.active && !(s.kind == edit.Kind && one.name == edit.Name) {
				p.Left = append(p.Left, Title(s.kind)+" "+one.name)
			}
		}
	}
	return nil
}

// removable are the kinds of objects that can become inactive.
var removable = []string{
	KindProvider, KindEntitlement, KindApprovalChain, KindActionChain, KindApprovalRule, KindSeparation, KindDirectory, KindBirthright,
}
