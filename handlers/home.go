package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// registerHome is App Home: published when it is opened, when a section or a page of it is, and when something of the
// person's changes.
func (h *Handlers) registerHome(router *bot.Router) {
	router.Event("app_home_opened", h.homeOpened)
	router.Action(views.ActionHomeOpen, h.turnHome(func(_ views.HomeState, value string) views.HomeState {
		return views.HomeState{Section: value}
	}))
	turn := h.turnHome(func(state views.HomeState, value string) views.HomeState {
		state.Page, _ = strconv.Atoi(value) // what is no number is the first page
		return state
	})
	router.Action(views.ActionHomeBefore, turn)
	router.Action(views.ActionHomeAfter, turn)
	router.Action(views.ActionHomeBack, h.turnHome(func(views.HomeState, string) views.HomeState { return views.HomeState{} }))
	h.registerAway(router)
	h.registerFactor(router)
}

func (h *Handlers) homeOpened(ctx context.Context, event bot.Event) error {
	var opened struct {
		User string `json:"user"`
		Tab  string `json:"tab"`
	}
	if err := json.Unmarshal(event.Raw, &opened); err != nil {
		return fmt.Errorf("read %s: %w", event.Type, err)
	}
	if opened.Tab != "home" {
		return nil
	}
	p, err := h.people.person(ctx, bot.Person{UserID: opened.User})
	if err != nil {
		return err
	}
	if err := h.rememberHome(ctx, p.ID); err != nil {
		return err
	}
	return h.showHome(ctx, p.ID)
}

// showHome publishes a Home for somebody who looks at it. When Slack takes no more just now, it is left to the outbox,
// which does it as soon as Slack does.
func (h *Handlers) showHome(ctx context.Context, personID string) error {
	err := h.PublishHome(ctx, personID)
	var limited *bot.RateLimited
	if errors.As(err, &limited) || errors.Is(err, bot.ErrUnavailable) {
		_, err = db.RedrawMessages(ctx, h.store, []db.Stale{{Key: homeKey(personID)}})
	}
	return err
}

func (h *Handlers) rememberHome(ctx context.Context, personID string) error {
	return db.RememberHome(ctx, h.store, db.Message{
		Key: homeKey(personID), Lane: personLane(personID), Purpose: purposeHome, Ref: personID, PersonID: personID, CreatedAt: h.flows.Now(),
	})
}

// turnHome opens a section of Home, a page of it or the overview. What is open is stored before it is shown, so that
// drawing Home anew keeps it. From is how Home looked where the button was pressed.
func (h *Handlers) turnHome(to func(from views.HomeState, value string) views.HomeState) bot.ActionHandler {
	return func(ctx context.Context, action bot.Action) error {
		actor, err := h.actor(ctx, action.By)
		if err != nil {
			return err
		}
		var from views.HomeState
		if action.View != nil {
			from = views.ReadHomeState(action.View.PrivateMetadata)
		}
		if err := h.rememberHome(ctx, actor); err != nil {
			return err
		}
		if err := db.SetHomeState(ctx, h.store, homeKey(actor), to(from, action.Value).Text()); err != nil {
			return err
		}
		return h.showHome(ctx, actor)
	}
}

// mostPublishes bounds how often one call publishes a Home that changes while it is drawn.
const mostPublishes = 4

// PublishHome draws a person's Home from the rows as they are now. Several processes may do so at once, and the last of
// them wins at Slack: so each looks afterwards whether what is open, or what is wanted, changed meanwhile, and then
// draws once more.
func (h *Handlers) PublishHome(ctx context.Context, personID string) error {
	p, err := db.PersonByID(ctx, h.store, personID)
	if err != nil || p.SlackID == "" {
		return err
	}
	for range mostPublishes {
		before, err := db.HomeByKey(ctx, h.store, homeKey(p.ID))
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		data, err := h.homeData(ctx, p, views.ReadHomeState(before.State))
		if err != nil {
			return err
		}
		if err := h.slack.PublishHome(ctx, p.SlackID, views.Home(data, h.flows.Now()), ""); err != nil {
			return err
		}
		after, err := db.HomeByKey(ctx, h.store, homeKey(p.ID))
		if errors.Is(err, db.ErrNotFound) || after == before {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
