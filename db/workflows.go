package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// WorkflowFilter narrows a list of action chains that people may choose from.
type WorkflowFilter struct {
	Text      string // each of its words must be in the name, the slug or the name of an entitlement that links it
	Kind      string // Provision or Deprovision; empty is both
	Published bool   // only those with a published version
	Owner     string // only what belongs to entitlements of whoever has this e-mail address, or their providers'; empty is all
}

// belonging joins a chain with the entitlements that it belongs to: those that link it, or the one it was written for.
const belonging = `EXISTS (SELECT 1 FROM entitlements AS e JOIN providers AS p ON p.id = e.provider_id ` +
	`WHERE e.active AND (e.provision_chain = chain.slug OR e.deprovision_chain = chain.slug OR e.slug = chain.written_for) AND `

// SearchWorkflows reads active action chains by their name, limit of them from offset, and counts how many there are.
func SearchWorkflows(ctx context.Context, q bun.IDB, filter WorkflowFilter, offset, limit int64) ([]ActionChain, int64, error) {
	var rows []ActionChain
	query := q.NewSelect().Model(&rows).Where("chain.active")
	if filter.Kind != "" {
		query = query.Where("chain.kind = ?", filter.Kind)
	}
	if filter.Published {
		query = query.Where("EXISTS (SELECT 1 FROM action_chain_versions AS v WHERE v.chain_id = chain.id AND v.status = ?)", Published)
	}
	if filter.Owner != "" {
		owner := strings.ToLower(filter.Owner)
		query = query.Where(belonging+"(lower(e.owner_email) = ? OR lower(p.owner_email) = ?))", owner, owner)
	}
	for _, word := range strings.Fields(strings.ToLower(filter.Text)) {
		like := "%" + escapeLike(word) + "%"
		query = query.Where(`(lower(chain.name) LIKE ? ESCAPE '\' OR chain.slug LIKE ? ESCAPE '\' OR `+belonging+
			`lower(e.name) LIKE ? ESCAPE '\'))`, like, like, like)
	}
	total, err := query.Count(ctx)
	if err == nil {
		err = query.OrderExpr("lower(CASE WHEN chain.name = '' THEN chain.slug ELSE chain.name END), chain.slug").
			Offset(offset).Limit(limit).Scan(ctx)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("search workflows: %w", err)
	}
	return rows, total, nil
}

// ActionChainByID reads one action chain.
func ActionChainByID(ctx context.Context, q bun.IDB, id string) (ActionChain, error) {
	var row ActionChain
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "action chain", id)
}

// ActionChainBySlug reads one action chain.
func ActionChainBySlug(ctx context.Context, q bun.IDB, slug string) (ActionChain, error) {
	var row ActionChain
	err := q.NewSelect().Model(&row).Where("slug = ?", slug).Scan(ctx)
	return row, absent(err, "action chain", slug)
}

// ActionChainNamed reads the active action chain that people call so; capitals make no difference.
func ActionChainNamed(ctx context.Context, q bun.IDB, name string) (ActionChain, error) {
	var row ActionChain
	err := q.NewSelect().Model(&row).Where("lower(CASE WHEN name = '' THEN slug ELSE name END) = ?", strings.ToLower(name)).
		Where("active").Limit(1).Scan(ctx)
	return row, absent(err, "action chain", name)
}

// SaveActionChain adds an action chain, or writes the name, state and time of one that is there.
func SaveActionChain(ctx context.Context, q bun.IDB, row ActionChain) error {
	_, err := q.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").
		Set("name = EXCLUDED.name, active = EXCLUDED.active, updated_at = EXCLUDED.updated_at").Exec(ctx)
	return wrap(err, "save action chain "+row.Slug)
}

// InsertVersion adds a version of an action chain.
func InsertVersion(ctx context.Context, q bun.IDB, row ActionChainVersion) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add version of "+row.ChainID)
}

// MoveVersion writes how far a version has come if its status is still from; else ErrConflict. Its text and scripts
// never change.
func MoveVersion(ctx context.Context, q bun.IDB, row ActionChainVersion, from string) error {
	result, err := q.NewUpdate().Model(&row).Column("status", "tested_at", "tested_by", "published_at", "published_by").
		Where("id = ?", row.ID).Where("status = ?", from).Exec(ctx)
	return changed(result, err, "action chain version", row.ID)
}

// EntitlementsOfChain reads the active entitlements that link an action chain, by name, at most limit, and counts them.
func EntitlementsOfChain(ctx context.Context, q bun.IDB, slug string, limit int64) ([]Entitlement, int64, error) {
	var rows []Entitlement
	query := q.NewSelect().Model(&rows).Relation("Provider").Where("entitlement.active").
		Where("(entitlement.provision_chain = ? OR entitlement.deprovision_chain = ?)", slug, slug)
	total, err := query.Count(ctx)
	if err == nil {
		err = query.Order("entitlement.name").Limit(limit).Scan(ctx)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read entitlements of %s: %w", slug, err)
	}
	return rows, total, nil
}

// CountOthers counts the active entitlements that link an action chain and belong to somebody else than whoever has
// the e-mail address: neither they nor their providers.
func CountOthers(ctx context.Context, q bun.IDB, slug, email string) (int64, error) {
	email = strings.ToLower(email)
	n, err := q.NewSelect().Model((*Entitlement)(nil)).Relation("Provider").Where("entitlement.active").
		Where("(entitlement.provision_chain = ? OR entitlement.deprovision_chain = ?)", slug, slug).
		Where("lower(entitlement.owner_email) <> ?", email).Where("lower(provider.owner_email) <> ?", email).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count entitlements of others that use %s: %w", slug, err)
	}
	return n, nil
}

// SearchOwned is SearchEntitlements among those that belong to whoever has the e-mail address, or whose provider does;
// an empty one is all.
func SearchOwned(ctx context.Context, q bun.IDB, owner, text string, limit int64) ([]Entitlement, error) {
	var rows []Entitlement
	query := searched(q.NewSelect().Model(&rows), text)
	if owner != "" {
		owner = strings.ToLower(owner)
		query = query.Where("(lower(entitlement.owner_email) = ? OR lower(provider.owner_email) = ?)", owner, owner)
	}
	if err := query.Limit(limit).Scan(ctx); err != nil {
		return nil, fmt.Errorf("search entitlements: %w", err)
	}
	return rows, nil
}

// LinkChains writes which action chains an entitlement links.
func LinkChains(ctx context.Context, q bun.IDB, entitlementID, provision, deprovision string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Entitlement)(nil)).Set("provision_chain = ?", provision).
		Set("deprovision_chain = ?", deprovision).Set("updated_at = ?", at).Where("id = ?", entitlementID).Exec(ctx)
	return changed(result, err, "entitlement", entitlementID)
}

// LastConfigChange reads the newest entry of the audit log about a change of an entitlement's configuration.
func LastConfigChange(ctx context.Context, q bun.IDB, entitlement string) (AuditEvent, error) {
	var row AuditEvent
	err := q.NewSelect().Model(&row).Where("action = 'config.changed'").Where("entitlement = ?", entitlement).
		Order("seq DESC").Limit(1).Scan(ctx)
	return row, absent(err, "change of entitlement", entitlement)
}
