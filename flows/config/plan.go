package config

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// The kinds of objects that a Change is about. They stand in the audit log and never change.
const (
	KindSettings      = "settings"
	KindPerson        = "person"
	KindProvider      = "provider"
	KindApprovalChain = "approval_chain"
	KindActionChain   = "action_chain"
	KindEntitlement   = "entitlement"
)

// What becomes of an object. They stand in the audit log and never change.
const (
	Added    = "added"
	Changed  = "changed"
	Restored = "restored" // it was inactive
	Removed  = "removed"  // it becomes inactive
)

// Change is what becomes of one object. Before and After hold its keys as the file would write them; secrets are
// references in both. Before is nil for what is added, After for what is removed.
type Change struct {
	Kind, Name, Verb string
	Fields           []FieldChange
	Before, After    map[string]any
}

// FieldChange is one key of an object, as YAML on one line.
type FieldChange struct{ Key, Old, New string }

// Plan is what applying a file would do.
type Plan struct {
	Changes []Change
	// Left names the active objects that the file does not name and that stay as they are.
	Left []string

	file  File
	prune bool
	rows  stored
}

// Empty says that applying would change nothing.
func (p Plan) Empty() bool { return len(p.Changes) == 0 }

// Plan compares the file with the rows. With prune, objects that the file's sections do not name are removed. The
// error is a [Refusal] when something cannot be removed.
func (f File) Plan(ctx context.Context, q bun.IDB, prune bool) (Plan, error) {
	rows, err := readStored(ctx, q)
	if err != nil {
		return Plan{}, fmt.Errorf("read the present configuration: %w", err)
	}
	p := Plan{file: f, prune: prune, rows: rows}
	p.settings()
	for _, s := range f.sections(rows) {
		p.compare(s)
	}
	return p, p.refuse(ctx, q)
}

// item is one object of a section, in the rows or in the file.
type item struct {
	name   string
	fields fields
	active bool
}

// section is one kind of object, as it is and as the file wants it. Those of people and those without has are never
// removed.
type section struct {
	kind     string
	has      bool // the file has the section
	kept     bool // what the file does not name is none of its business
	old, new []item
}

// sections lists the sections in the order in which they are applied: what is referred to comes first.
func (f File) sections(rows stored) []section {
	people := section{kind: KindPerson, has: f.has[sectionPeople], kept: true}
	for _, row := range sorted(rows.people) {
		people.old = append(people.old, item{row.Email, personOf(row).fields(), !dormant(row)})
	}
	for _, p := range f.People {
		people.new = append(people.new, item{p.Email, p.fields(), true})
	}
	providers := section{kind: KindProvider, has: f.has[sectionProviders]}
	for _, row := range sorted(rows.providers) {
		providers.old = append(providers.old, item{row.Slug, providerOf(row).fields(), row.Active})
	}
	for _, p := range f.Providers {
		providers.new = append(providers.new, item{p.Slug, p.fields(), true})
	}
	entitlements := section{kind: KindEntitlement, has: f.has[sectionEntitlements]}
	for _, row := range sorted(rows.entitlements) {
		entitlements.old = append(entitlements.old, item{row.Slug, entitlementOf(row).fields(), row.Active})
	}
	for _, e := range f.Entitlements {
		entitlements.new = append(entitlements.new, item{e.Slug, e.fields(), true})
	}
	return []section{people, providers, f.approvalSection(rows), f.actionSection(rows), entitlements}
}

func (f File) approvalSection(rows stored) section {
	s := section{kind: KindApprovalChain, has: f.has[sectionApprovalChains]}
	for _, row := range sorted(rows.approvalChains) {
		s.old = append(s.old, item{row.Slug, approvalChainOf(row).fields(), row.Active})
	}
	for _, c := range f.ApprovalChains {
		s.new = append(s.new, item{c.Slug, c.fields(), true})
	}
	return s
}

func (f File) actionSection(rows stored) section {
	s := section{kind: KindActionChain, has: f.has[sectionActionChains]}
	for _, row := range sorted(rows.actionChains) {
		s.old = append(s.old, item{row.Slug, actionChainOf(row).fields(), row.Active})
	}
	for _, c := range f.ActionChains {
		s.new = append(s.new, item{c.Slug, c.fields(), true})
	}
	return s
}

// dormant says whether being named by the file makes the person active: when nobody else speaks for the person. One
// whom Slack or a directory has switched off stays off.
func dormant(row db.Person) bool {
	return !row.InSlack && row.SyncedAt.IsZero() && (!row.Active || row.Kind != db.Member)
}

func (p *Plan) settings() {
	old := fields{{"channel", p.rows.settings.Channel}, {"admins", words(p.rows.settings.Admins)}}
	var wanted fields
	if p.file.Channel != nil {
		wanted = append(wanted, field{"channel", *p.file.Channel})
	}
	if p.file.Admins != nil {
		wanted = append(wanted, field{"admins", words(*p.file.Admins)})
	}
	if changes := differences(old, wanted); len(changes) > 0 {
		p.Changes = append(p.Changes, Change{
			Kind: KindSettings, Name: KindSettings, Verb: Changed, Fields: changes, Before: old.facts(), After: merged(old, wanted),
		})
	}
}

// compare finds what becomes of the objects of one section.
func (p *Plan) compare(s section) {
	named := map[string]bool{}
	old := map[string]item{}
	for _, one := range s.old {
		old[one.name] = one
	}
	for _, wanted := range s.new {
		named[wanted.name] = true
		was, known := old[wanted.name]
		if !known {
			p.Changes = append(p.Changes, Change{Kind: s.kind, Name: wanted.name, Verb: Added, After: wanted.fields.facts()})
			continue
		}
		changes, verb := differences(was.fields, wanted.fields), Changed
		if !was.active {
			verb = Restored
		}
		if len(changes) > 0 || !was.active {
			p.Changes = append(p.Changes, Change{
				Kind: s.kind, Name: wanted.name, Verb: verb, Fields: changes,
				Before: was.fields.facts(), After: merged(was.fields, wanted.fields),
			})
		}
	}
	for _, was := range s.old {
		switch {
		case named[was.name] || !was.active || s.kept:
		case p.prune && s.has:
			p.Changes = append(p.Changes, Change{Kind: s.kind, Name: was.name, Verb: Removed, Before: was.fields.facts()})
		default:
			p.Left = append(p.Left, title(s.kind)+" "+was.name)
		}
	}
}

// differences lists the keys that the wanted fields name and that have another value now.
func differences(old, wanted fields) []FieldChange {
	var all []FieldChange
	for _, one := range wanted {
		was, is := flow(old.get(one.key)), flow(one.value)
		if was != is {
			all = append(all, FieldChange{Key: one.key, Old: was, New: is})
		}
	}
	return all
}

func merged(old, wanted fields) map[string]any {
	all := old.facts()
	for _, one := range wanted {
		all[one.key] = facts(one.value)
	}
	return all
}

// title is what people call a kind of object.
func title(kind string) string { return strings.ReplaceAll(kind, "_", " ") }

// Write writes the plan for people: a line for each object with +, ~ or -, a line for each key that changes, and the
// sums. Equal plans are written alike.
func (p Plan) Write(w io.Writer) error {
	var out strings.Builder
	counts := map[string]int{}
	for _, c := range p.Changes {
		counts[c.Verb]++
		sign := map[string]string{Added: "+", Changed: "~", Restored: "~", Removed: "-"}[c.Verb]
		name, note := title(c.Kind)+" "+c.Name, map[string]string{Restored: " (active again)", Removed: " (becomes inactive)"}[c.Verb]
		if c.Kind == KindSettings {
			name = title(c.Kind)
		}
		fmt.Fprintf(&out, "%s %s%s\n", sign, name, note)
		for _, f := range c.Fields {
			fmt.Fprintf(&out, "    %s: %s → %s\n", f.Key, f.Old, f.New)
		}
	}
	for _, name := range p.Left {
		fmt.Fprintf(&out, "  %s is not in %s and is left alone\n", name, p.file.Name)
	}
	if p.Empty() {
		fmt.Fprintln(&out, "Nothing to change.")
	} else {
		fmt.Fprintf(&out, "%d to add, %d to change, %d to remove.\n", counts[Added], counts[Changed]+counts[Restored], counts[Removed])
	}
	_, err := io.WriteString(w, out.String())
	return err
}
