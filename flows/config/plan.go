package config

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	KindDirectory     = "directory"
	KindBirthright    = "birthright"
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

	// InSlack are the objects that would change and were written in Slack last, so that the file may not know of it. See
	// [Plan.Overwrite] and [Plan.Leave]; until one of them is said, [Apply] refuses.
	InSlack []db.ConfigObject

	file   File
	rows   stored
	origin string // which side plans: db.FromFile or db.FromSlack

	said    []db.ConfigObject // all objects that the file names as they are and that were written in Slack last
	ignored []db.ConfigObject // left as they are in Slack
	over    bool              // what was written in Slack is overwritten
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
	p := Plan{file: f, rows: rows, origin: db.FromFile}
	p.settings()
	for _, s := range f.sections(rows) {
		p.compare(s, prune)
	}
	if err := p.refuse(ctx, q); err != nil {
		return p, err
	}
	return p, p.besideSlack(ctx, q)
}

func (p *Plan) settings() {
	old, wanted := settingsOf(p.rows.settings).fields(), p.file.Settings.fields()
	if changes := differences(old, wanted); len(changes) > 0 {
		p.Changes = append(p.Changes, Change{
			Kind: KindSettings, Name: KindSettings, Verb: Changed, Fields: changes, Before: old.facts(), After: merged(old, wanted),
		})
	}
}

// compare finds what becomes of the objects of one section. With prune, what the file does not name is removed.
func (p *Plan) compare(s section, prune bool) {
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
		case prune && s.has:
			p.Changes = append(p.Changes, Change{Kind: s.kind, Name: was.name, Verb: Removed, Before: was.fields.facts()})
		default:
			p.Left = append(p.Left, Title(s.kind)+" "+was.name)
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

// Title is what people call a kind of object.
func Title(kind string) string { return strings.ReplaceAll(kind, "_", " ") }

// Diff is what changes, key by key, for people: of what is added all of its keys, of what becomes inactive that alone.
func (c Change) Diff() []FieldChange {
	switch c.Verb {
	case Added:
		var all []FieldChange
		for _, key := range slices.Sorted(maps.Keys(c.After)) {
			if written := flow(c.After[key]); !empty(c.After[key]) && written != "[]" {
				all = append(all, FieldChange{Key: key, New: written})
			}
		}
		return all
	case Removed:
		return []FieldChange{{Key: "active", Old: "true", New: "false"}}
	case Restored:
		return append([]FieldChange{{Key: "active", Old: "false", New: "true"}}, c.Fields...)
	}
	return c.Fields
}
