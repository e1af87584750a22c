package handlers

import (
	"context"
	"errors"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/handlers/views"
)

// openList shows the first page of a kind of object.
func (h *Handlers) openList(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	return h.listView(ctx, p.actor, views.AdminState{Screen: views.AdminAtList, Kind: p.Value})
}

// turnPage shows another page of the list that stands in front.
func (h *Handlers) turnPage(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	page, err := strconv.Atoi(p.Value)
	if err != nil || page < 0 {
		return slack.ModalViewRequest{}, errors.New("a page has no number")
	}
	p.state.Page = page
	return h.adminView(ctx, p.actor, p.state, "")
}

func (h *Handlers) listView(ctx context.Context, actor string, state views.AdminState) (slack.ModalViewRequest, error) {
	found, err := h.flows.AdminList(ctx, actor, state.Kind, state.Text, state.Page)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	role, err := h.role(ctx, actor)
	state.Page = found.Page
	list := views.AdminList{State: state, Pages: found.Pages, Total: found.Total, MayAdd: role.Admin && views.AdminMade(state.Kind)}
	for _, row := range found.Rows {
		list.Rows = append(list.Rows, views.AdminRow(row))
	}
	return views.AdminListModal(list), err
}

// submitAdminSearch looks for what was typed in a list.
func (h *Handlers) submitAdminSearch(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, state, err := h.adminSubmission(ctx, submission)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	state.Text, state.Page = submission.State.Value(state.SearchBlock(), views.FieldAdminSearch), 0
	view, err := h.adminView(ctx, actor, state, "")
	return bot.ViewAnswer{Update: &view}, err
}
