package flows

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// Choosable finds what a field of the administration may choose from, for whoever administers anything.
func (f *Flows) Choosable(ctx context.Context, personID, kind, text string) ([]AdminRow, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return nil, err
	}
	role, err := f.RoleOf(ctx, f.store, p)
	if err != nil {
		return nil, err
	}
	if !role.Any() {
		return nil, refuse("Only admins, auditors and owners can see this.")
	}
	filter := db.ListFilter{Text: text, Limit: choosable}
	switch kind {
	case choosableGroups:
		return groupRows(ctx, f.store, filter)
	case choosableOnCall:
		return f.onCallRows(ctx, text)
	}
	rows, _, err := adminRows(ctx, f.store, kind, filter)
	return rows, err
}

// choosable is how many rows a field is offered, and the others are kinds of what is no object of the configuration.
const (
	choosable       = 50
	choosableGroups = "group"
	choosableOnCall = "on_call"
)

// onCallRows are endpoints that only read, and so can say who is on call, as approvers are written.
func (f *Flows) onCallRows(ctx context.Context, text string) ([]AdminRow, error) {
	catalogue, err := f.scriptCatalogue(ctx, f.store)
	if err != nil {
		return nil, err
	}
	var rows []AdminRow
	for _, t := range catalogue.Types() {
		reads := t.Provider != "" && !t.Hook && t.Effect == connectors.Reads
		if reads && strings.Contains(t.Name, "on_call") && strings.Contains(t.Name, strings.ToLower(strings.TrimSpace(text))) {
			rows = append(rows, AdminRow{Slug: "on_call:" + t.Name, Title: "On call: " + t.Name, Note: t.Doc, Active: true})
		}
	}
	return rows, nil
}

// groupRows are groups as approvers are written.
func groupRows(ctx context.Context, q bun.IDB, filter db.ListFilter) ([]AdminRow, error) {
	groups, _, err := db.ListGroups(ctx, q, filter)
	rows := make([]AdminRow, 0, len(groups))
	for _, group := range groups {
		row := AdminRow{Slug: "group:" + group.Handle, Title: "Group " + group.Handle, Note: group.Name, Active: true}
		if group.Source == "slack" {
			row.Slug, row.Title = "@"+group.Handle, "@"+group.Handle
		}
		rows = append(rows, row)
	}
	return rows, err
}
