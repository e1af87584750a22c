package handlers

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// openDrift answers /access directory: what a directory says and what is not so. Where there is one directory it needs no name.
func (h *Handlers) openDrift(ctx context.Context, by bot.Person, triggerID, slug string) error {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return err
	}
	if slug == "" {
		if slug, err = h.onlyDirectory(ctx); err != nil {
			return err
		}
	}
	modal, err := h.driftModal(ctx, actor, views.DriftAt{Slug: slug})
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
	actor, err := h.actor(ctx, action.By)
	if err != nil || action.View == nil {
		return err
	}
	at := views.ReadDriftAt(action.View.PrivateMetadata)
	at.Page, _ = strconv.Atoi(action.Value) // what is no number is the first page
	modal, err := h.driftModal(ctx, actor, at)
	if err != nil {
		return err
	}
	_, err = h.slack.UpdateView(ctx, action.View.ID, action.View.Hash, modal)
	return err
}

func (h *Handlers) driftModal(ctx context.Context, actor string, at views.DriftAt) (slack.ModalViewRequest, error) {
	page, err := h.flows.DriftOf(ctx, actor, at.Slug, at.Page)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return views.DriftModal(views.DriftPage{Directory: page.Directory, Rows: page.Rows, Page: page.Page, Pages: page.Pages, Total: page.Total})
}
