package handlers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

func (h *Handlers) openReviewForm(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	if err := h.flows.MayStartReview(ctx, actor); err != nil {
		return err
	}
	providers, err := db.Providers(ctx, h.store)
	if err != nil {
		return err
	}
	return h.showModal(ctx, action, views.AccessReviewForm(db.NewID("frm"), providers, h.flows.Now()))
}

func (h *Handlers) submitReviewStart(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	plan, err := h.reviewPlan(ctx, submission)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	review, err := h.flows.StartReview(ctx, actor, plan)
	if refusal, ok := flows.Refusal(err); ok {
		return fieldError(err, firstOf(refusal.Field, views.FieldReviewTitle))
	}
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	view, err := h.reviewShown(ctx, review.ID, actor)
	return bot.ViewAnswer{Update: &view}, err
}

// reviewPlan reads the form.
func (h *Handlers) reviewPlan(ctx context.Context, submission bot.Submission) (flows.ReviewPlan, error) {
	one := func(field string) string { return submission.State.Value(field, field) }
	many := func(field string) []string { return submission.State.Values(field, field) }
	plan := flows.ReviewPlan{
		Title: one(views.FieldReviewTitle), Overdue: one(views.FieldReviewOverdue), Channel: one(views.FieldReviewChannel),
		Scope:      db.ReviewScope{Providers: many(views.FieldReviewProviders), Risks: many(views.FieldReviewRisks)},
		Reviewers:  many(views.FieldReviewReviewers),
		Submission: "form:" + submission.View.PrivateMetadata,
	}
	for _, word := range strings.Split(one(views.FieldReviewOthers), ",") {
		if word = strings.TrimSpace(word); word != "" {
			plan.Reviewers = append(plan.Reviewers, word)
		}
	}
	if at, err := strconv.ParseInt(one(views.FieldReviewDue), 10, 64); err == nil {
		plan.Due = time.Unix(at, 0)
	}
	for _, id := range many(views.FieldReviewEntitlements) {
		entitlement, err := db.EntitlementByID(ctx, h.store, id)
		if err != nil {
			return plan, err
		}
		plan.Scope.Entitlements = append(plan.Scope.Entitlements, entitlement.Slug)
	}
	for _, id := range many(views.FieldReviewPeople) {
		p, err := h.people.person(ctx, bot.Person{UserID: id})
		if err != nil {
			return plan, err
		}
		plan.Scope.People = append(plan.Scope.People, p.Email)
	}
	return plan, nil
}
