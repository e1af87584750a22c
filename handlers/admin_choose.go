package handlers

import (
	"context"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// registerAdminChoices answers the fields that choose from a list.
func (h *Handlers) registerAdminChoices(router *bot.Router) {
	for _, of := range views.AdminLists {
		router.Suggestion(views.AdminAction(views.AdminField{Of: of}), func(ctx context.Context, suggestion bot.Suggestion) (bot.Choices, error) {
			actor, err := h.actor(ctx, suggestion.By)
			if err != nil {
				return bot.Choices{}, err
			}
			rows, err := h.choosable(ctx, actor, of, strings.TrimSpace(suggestion.Typed))
			return bot.Choices{Options: views.AdminOptions(rows)}, err
		})
	}
}

func (h *Handlers) choosable(ctx context.Context, actor, of, typed string) ([]views.AdminRow, error) {
	switch of {
	case views.AdminApprovers, views.AdminTold:
		return h.choosableApprovers(ctx, actor, of, typed)
	case views.AdminGiving, views.AdminTaking:
		chains, err := h.flows.LinkableWorkflows(ctx, actor, of, typed)
		var rows []views.AdminRow
		for _, chain := range chains {
			rows = append(rows, views.AdminRow{Slug: chain.Slug, Title: chain.Title()})
		}
		return rows, err
	}
	return h.rowsOf(ctx, actor, of, typed)
}

func (h *Handlers) rowsOf(ctx context.Context, actor, of, typed string) ([]views.AdminRow, error) {
	found, err := h.flows.Choosable(ctx, actor, of, typed)
	var rows []views.AdminRow
	for _, row := range found {
		if row.Active {
			rows = append(rows, views.AdminRow(row))
		}
	}
	return rows, err
}

// choosableApprovers are the words for people whom the request determines, then groups, then who says who is on call,
// then people.
func (h *Handlers) choosableApprovers(ctx context.Context, actor, of, typed string) ([]views.AdminRow, error) {
	rows := views.ApproverWords(typed)
	if channel := strings.TrimSpace(typed); of == views.AdminTold && strings.HasPrefix(channel, "#") && len(channel) > 1 {
		return []views.AdminRow{{Slug: channel, Title: channel, Active: true}}, nil
	}
	groups, err := h.rowsOf(ctx, actor, "group", strings.TrimPrefix(typed, "@"))
	if err != nil {
		return nil, err
	}
	if rows = append(rows, groups...); of == views.AdminApprovers {
		calls, err := h.rowsOf(ctx, actor, "on_call", typed)
		if err != nil {
			return nil, err
		}
		rows = append(rows, calls...)
	}
	people, err := h.rowsOf(ctx, actor, views.AdminPeople, typed)
	return append(rows, people...), err
}

// named are rows for what a field holds, each with what people call it.
func (h *Handlers) named(ctx context.Context, of string, values []string) []views.AdminRow {
	rows := make([]views.AdminRow, 0, len(values))
	for _, value := range values {
		row := views.AdminRow{Slug: value, Title: h.called(ctx, of, value), Active: true}
		if row.Title != value && (of == views.AdminPeople || strings.Contains(value, "@")) {
			row.Note = value
		}
		rows = append(rows, row)
	}
	return rows
}

// called is what people call the object that a value names, or the value itself where it is not there any more.
func (h *Handlers) called(ctx context.Context, of, value string) string {
	title, err := h.titleOf(ctx, of, value)
	if err != nil || title == "" {
		return value
	}
	return title
}

func (h *Handlers) titleOf(ctx context.Context, of, value string) (string, error) {
	switch of {
	case views.AdminPeople:
		return h.nameOf(ctx, value)
	case views.AdminProviders:
		row, err := db.ProviderBySlug(ctx, h.store, value)
		return row.Name, err
	case views.AdminEntitlements:
		row, err := db.EntitlementBySlug(ctx, h.store, value)
		return row.Name, err
	case views.AdminChains:
		row, err := db.ApprovalChainBySlug(ctx, h.store, value)
		return row.Title(), err
	case views.AdminGiving, views.AdminTaking:
		row, err := db.ActionChainBySlug(ctx, h.store, value)
		return row.Title(), err
	}
	return h.approverTitle(ctx, value)
}

// approverTitle is what a word for approvers means, or the name of the person whose address it is.
func (h *Handlers) approverTitle(ctx context.Context, value string) (string, error) {
	for _, row := range views.ApproverWords("") {
		if row.Slug == value {
			return row.Title, nil
		}
	}
	if strings.Contains(strings.TrimPrefix(value, "@"), "@") {
		return h.nameOf(ctx, value)
	}
	return value, nil
}

func (h *Handlers) nameOf(ctx context.Context, email string) (string, error) {
	p, err := db.PersonByEmail(ctx, h.store, email)
	return p.Name, err
}

func joined(texts []string) string { return strings.Join(texts, ", ") }
