package config

import (
	"maps"
	"slices"

	"github.com/usherhq/usher/db"
)

// Directory is one entry of directories: a source of people and groups, and what becomes of what it writes.
type Directory struct {
	Slug, Name, Kind, Owner string

	Policy   db.DirectoryPolicy
	Settings db.DirectorySettings
}

// Birthright is one entry of birthrights: a rule that gives people access because of who they are.
type Birthright struct {
	Slug, Name, When string

	Entitlements []string       // slugs, at least one
	Chain        string         // slug of an approval chain; empty: nobody is asked
	Grace        db.Duration    // 0 is none
	During       *db.Window     // nil: always
	Adjust       *db.Adjustment // nil: nothing
}

// defaultGather is how long changes are gathered for one card where the file does not say.
const defaultGather = db.Duration(10e9)

// complete fills in what a policy leaves to its defaults, so that equal policies are written alike.
func complete(p db.DirectoryPolicy) db.DirectoryPolicy {
	if p.Mode == "" {
		p.Mode = db.Observe
	}
	if p.Gather == 0 {
		p.Gather = defaultGather
	}
	if p.Breaker.Changes == 0 {
		p.Breaker.Changes = db.BreakerChanges
	}
	if p.Breaker.Percent == 0 {
		p.Breaker.Percent = db.BreakerPercent
	}
	return p
}

func directoryOf(row db.Directory) Directory {
	return Directory{
		Slug: row.Slug, Name: row.Name, Kind: row.Kind, Owner: row.OwnerEmail, Policy: complete(row.Policy), Settings: row.Settings,
	}
}

func birthrightOf(row db.Birthright) Birthright {
	return Birthright{
		Slug: row.Slug, Name: row.Name, When: row.Condition, Entitlements: row.Entitlements, Chain: row.Chain, Grace: row.Grace,
		During: row.During, Adjust: row.Adjust,
	}
}

// row is the rule as its row has it, active.
func (b Birthright) row(old db.Birthright) db.Birthright {
	old.Slug, old.Name, old.Condition, old.Entitlements, old.Chain = b.Slug, b.Name, b.When, b.Entitlements, b.Chain
	old.Grace, old.During, old.Adjust, old.Active = b.Grace, b.During, b.Adjust, true
	return old
}

func (d Directory) fields() fields {
	routes := []any{}
	for _, route := range d.Policy.Routes {
		routes = append(routes, fields{{"when", route.When}, {"chain", route.Chain}, {"channel", route.Channel}}.some())
	}
	return fields{
		{"slug", d.Slug},
		{"name", d.Name},
		{"kind", d.Kind},
		{"owner", d.Owner},
		{"workos", workosFields(d.Settings.WorkOS)},
		{"mode", d.Policy.Mode},
		{"changes", textMap(d.Policy.Modes)},
		{"downstream", wordsOrNone(d.Policy.Downstream)},
		{"routes", itemsOrNone(routes)},
		{"gather", length(d.Policy.Gather)},
		{"pending", length(d.Policy.Pending)},
		{"breaker", fields{{"changes", bound(d.Policy.Breaker.Changes)}, {"percent", bound(d.Policy.Breaker.Percent)}}},
		{"attributes", textMap(d.Settings.Attributes)},
	}
}

func workosFields(w db.WorkOSSettings) any {
	all := fields{
		{"directory_id", w.DirectoryID}, {"api_key", w.APIKey}, {"webhook_secret", w.WebhookSecret}, {"url", w.URL},
	}.some()
	if len(all) == 0 {
		return nil
	}
	return all
}

// switchedOff is what stands in place of a bound that there is not.
const switchedOff = "off"

// bound writes a bound of a breaker.
func bound(n int) any {
	if n < 0 {
		return switchedOff
	}
	return n
}

// textMap writes a map of texts in the order of its keys; one without any says nothing.
func textMap(all map[string]string) any {
	if len(all) == 0 {
		return nil
	}
	var written fields
	for _, key := range slices.Sorted(maps.Keys(all)) {
		written = append(written, field{key, all[key]})
	}
	return written
}

// itemsOrNone is a list that says nothing when it is empty.
func itemsOrNone(all []any) any {
	if len(all) == 0 {
		return nil
	}
	return all
}

func (b Birthright) fields() fields {
	var during, adjust any
	if b.During != nil {
		during = fields{{"cron", b.During.Cron}, {"for", length(b.During.For)}, {"zone", b.During.Zone}}.some()
	}
	if b.Adjust != nil {
		adjust = fields{{"on", words(b.Adjust.On)}, {"run", b.Adjust.Run}}
	}
	return fields{
		{"slug", b.Slug},
		{"name", b.Name},
		{"when", b.When},
		{"entitlements", words(b.Entitlements)},
		{"chain", b.Chain},
		{"grace", length(b.Grace)},
		{"during", during},
		{"adjust", adjust},
	}
}

// Birthrights are the rules that the plan changes, as they would be; those that it removes are not active.
func (p Plan) Birthrights() []db.Birthright {
	var all []db.Birthright
	for _, c := range p.Changes {
		if c.Kind != KindBirthright {
			continue
		}
		row := p.rows.birthrights[c.Name]
		row.Active = false
		if c.Verb != Removed {
			row = find(p.file.Birthrights, func(b Birthright) bool { return b.Slug == c.Name }).row(row)
		}
		all = append(all, row)
	}
	return all
}
