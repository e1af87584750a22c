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

// registerDirectory is the journey of whoever decides whether a directory that was stopped goes on.
func (h *Handlers) registerDirectory(router *bot.Router) {
	router.Action(views.ActionStopResume, h.openStop(views.StopResumeModal))
	router.Submission(views.CallbackStopResume, h.submitStop(h.flows.ResumeDirectory))
	router.Action(views.ActionStopDiscard, h.openStop(views.StopDiscardModal))
	router.Submission(views.CallbackStopDiscard, h.submitStop(h.flows.DiscardDirectory))
	router.Action(views.ActionStopShow, h.openStopList)
	router.Action(views.ActionStopBefore, h.turnStopList)
	router.Action(views.ActionStopAfter, h.turnStopList)
	router.Action(views.ActionDriftShow, h.showDrift)
	router.Action(views.ActionDriftBefore, h.turnDrift)
	router.Action(views.ActionDriftAfter, h.turnDrift)
}

// openStop opens a modal about a stop for who may decide on it. Whether he still may is asked again when he does.
func (h *Handlers) openStop(modal func(views.Stop) slack.ModalViewRequest) bot.ActionHandler {
	return func(ctx context.Context, action bot.Action) error {
		actor, err := h.actor(ctx, action.By)
		if err != nil {
			return err
		}
		if err := h.flows.MayAnswerStop(ctx, action.Value, actor); err != nil {
			return err
		}
		stop, err := readStop(ctx, h.store, action.Value, 0, 1)
		if err != nil {
			return err
		}
		_, err = h.slack.OpenView(ctx, action.TriggerID, modal(stop))
		return err
	}
}

// openStopList shows all that waits to whoever can see the card.
func (h *Handlers) openStopList(ctx context.Context, action bot.Action) error {
	modal, err := h.stopList(ctx, action.By, views.ListAt{Of: action.Value})
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, modal)
	return err
}

// turnStopList shows another page of the list that is open.
func (h *Handlers) turnStopList(ctx context.Context, action bot.Action) error {
	return h.turnList(ctx, action, h.stopList)
}

func (h *Handlers) stopList(ctx context.Context, by bot.Person, at views.ListAt) (slack.ModalViewRequest, error) {
	if _, err := h.actor(ctx, by); err != nil {
		return slack.ModalViewRequest{}, err
	}
	stop, err := readStop(ctx, h.store, at.Of, max(at.Page, 0)*views.StopPage, views.StopPage)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return views.StopListModal(stop)
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

// readStop reads a stop with some of the changes that it holds, behind the first skip.
func readStop(ctx context.Context, q bun.IDB, id string, skip, rows int) (views.Stop, error) {
	row, err := db.DirectoryStopByID(ctx, q, id)
	if err != nil {
		return views.Stop{}, err
	}
	stop := views.Stop{DirectoryStop: row, Skipped: skip}
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
	total, newest, err := db.CountStopped(ctx, q, row.DirectoryID)
	if err != nil {
		return stop, err
	}
	stop.Total, stop.Newest = int(total), newest
	if stop.Teams, err = db.StoppedDepartments(ctx, q, row.DirectoryID); err != nil {
		return stop, err
	}
	if stop.Waiting, err = db.StoppedPage(ctx, q, row.DirectoryID, int64(skip), int64(rows)); err != nil {
		return stop, err
	}
	stop.About, err = peopleOf(ctx, q, stop.Waiting)
	return stop, err
}

// peopleOf reads whom changes of a directory are about, by the id of the directory's user.
func peopleOf(ctx context.Context, q bun.IDB, changes []db.DirectoryChange) (map[string]db.Person, error) {
	var ids, known []string
	for _, change := range changes {
		ids = append(ids, change.UserID)
	}
	users, err := db.DirectoryUsersByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for _, user := range users {
		known = append(known, user.PersonID)
	}
	people, err := db.PeopleByID(ctx, q, known)
	about := map[string]db.Person{}
	for _, user := range users {
		for _, p := range people {
			if p.ID == user.PersonID {
				about[user.ID] = p
			}
		}
	}
	return about, err
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
