package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// openDrift answers /access directory: what a directory says and what is not so. Where there is one directory it needs no name.
func (h *Handlers) openDrift(ctx context.Context, by bot.Person, triggerID, slug string) error {
	if slug == "" {
		var err error
		if slug, err = h.onlyDirectory(ctx); err != nil {
			return err
		}
	}
	modal, err := h.driftModal(ctx, by, views.ListAt{Of: slug})
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, triggerID, modal)
	return err
}

func (h *Handlers) onlyDirectory(ctx context.Context) (string, error) {
	all, err := db.Directories(ctx, h.store)
	if err != nil {
		return "", err
	}
	if len(all) != 1 {
		return "", &flows.Error{Text: "Say which directory: /access directory NAME. /access admin lists them."}
	}
	return all[0].Slug, nil
}

func (h *Handlers) showDrift(ctx context.Context, action bot.Action) error {
	return h.openDrift(ctx, action.By, action.TriggerID, action.Value)
}

// turnDrift shows another page of the list that is open.
func (h *Handlers) turnDrift(ctx context.Context, action bot.Action) error {
	return h.turnList(ctx, action, h.driftModal)
}

func (h *Handlers) driftModal(ctx context.Context, by bot.Person, at views.ListAt) (slack.ModalViewRequest, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	page, err := h.flows.DriftOf(ctx, actor, at.Of, at.Page)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return views.DriftModal(views.DriftPage{Directory: page.Directory, Rows: page.Rows, Page: page.Page, Pages: page.Pages, Total: page.Total})
}
