package handlers

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerReviewCare is the journey of who looks after access reviews. One modal shows the list, one review or the form.
func (h *Handlers) registerReviewCare(router *bot.Router) {
	router.Action(views.ActionReviewList, h.openReviews)
	router.Action(views.ActionReviewBefore, h.openReviews)
	router.Action(views.ActionReviewAfter, h.openReviews)
	router.Action(views.ActionReviewShow, h.showReview)
	router.Action(views.ActionReviewStart, h.openReviewForm)
	router.Suggestion(views.FieldReviewEntitlements, h.suggestOwn)
	router.Submission(views.CallbackReviewStart, h.submitReviewStart)
	router.Action(views.ActionReviewExport, h.exportReview)
	router.Action(views.ActionReviewCancel, h.cancelReview)
}

// reviews opens the list of access reviews: /access reviews.
func (h *Handlers) reviews(ctx context.Context, command bot.Command) error {
	return h.openReviews(ctx, bot.Action{By: command.By, TriggerID: command.TriggerID})
}

// openReviews shows a page of the access reviews, in place of the modal in which the button stands.
func (h *Handlers) openReviews(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(action.Value) // a button that names no page leads to the first
	rows, total, err := h.flows.Reviews(ctx, actor, page)
	if err != nil {
		return err
	}
	mayStart := h.flows.MayStartReview(ctx, actor) == nil
	return h.showModal(ctx, action, views.AccessReviews(views.ReviewList{
		Rows: rows, Page: page, Total: total, PerPage: flows.ReviewsPage, MayStart: mayStart,
	}))
}

// showModal shows a modal in place of the one in which a button stands, or opens it where the button stands elsewhere.
func (h *Handlers) showModal(ctx context.Context, action bot.Action, view slack.ModalViewRequest) error {
	if action.View == nil || action.View.Type != slack.VTModal {
		_, err := h.slack.OpenView(ctx, action.TriggerID, view)
		return err
	}
	_, err := h.slack.UpdateView(ctx, action.View.ID, "", view)
	if errors.Is(err, bot.ErrNotFound) {
		return nil // it was closed
	}
	return err
}

func (h *Handlers) showReview(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	view, err := h.reviewShown(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	return h.showModal(ctx, action, view)
}

func (h *Handlers) reviewShown(ctx context.Context, reviewID, actor string) (slack.ModalViewRequest, error) {
	review, mayCancel, err := h.flows.ShowReview(ctx, reviewID, actor)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	left, err := db.ReviewersLeft(ctx, h.store, reviewID)
	return views.AccessReviewShown(views.ReviewShown{Review: review, Left: left, MayCancel: mayCancel}), err
}

// exportReview hands an access review over as a CSV file in a direct message.
func (h *Handlers) exportReview(ctx context.Context, action bot.Action) error {
	p, err := h.me(ctx, action.By)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := h.flows.ExportReview(ctx, action.Value, p.ID, &limited{w: &file, left: auditFileLimit}); err != nil {
		return err
	}
	channel, err := h.slack.OpenDM(ctx, p.SlackID)
	if err != nil {
		return err
	}
	return h.slack.UploadFile(ctx, channel, "", "access-review-"+action.Value+".csv", &file, file.Len())
}

func (h *Handlers) cancelReview(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	if err := h.flows.CancelReview(ctx, action.Value, actor); err != nil {
		return err
	}
	view, err := h.reviewShown(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	return h.showModal(ctx, action, view)
}
