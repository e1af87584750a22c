package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerAway is the journey of somebody who will be away: say from when until when and who decides meanwhile, and end
// it when back.
func (h *Handlers) registerAway(router *bot.Router) {
	router.Action(views.ActionAwayOpen, func(ctx context.Context, action bot.Action) error {
		return h.openAway(ctx, action.By, action.TriggerID)
	})
	router.Submission(views.CallbackAway, h.submitAway)
	router.Action(views.ActionAwayEnd, h.endAway)
}

// openAway asks for a week from the next full hour on, where nobody says otherwise.
func (h *Handlers) openAway(ctx context.Context, by bot.Person, trigger string) error {
	p, err := h.me(ctx, by)
	if err != nil {
		return err
	}
	admin, err := h.flows.IsAdmin(ctx, h.store, p)
	if err != nil {
		return err
	}
	from := h.flows.Now().Truncate(time.Hour).Add(time.Hour)
	_, err = h.slack.OpenView(ctx, trigger, views.AwayModal(from, from.AddDate(0, 0, 7), admin))
	return err
}

func (h *Handlers) submitAway(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	typed := func(field string) string { return submission.State.Value(field, field) }
	away := flows.Away{
		By: actor, For: actor, From: moment(typed(views.FieldAwayFrom)), Until: moment(typed(views.FieldAwayUntil)), Note: typed(views.FieldAwayNote),
	}
	for _, chosen := range []struct {
		field string
		id    *string
	}{{views.FieldAwayFor, &away.For}, {views.FieldAwayTo, &away.To}} {
		if typed(chosen.field) == "" {
			continue
		}
		p, err := h.people.person(ctx, bot.Person{UserID: typed(chosen.field)})
		if err != nil {
			return bot.ViewAnswer{}, err
		}
		*chosen.id = p.ID
	}
	_, err = h.flows.Delegate(ctx, away)
	return fieldError(err, awayField(err))
}

// awayField is the input at which a refusal is shown.
func awayField(err error) string {
	refusal, _ := flows.Refusal(err)
	if refusal == nil {
		return ""
	}
	switch refusal.Field {
	case flows.FieldFrom:
		return views.FieldAwayFrom
	case flows.FieldUntil:
		return views.FieldAwayUntil
	case flows.FieldDelegate:
		return views.FieldAwayTo
	case flows.FieldNote:
		return views.FieldAwayNote
	}
	return views.FieldAwayUntil
}

// moment reads the seconds of a field for a time.
func moment(typed string) time.Time {
	seconds, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		return time.Time{} // nothing was chosen, which the flow refuses
	}
	return db.UTC(time.Unix(seconds, 0))
}

func (h *Handlers) endAway(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	return h.flows.EndDelegation(ctx, action.Value, actor)
}
