package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerAccessReview is the journey of access reviews: the reviewer keeps, removes or asks; the holder answers; who
// looks after reviews begins, follows, exports and cancels them.
func (h *Handlers) registerAccessReview(router *bot.Router) {
	router.Action(views.ActionReviewKeep, h.reviewKeep)
	router.Action(views.ActionReviewRemove, h.openReviewItem(views.AccessReviewRemoveModal))
	router.Submission(views.CallbackReviewRemove, h.submitReviewRemove)
	router.Action(views.ActionReviewNoRenewal, h.openReviewItem(views.AccessReviewNoRenewalModal))
	router.Submission(views.CallbackReviewNoRenewal, h.submitReviewNoRenewal)
	router.Action(views.ActionReviewAsk, h.openReviewItem(views.AccessReviewAskModal))
	router.Submission(views.CallbackReviewAsk, h.submitReviewAsk)
	router.Action(views.ActionReviewAnswer, h.openReviewAnswer)
	router.Submission(views.CallbackReviewAnswer, h.submitReviewAnswer)
	router.Action(views.ActionReviewNotNeeded, h.reviewNotNeeded)
	h.registerReviewCare(router)
}

func (h *Handlers) reviewKeep(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	return h.flows.DecideReview(ctx, action.Value, actor, flows.Verdict{})
}

// openReviewItem opens a modal about an item, for somebody who may decide on it now.
func (h *Handlers) openReviewItem(modal func(db.ReviewItem) slack.ModalViewRequest) bot.ActionHandler {
	return func(ctx context.Context, action bot.Action) error {
		actor, err := h.actor(ctx, action.By)
		if err != nil {
			return err
		}
		if err := h.flows.MayReview(ctx, action.Value, actor); err != nil {
			return err
		}
		item, err := db.ReviewItemByID(ctx, h.store, action.Value)
		if err != nil {
			return err
		}
		_, err = h.slack.OpenView(ctx, action.TriggerID, modal(item))
		return err
	}
}

func (h *Handlers) submitReviewRemove(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	again := submission.State.Values(views.FieldReviewAgain, views.FieldReviewAgain)
	return h.submitVerdict(ctx, submission, flows.Verdict{Remove: true, DoNotRenew: len(again) > 0})
}

func (h *Handlers) submitReviewNoRenewal(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	return h.submitVerdict(ctx, submission, flows.Verdict{DoNotRenew: true})
}

func (h *Handlers) submitVerdict(ctx context.Context, submission bot.Submission, verdict flows.Verdict) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	verdict.Reason = submission.State.Value(views.FieldReason, views.FieldReason)
	return fieldError(h.flows.DecideReview(ctx, submission.View.PrivateMetadata, actor, verdict), views.FieldReason)
}

func (h *Handlers) submitReviewAsk(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	text := submission.State.Value(views.FieldReviewQuestion, views.FieldReviewQuestion)
	return fieldError(h.flows.AskHolder(ctx, submission.View.PrivateMetadata, actor, text), views.FieldReviewQuestion)
}

// openReviewAnswer asks the holder for his answer. The submission says whether it still counts.
func (h *Handlers) openReviewAnswer(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	if err := h.flows.MayAnswerReview(ctx, action.Value, actor); err != nil {
		return err
	}
	item, err := db.ReviewItemByID(ctx, h.store, action.Value)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.AccessReviewAnswerModal(item))
	return err
}

func (h *Handlers) submitReviewAnswer(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	text := submission.State.Value(views.FieldReviewAnswer, views.FieldReviewAnswer)
	return fieldError(h.flows.AnswerReview(ctx, submission.View.PrivateMetadata, actor, text), views.FieldReviewAnswer)
}

func (h *Handlers) reviewNotNeeded(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	return h.flows.NotNeeded(ctx, action.Value, actor)
}
