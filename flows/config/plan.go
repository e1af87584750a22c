package config

import (
	"context"
	"fmt"
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
	KindApprovalRule  = "approval_rule"
	KindSeparation    = "separation"
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
type FieldChange = db.FieldChange

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
// error is a [RefusedError] when something cannot be removed.
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

func (p *Plan) settings() {
	old, wanted := settingsOf(p.rows.settings).fields(), p.file.Settings.fields()
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
