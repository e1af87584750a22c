package handlers

import (
	"context"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// me reads who acted, as a row with power.
func (h *Handlers) me(ctx context.Context, by bot.Person) (db.Person, error) {
	id, err := h.actor(ctx, by)
	if err != nil {
		return db.Person{}, err
	}
	return db.PersonByID(ctx, h.store, id)
}

// mine answers /access mine.
func (h *Handlers) mine(ctx context.Context, by bot.Person) (bot.Answer, error) {
	p, err := h.me(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	data := views.HomeData{Me: p.ID, State: views.HomeState{Section: views.HomeAccess}, Links: map[string]string{}}
	if err := h.readGrants(ctx, p, &data); err != nil {
		return bot.Answer{}, err
	}
	data.State.Section = views.HomeRequests // a page of each
	if err := h.readRequests(ctx, p, &data); err != nil {
		return bot.Answer{}, err
	}
	err = h.readLinks(ctx, &data)
	return answer(views.Mine(data, h.flows.Now())), err
}

// approvals answers /access approvals.
func (h *Handlers) approvals(ctx context.Context, by bot.Person) (bot.Answer, error) {
	p, err := h.me(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	data := views.HomeData{Me: p.ID, State: views.HomeState{Section: views.HomeWaiting}, Links: map[string]string{}}
	if err := h.readWaiting(ctx, p, &data); err != nil {
		return bot.Answer{}, err
	}
	err = h.readLinks(ctx, &data)
	return answer(views.Approvals(data)), err
}
