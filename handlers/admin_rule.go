package handlers

import (
	"context"
	"time"

	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// rulePatience is how long a review counts whom a rule concerns: Slack waits for three seconds in all.
const rulePatience = 1500 * time.Millisecond

// reviewRule adds who would gain and who would lose by a birthright.
func (h *Handlers) reviewRule(ctx context.Context, actor string, review *views.AdminReview, edit flows.AdminEdit) error {
	counting, stop := context.WithTimeout(ctx, rulePatience)
	defer stop()
	found, err := h.flows.AdminPreviewRule(counting, actor, edit)
	if _, refused := flows.Refusal(err); refused {
		return nil // what is wrong is said already
	}
	switch {
	case err != nil && counting.Err() != nil && ctx.Err() == nil:
		review.Rule = &views.AdminRule{Uncounted: true}
	case err != nil:
		return err
	default:
		review.Rule = &views.AdminRule{
			Gain: found.Gain, Lose: found.Lose, Gains: found.Gains, Losses: found.Losses,
			NotGiven: found.NotGiven, WithoutAnAnswer: found.WithoutAnAnswer,
		}
	}
	return nil
}
