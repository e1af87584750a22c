package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// ListFilter chooses one page of a list of the configuration, inactive rows included, those behind the active ones.
type ListFilter struct {
	Text          string // each of its words must stand in what people know the row by; empty is all
	Owner         string // of entitlements: only those of whoever has this e-mail address, or whose provider is his
	Offset, Limit int64
}

// listed counts the rows that hold each word of the filter's text in one of the columns, and reads the page of them.
func listed(ctx context.Context, query *bun.SelectQuery, filter ListFilter, order string, columns ...string) (int64, error) {
	for _, word := range strings.Fields(strings.ToLower(filter.Text)) {
		query = query.WhereGroup(" AND ", func(group *bun.SelectQuery) *bun.SelectQuery {
			for _, column := range columns {
				group = group.WhereOr(column+` LIKE ? ESCAPE '\'`, "%"+escapeLike(word)+"%")
			}
			return group
		})
	}
	total, err := query.Count(ctx)
	if err == nil && total > 0 {
		err = query.OrderExpr(order).Offset(filter.Offset).Limit(filter.Limit).Scan(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("list the configuration: %w", err)
	}
	return total, nil
}

// ListEntitlements reads a page of entitlements with their providers, and counts all of the filter.
func ListEntitlements(ctx context.Context, q bun.IDB, filter ListFilter) ([]Entitlement, int64, error) {
	var rows []Entitlement
	query := q.NewSelect().Model(&rows).Relation("Provider").Where("entitlement.provider_id <> ?", HiddenProviderID)
	if filter.Owner != "" {
		owner := strings.ToLower(filter.Owner)
		query = query.Where("(lower(entitlement.owner_email) = ? OR lower(provider.owner_email) = ?)", owner, owner)
	}
	total, err := listed(ctx, query, filter, "entitlement.active DESC, lower(entitlement.name), entitlement.slug",
		"lower(entitlement.name)", "entitlement.slug", "lower(provider.name)")
	return rows, total, err
}

// ListProviders reads a page of providers, and counts all of the filter.
func ListProviders(ctx context.Context, q bun.IDB, filter ListFilter) ([]Provider, int64, error) {
	var rows []Provider
	query := q.NewSelect().Model(&rows).Where("slug <> ?", Configuration)
	total, err := listed(ctx, query, filter, "active DESC, lower(name), slug", "lower(name)", "slug", "connector")
	return rows, total, err
}

// ListApprovalChains reads a page of approval chains, and counts all of the filter.
func ListApprovalChains(ctx context.Context, q bun.IDB, filter ListFilter) ([]ApprovalChain, int64, error) {
	var rows []ApprovalChain
	total, err := listed(ctx, q.NewSelect().Model(&rows), filter, "active DESC, "+titleOrder, "lower(name)", "slug")
	return rows, total, err
}

// titleOrder orders rows that may have no name by what people call them.
const titleOrder = "lower(CASE WHEN name = '' THEN slug ELSE name END), slug"

// ListActionChains reads a page of action chains, and counts all of the filter.
func ListActionChains(ctx context.Context, q bun.IDB, filter ListFilter) ([]ActionChain, int64, error) {
	var rows []ActionChain
	query := q.NewSelect().Model(&rows).Where("slug <> ?", Configuration)
	total, err := listed(ctx, query, filter, "active DESC, "+titleOrder, "lower(name)", "slug")
	return rows, total, err
}

// ListRulings reads a page of approval rules, and counts all of the filter.
func ListRulings(ctx context.Context, q bun.IDB, filter ListFilter) ([]Ruling, int64, error) {
	var rows []Ruling
	total, err := listed(ctx, q.NewSelect().Model(&rows), filter, "active DESC, lower(name), slug", "lower(name)", "slug", "effect")
	return rows, total, err
}

// ListSeparations reads a page of separations of duties, and counts all of the filter.
func ListSeparations(ctx context.Context, q bun.IDB, filter ListFilter) ([]Separation, int64, error) {
	var rows []Separation
	total, err := listed(ctx, q.NewSelect().Model(&rows), filter, "active DESC, lower(name), slug", "lower(name)", "slug", "effect")
	return rows, total, err
}

// ListDirectories reads a page of directories, and counts all of the filter.
func ListDirectories(ctx context.Context, q bun.IDB, filter ListFilter) ([]Directory, int64, error) {
	var rows []Directory
	total, err := listed(ctx, q.NewSelect().Model(&rows), filter, "active DESC, lower(name), slug", "lower(name)", "slug", "kind")
	return rows, total, err
}

// ListBirthrights reads a page of the rules that give access by who somebody is, and counts all of the filter.
func ListBirthrights(ctx context.Context, q bun.IDB, filter ListFilter) ([]Birthright, int64, error) {
	var rows []Birthright
	total, err := listed(ctx, q.NewSelect().Model(&rows), filter, "active DESC, lower(name), slug", "lower(name)", "slug", "lower(condition)")
	return rows, total, err
}

// ListPeople reads a page of the people who can hold access, and counts all of the filter.
func ListPeople(ctx context.Context, q bun.IDB, filter ListFilter) ([]Person, int64, error) {
	var rows []Person
	query := q.NewSelect().Model(&rows).Where("kind IN (?, ?)", Member, Guest)
	total, err := listed(ctx, query, filter, "active DESC, lower(name), email", "lower(name)", "email", "lower(department)", "lower(title)")
	return rows, total, err
}

// EntitlementSlugs reads the slugs of all active entitlements, in order.
func EntitlementSlugs(ctx context.Context, q bun.IDB) ([]string, error) {
	var slugs []string
	err := q.NewSelect().Model((*Entitlement)(nil)).Column("slug").Where("active").Order("slug").Scan(ctx, &slugs)
	if err != nil {
		return nil, fmt.Errorf("read slugs of entitlements: %w", err)
	}
	return slugs, nil
}

// EntitlementsUsing reads the active entitlements that name an object of a kind (provider, approval_chain or
// action_chain), ordered by slug, at most limit. Other kinds are named by none.
func EntitlementsUsing(ctx context.Context, q bun.IDB, kind, slug string, limit int64) ([]Entitlement, error) {
	var rows []Entitlement
	query := q.NewSelect().Model(&rows).Relation("Provider").Where("entitlement.active").Order("entitlement.slug").Limit(limit)
	switch kind {
	case "provider":
		query = query.Where("provider.slug = ?", slug)
	case "approval_chain":
		named := `%"` + escapeLike(slug) + `"%`
		query = query.Where(`(CAST(entitlement.approval AS TEXT) LIKE ? ESCAPE '\' OR CAST(entitlement.emergency AS TEXT) LIKE ? ESCAPE '\')`, named, named)
	case "action_chain":
		query = query.Where("(entitlement.provision_chain = ? OR entitlement.deprovision_chain = ?)", slug, slug)
	default:
		return nil, nil
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read what uses %s %s: %w", kind, slug, err)
	}
	return rows, nil
}

// ActionChainsNaming reads the active action chains whose published version may call a provider: its slug stands in one
// of the script types.
func ActionChainsNaming(ctx context.Context, q bun.IDB, provider string) ([]ActionChain, error) {
	var rows []ActionChain
	err := q.NewSelect().Model(&rows).Where("chain.active").Where("chain.slug <> ?", Configuration).
		Where(`EXISTS (SELECT 1 FROM action_chain_versions AS v WHERE v.chain_id = chain.id AND v.status = ? AND CAST(v.scripts AS TEXT) LIKE ? ESCAPE '\')`,
			Published, `%"`+escapeLike(provider)+`\_%`).Order("chain.slug").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read action chains of %s: %w", provider, err)
	}
	return rows, nil
}
