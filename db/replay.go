package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// PastItem is an item that was asked for, with its request, and what its approval met.
type PastItem struct {
	RequestItem

	Request Request
	Met     Met
}

// Met is what the approval of an item met.
type Met struct {
	Opened  int // steps that were asked
	Skipped int // steps that were passed over
	Fell    int // steps for which people stood in, or for which there were too few
	Asked   int // people who were asked at any step
}

// PastItems reads the newest items that were asked for since then, of the active entitlements whose approval names a
// chain, at most limit, and counts all of them. Entitlement, provider, subject and requester are filled in.
func PastItems(ctx context.Context, q bun.IDB, chain string, since time.Time, limit int64) ([]PastItem, int64, error) {
	named := `%"` + escapeLike(chain) + `"%`
	var items []RequestItem
	query := q.NewSelect().Model(&items).Join("JOIN requests AS asked ON asked.id = item.request_id").
		Where("asked.kind = ?", ForAccess).Where("asked.created_at >= ?", since).
		Where(`item.entitlement_id IN (SELECT id FROM entitlements WHERE active AND (CAST(approval AS TEXT) LIKE ? ESCAPE '\' `+
			`OR CAST(emergency AS TEXT) LIKE ? ESCAPE '\'))`, named, named)
	total, err := query.Count(ctx)
	if err == nil && total > 0 {
		err = query.OrderExpr("asked.created_at DESC, item.id").Limit(limit).Scan(ctx)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read what was asked for through %s: %w", chain, err)
	}
	past := make([]PastItem, len(items))
	for n, item := range items {
		past[n].RequestItem = item
	}
	return past, total, completePast(ctx, q, past)
}

// completePast fills in everything around items, with a few queries for all.
func completePast(ctx context.Context, q bun.IDB, past []PastItem) error {
	requests, err := byID(ctx, q, ids(past, func(i PastItem) string { return i.RequestID }), func(r Request) string { return r.ID })
	if err != nil {
		return err
	}
	entitlements, err := byID(ctx, q, ids(past, func(i PastItem) string { return i.EntitlementID }), func(e Entitlement) string { return e.ID })
	if err != nil {
		return err
	}
	providers, err := byID(ctx, q, nil, func(p Provider) string { return p.ID })
	if err != nil {
		return err
	}
	who := append(ids(past, func(i PastItem) string { return i.SubjectID }), ids(past, func(i PastItem) string { return requests[i.RequestID].RequesterID })...)
	people, err := byID(ctx, q, who, func(p Person) string { return p.ID })
	if err != nil {
		return err
	}
	met, err := metBy(ctx, q, ids(past, func(i PastItem) string { return i.ID }))
	for n := range past {
		one := &past[n]
		entitlement, request := entitlements[one.EntitlementID], requests[one.RequestID]
		provider, subject, requester := providers[entitlement.ProviderID], people[one.SubjectID], people[request.RequesterID]
		entitlement.Provider, request.Requester = &provider, &requester
		one.Entitlement, one.Subject, one.Request, one.Met = &entitlement, &subject, request, met[one.ID]
	}
	return err
}

// ids are the different ids of rows.
func ids[T any](rows []T, id func(T) string) []string {
	seen := map[string]bool{}
	all := []string{}
	for _, row := range rows {
		if one := id(row); !seen[one] {
			seen[one] = true
			all = append(all, one)
		}
	}
	return all
}

// byID reads rows by their ids; nil is all of them.
func byID[T any](ctx context.Context, q bun.IDB, wanted []string, id func(T) string) (map[string]T, error) {
	all := map[string]T{}
	if wanted != nil && len(wanted) == 0 {
		return all, nil
	}
	var rows []T
	query := q.NewSelect().Model(&rows)
	if wanted != nil {
		query = query.Where("?TableAlias.id IN ?", bun.Tuple(wanted))
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read rows by their ids: %w", err)
	}
	for _, row := range rows {
		all[id(row)] = row
	}
	return all, nil
}

// metBy sums up what the approvals of items met.
func metBy(ctx context.Context, q bun.IDB, items []string) (map[string]Met, error) {
	all := map[string]Met{}
	if len(items) == 0 {
		return all, nil
	}
	var rows []struct {
		ItemID                string `bun:"item_id"`
		Opened, Skipped, Fell int
		Asked                 int
	}
	err := q.NewSelect().Model((*ApprovalFlow)(nil)).Column("flow.item_id").
		ColumnExpr("SUM(CASE WHEN step.opened_at IS NOT NULL THEN 1 ELSE 0 END) AS opened").
		ColumnExpr("SUM(CASE WHEN step.skipped <> '' AND step.opened_at IS NULL THEN 1 ELSE 0 END) AS skipped").
		ColumnExpr("SUM(CASE WHEN step.short OR CAST(step.hops AS TEXT) LIKE '[{%' THEN 1 ELSE 0 END) AS fell").
		Join("LEFT JOIN approval_steps AS step ON step.flow_id = flow.id").
		Where("flow.item_id IN ?", bun.Tuple(items)).Group("flow.item_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what approvals met: %w", err)
	}
	for _, row := range rows {
		all[row.ItemID] = Met{Opened: row.Opened, Skipped: row.Skipped, Fell: row.Fell}
	}
	rows = nil
	err = q.NewSelect().Model((*ApprovalFlow)(nil)).Column("flow.item_id").ColumnExpr("COUNT(DISTINCT approver.person_id) AS asked").
		Join("JOIN approval_steps AS step ON step.flow_id = flow.id").Join("JOIN approvers AS approver ON approver.step_id = step.id").
		Where("flow.item_id IN ?", bun.Tuple(items)).Group("flow.item_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count who was asked: %w", err)
	}
	for _, row := range rows {
		one := all[row.ItemID]
		one.Asked = row.Asked
		all[row.ItemID] = one
	}
	return all, nil
}

// GroupsOfAll reads the handles of the groups of some people, each in order.
func GroupsOfAll(ctx context.Context, q bun.IDB, people []string) (map[string][]string, error) {
	all := map[string][]string{}
	if len(people) == 0 {
		return all, nil
	}
	var rows []struct {
		PersonID string `bun:"person_id"`
		Handle   string `bun:"handle"`
	}
	err := q.NewSelect().Model((*GroupMember)(nil)).ColumnExpr("member.person_id, grp.handle").
		Join("JOIN groups AS grp ON grp.id = member.group_id").Where("member.person_id IN ?", bun.Tuple(people)).Where(notShadowed).
		Order("grp.handle").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read groups of people: %w", err)
	}
	for _, row := range rows {
		all[row.PersonID] = append(all[row.PersonID], row.Handle)
	}
	return all, nil
}
