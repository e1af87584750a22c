package config

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// stored is the configuration as the rows have it, by slug or e-mail address, with what is inactive.
type stored struct {
	settings       db.Settings
	people         map[string]db.Person
	groups         map[string][]string // by person's id, handles of groups of the static directory
	providers      map[string]db.Provider
	entitlements   map[string]db.Entitlement
	approvalChains map[string]db.ApprovalChain
	actionChains   map[string]storedChain
	approvalRules  map[string]db.Ruling
	separations    map[string]db.Separation
	directories    map[string]db.Directory
	birthrights    map[string]db.Birthright
}

// storedChain is an action chain with its published version, if any.
type storedChain struct {
	db.ActionChain
	published *db.ActionChainVersion
	last      int // the highest version number
}

func readStored(ctx context.Context, q bun.IDB) (stored, error) {
	settings, err := db.ReadSettings(ctx, q)
	if err != nil {
		return stored{}, err
	}
	s := stored{settings: settings}
	if s.people, err = keyed(ctx, q, db.People, func(p db.Person) string { return p.Email }); err != nil {
		return stored{}, err
	}
	if s.groups, err = memberships(ctx, q, ""); err != nil {
		return stored{}, err
	}
	if s.providers, err = keyed(ctx, q, db.Providers, func(p db.Provider) string { return p.Slug }); err != nil {
		return stored{}, err
	}
	if s.entitlements, err = keyed(ctx, q, db.Entitlements, func(e db.Entitlement) string { return e.Slug }); err != nil {
		return stored{}, err
	}
	if s.approvalChains, err = keyed(ctx, q, db.ApprovalChains, func(c db.ApprovalChain) string { return c.Slug }); err != nil {
		return stored{}, err
	}
	if s.approvalRules, err = keyed(ctx, q, db.Rulings, func(r db.Ruling) string { return r.Slug }); err != nil {
		return stored{}, err
	}
	if s.separations, err = keyed(ctx, q, db.Separations, func(o db.Separation) string { return o.Slug }); err != nil {
		return stored{}, err
	}
	if s.directories, err = keyed(ctx, q, db.Directories, func(d db.Directory) string { return d.Slug }); err != nil {
		return stored{}, err
	}
	if s.birthrights, err = keyed(ctx, q, db.Birthrights, func(b db.Birthright) string { return b.Slug }); err != nil {
		return stored{}, err
	}
	chains, err := db.ActionChains(ctx, q)
	if err != nil {
		return stored{}, err
	}
	s.actionChains = map[string]storedChain{}
	for _, chain := range chains {
		if s.actionChains[chain.Slug], err = readChain(ctx, q, chain); err != nil {
			return stored{}, err
		}
	}
	return s, nil
}

func keyed[T any](ctx context.Context, q bun.IDB, read func(context.Context, bun.IDB) ([]T, error), key func(T) string) (map[string]T, error) {
	rows, err := read(ctx, q)
	if err != nil {
		return nil, err
	}
	all := make(map[string]T, len(rows))
	for _, row := range rows {
		all[key(row)] = row
	}
	return all, nil
}

func readChain(ctx context.Context, q bun.IDB, row db.ActionChain) (storedChain, error) {
	chain := storedChain{ActionChain: row}
	versions, err := db.ActionChainVersions(ctx, q, row.ID)
	if err != nil {
		return storedChain{}, err
	}
	for _, version := range versions {
		chain.last = version.Number
		if version.Status == db.Published {
			chain.published = &version
		}
	}
	return chain, nil
}

// sorted returns the values of a map in the order of its keys.
func sorted[T any](all map[string]T) []T {
	values := make([]T, 0, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		values = append(values, all[key])
	}
	return values
}

func (s stored) personOf(row db.Person) Person {
	attributes, _ := normal(row.Attributes).(map[string]any)
	if attributes == nil {
		attributes = map[string]any{}
	}
	groups := s.groups[row.ID]
	return Person{
		Email: row.Email, Name: &row.Name, Manager: &row.ManagerEmail, Department: &row.Department, Title: &row.Title,
		Attributes: attributes, Groups: &groups,
	}
}

func providerOf(row db.Provider) Provider {
	settings, _ := normal(row.Settings).(map[string]any)
	if settings == nil {
		settings = map[string]any{}
	}
	return Provider{
		Slug: row.Slug, Name: row.Name, Connector: row.Connector, Owner: row.OwnerEmail, Workers: row.Workers,
		Rate: row.Rate, Settings: settings, Endpoints: declared(row.Endpoints),
	}
}

// declared are a provider's endpoints in the form of plain; none is nil.
func declared(endpoints []any) []any {
	if len(endpoints) == 0 {
		return nil
	}
	all, _ := normal(endpoints).([]any)
	return all
}

func entitlementOf(row db.Entitlement) Entitlement {
	provider := ""
	if row.Provider != nil {
		provider = row.Provider.Slug
	}
	return Entitlement{
		Slug: row.Slug, Provider: provider, Kind: row.Kind, Target: row.Target, Name: row.Name, Description: row.Description,
		Owner: row.OwnerEmail, Risk: row.Risk, Durations: row.Durations, RequestableBy: row.RequestableBy,
		Approval: row.Approval, Provision: row.ProvisionChain, Deprovision: row.DeprovisionChain, Emergency: row.Emergency,
	}
}

func settingsOf(row db.Settings) Settings {
	return Settings{
		Channel: &row.Channel, Admins: &row.Admins, Auditors: &row.Auditors, Pending: &row.Pending, FourEyes: &row.FourEyes,
		QuietHours: &row.QuietHours,
	}
}

func approvalChainOf(row db.ApprovalChain) ApprovalChain {
	return ApprovalChain{Slug: row.Slug, Name: row.Name, Pending: row.Pending, Steps: row.Steps}
}

func approvalRuleOf(row db.Ruling) ApprovalRule {
	return ApprovalRule{
		Slug: row.Slug, Name: row.Name, Effect: row.Effect, When: row.Condition, Reason: row.Reason,
		Entitlements: row.Entitlements, Until: db.UTC(row.EndsAt),
	}
}

func separationOf(row db.Separation) Separation {
	return Separation{
		Slug: row.Slug, Name: row.Name, Effect: row.Effect, Reason: row.Reason, Entitlements: row.Entitlements, Step: row.Step,
	}
}

func actionChainOf(row storedChain) ActionChain {
	chain := ActionChain{Slug: row.Slug, Name: row.Name, Kind: row.Kind}
	if row.published == nil {
		return chain
	}
	chain.Text, chain.Steps = row.published.Text, row.published.Steps
	for _, script := range row.published.Scripts {
		script.Args, _ = normal(script.Args).(map[string]any)
		if script.OnFailure == "stop" {
			script.OnFailure = "" // the default
		}
		chain.Scripts = append(chain.Scripts, script)
	}
	return chain
}

// unknownToSlack says whether the static directory is where something about the person stands.
func (s stored) unknownToSlack(row db.Person) bool {
	if !row.Active || row.Kind != db.Member || strings.HasSuffix(row.Email, "@slack.invalid") {
		return false
	}
	return !row.InSlack || row.ManagerEmail != "" || row.Department != "" || len(row.Attributes) > 0 || len(s.groups[row.ID]) > 0
}
