package handlers

import (
	"context"
	"errors"

	"github.com/slack-go/slack"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// purposeStop is the card about what the breaker of a directory stopped. Its ref is the stop. A stored name.
const purposeStop = "directory_stop"

// stopRows is how many changes the card of a breaker is drawn from.
const stopRows = 10

// registerDirectory is the journey of whoever decides whether a directory that was stopped goes on.
func (h *Handlers) registerDirectory(router *bot.Router) {
	router.Action(views.ActionStopResume, h.openStop(1, views.StopResumeModal, h.flows.MayAnswerStop))
	router.Submission(views.CallbackStopResume, h.submitStop(h.flows.ResumeDirectory))
	router.Action(views.ActionStopDiscard, h.openStop(1, views.StopDiscardModal, h.flows.MayAnswerStop))
	router.Submission(views.CallbackStopDiscard, h.submitStop(h.flows.DiscardDirectory))
	router.Action(views.ActionStopShow, h.openStop(views.StopMost, views.StopListModal, anybody))
	router.Action(views.ActionDriftShow, h.showDrift)
	router.Action(views.ActionDriftBefore, h.turnDrift)
	router.Action(views.ActionDriftAfter, h.turnDrift)
}

// anybody may see what waits.
func anybody(context.Context, string, string) error { return nil }

// openStop opens a modal about a stop for those who may. Whether they still may is asked again when they decide.
func (h *Handlers) openStop(rows int64, modal func(views.Stop) slack.ModalViewRequest, may func(ctx context.Context, stopID, personID string) error) bot.ActionHandler {
	return func(ctx context.Context, action bot.Action) error {
		actor, err := h.actor(ctx, action.By)
		if err != nil {
			return err
		}
		if err := may(ctx, action.Value, actor); err != nil {
			return err
		}
		stop, err := readStop(ctx, h.store, action.Value, rows)
		if err != nil {
			return err
		}
		_, err = h.slack.OpenView(ctx, action.TriggerID, modal(stop))
		return err
	}
}

func (h *Handlers) submitStop(decide func(context.Context, flows.StopAnswer) error) bot.SubmissionHandler {
	return func(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
		actor, err := h.actor(ctx, submission.By)
		if err != nil {
			return bot.ViewAnswer{}, err
		}
		answer := flows.StopAnswer{PersonID: actor, Reason: submission.State.Value(views.FieldReason, views.FieldReason)}
		answer.StopID, answer.Seen = views.ReadStopSeen(submission.View.PrivateMetadata)
		return fieldError(decide(ctx, answer), views.FieldReason)
	}
}

// readStop reads a stop with the first changes that it holds.
func readStop(ctx context.Context, q bun.IDB, id string, rows int64) (views.Stop, error) {
	row, err := db.DirectoryStopByID(ctx, q, id)
	if err != nil {
		return views.Stop{}, err
	}
	stop := views.Stop{DirectoryStop: row}
	if stop.Directory, err = db.DirectoryByID(ctx, q, row.DirectoryID); err != nil {
		return stop, err
	}
	owner, err := db.PersonByEmail(ctx, q, stop.Directory.OwnerEmail)
	if err == nil {
		stop.Owner = &owner
	} else if !errors.Is(err, db.ErrNotFound) {
		return stop, err
	}
	if row.DecidedBy != "" {
		by, err := db.PersonByID(ctx, q, row.DecidedBy)
		stop.DecidedBy = &by
		return stop, err
	}
	if stop.Waiting, err = db.StoppedChanges(ctx, q, row.DirectoryID, rows); err != nil {
		return stop, err
	}
	total, newest, err := db.CountStopped(ctx, q, row.DirectoryID)
	stop.Total, stop.Newest = int(total), newest
	return stop, err
}

// stop wants the card about what a breaker stopped in the channel that it names, and draws it anew when more waits behind it
// or somebody has decided.
func (r *recorder) stop(event db.AuditEvent, facts db.Details) {
	if event.Action != "directory.stopped" {
		r.redraw(purposeStop, "", facts.Stop)
		return
	}
	r.want(db.Message{
		Key: purposeStop + ":" + facts.Stop, Lane: purposeStop + ":" + facts.Stop, Position: event.Seq, Purpose: purposeStop, Ref: facts.Stop,
		Channel: facts.AskIn,
	})
}
