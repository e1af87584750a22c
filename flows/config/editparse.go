package config

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// sectionOf names the section of the file in which objects of a kind stand; settings stand in none.
var sectionOf = map[string]string{
	KindPerson: sectionPeople, KindProvider: sectionProviders, KindEntitlement: sectionEntitlements,
	KindApprovalChain: sectionApprovalChains, KindActionChain: sectionActionChains, KindApprovalRule: sectionApprovalRules,
	KindSeparation: sectionSeparations, KindDirectory: sectionDirectories, KindBirthright: sectionBirthrights,
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
	case KindDirectory:
		return p.knowWorkOS(ctx, q, edit.Name)
	case KindBirthright:
		if err := p.knowActions(ctx, q); err != nil {
			return err
		}
		return p.knowEntitlements(ctx, q)
	}
	return nil
}

// knowWorkOS tells the parser which directories of WorkOS the others are.
func (p *parser) knowWorkOS(ctx context.Context, q bun.IDB, edited string) error {
	directories, err := db.Directories(ctx, q)
	for _, row := range directories {
		if id := row.Settings.WorkOS.DirectoryID; row.Active && id != "" && row.Slug != edited {
			p.workosAt[id] = node{}
		}
	}
	return err
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
