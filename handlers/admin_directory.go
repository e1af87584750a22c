package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/handlers/views"
)

// directoryView shows a page of the groups, and what is missing of the people.
func (h *Handlers) directoryView(ctx context.Context, actor string, state views.AdminState) (slack.ModalViewRequest, error) {
	found, err := h.flows.Directory(ctx, actor, state.Text, state.Page)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state.Page = found.Page
	shown := views.AdminDirectory{
		State: state, People: found.People, Lonely: found.WithoutManager, Synced: found.Synced, Pages: found.Pages, Total: found.Total,
	}
	for _, row := range found.Groups {
		shown.Groups = append(shown.Groups, views.AdminGroup(row))
	}
	return views.AdminDirectoryModal(shown), nil
}

// openGroup shows the members of a group.
func (h *Handlers) openGroup(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	return h.adminView(ctx, p.actor, views.AdminState{Screen: views.AdminAtGroup, Group: p.Value}, "")
}

// directoryPeopleView shows a page of a group's members or, without a group, of who has no manager.
func (h *Handlers) directoryPeopleView(ctx context.Context, actor string, state views.AdminState) (slack.ModalViewRequest, error) {
	found, err := h.flows.DirectoryPeople(ctx, actor, state.Group, state.Page)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	title := "Active people without a manager"
	if state.Group != "" {
		title = "Members of " + found.Group.Handle
	}
	state.Page = found.Page
	return views.AdminPeopleModal(views.AdminDirectory{State: state, Members: found.Rows, Pages: found.Pages, Total: found.Total, Title: title}), nil
}
