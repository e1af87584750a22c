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
var removable = []string{KindProvider, KindEntitlement, KindApprovalChain, KindActionChain, KindApprovalRule, KindSeparation}

// sectionOf names the section of the file in which objects of a kind stand; settings stand in none.
var sectionOf = map[string]string{
	KindPerson: sectionPeople, KindProvider: sectionProviders, KindEntitlement: sectionEntitlements,
	KindApprovalChain: sectionApprovalChains, KindActionChain: sectionActionChains, KindApprovalRule: sectionApprovalRules,
	KindSeparation: sectionSeparations,
}

// parseEdit checks an edit by the rules of a file.
func parseEdit(ctx context.Context, q bun.IDB, edit Edit, known Connectors) (File, error) {
	p := newParser("", known)
	if err := p.know(ctx, q, edit); err != nil {
		return File{}, err
	}
	around := p.out
	tree := &valueTree{keepEmpty: edit.Kind == KindPerson}
	root := tree.node(edit.Values, "")
	if edit.Kind != KindSettings {
		root = node{kind: mapping, entries: []entry{{key: sectionOf[edit.Kind], value: node{kind: list, items: []node{root}}}}}
	}
	p.sections(root)
	if len(p.errs)+len(tree.errs) > 0 {
		return File{}, tree.told(p.errs)
	}
	file := p.out.without(around)
	if edit.Kind == KindSettings {
		file.Settings = file.Settings.complete()
	}
	return file, nil
}

// know tells the parser of the active objects that the edit may name.
func (p *parser) know(ctx context.Context, q bun.IDB, edit Edit) error {
	other := func(kind, slug string) bool { return kind != edit.Kind || slug != edit.Name }
	providers, err := db.Providers(ctx, q)
	if err != nil {
		return err
	}
	for _, row := range providers {
		if row.Active && other(KindProvider, row.Slug) {
			p.providerAt[row.Slug], p.out.Providers = node{}, append(p.out.Providers, providerOf(row))
		}
	}
	chains, err := db.ApprovalChains(ctx, q)
	if err != nil {
		return err
	}
	for _, row := range chains {
		if row.Active && other(KindApprovalChain, row.Slug) {
			p.approvalAt[row.Slug], p.out.ApprovalChains = node{}, append(p.out.ApprovalChains, approvalChainOf(row))
		}
	}
	switch edit.Kind {
	case KindEntitlement:
		return p.knowActions(ctx, q)
	case KindApprovalRule, KindSeparation:
		return p.knowEntitlements(ctx, q)
	}
	return nil
}

func (p *parser) knowActions(ctx context.Context, q bun.IDB) error {
	chains, err := db.ActionChains(ctx, q)
	for _, row := range chains {
		if row.Active {
			p.actionAt[row.Slug], p.out.ActionChains = node{}, append(p.out.ActionChains, ActionChain{Slug: row.Slug, Kind: row.Kind})
		}
	}
	return err
}

func (p *parser) knowEntitlements(ctx context.Context, q bun.IDB) error {
	slugs, err := db.EntitlementSlugs(ctx, q)
	for _, slug := range slugs {
		p.entitlementAt[slug] = node{}
	}
	return err
}

// without drops the objects that the parser was told of.
func (f File) without(around File) File {
	f.Providers = f.Providers[len(around.Providers):]
	f.ApprovalChains = f.ApprovalChains[len(around.ApprovalChains):]
	f.ActionChains = f.ActionChains[len(around.ActionChains):]
	return f
}

// complete says of each setting that is not given that it is empty: an edit is the whole of them.
func (s Settings) complete() Settings {
	none := settingsOf(db.Settings{Admins: []string{}, Auditors: []string{}})
	return Settings{
		Channel: orGiven(s.Channel, none.Channel), Admins: orGiven(s.Admins, none.Admins), Auditors: orGiven(s.Auditors, none.Auditors),
		Pending: orGiven(s.Pending, none.Pending), FourEyes: orGiven(s.FourEyes, none.FourEyes), QuietHours: orGiven(s.QuietHours, none.QuietHours),
	}
}

func orGiven[T any](given, otherwise *T) *T {
	if given != nil {
		return given
	}
	return otherwise
}
