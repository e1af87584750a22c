package handlers

import (
	"context"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// why explains why a request stands as it stands: /access why ID.
func (h *Handlers) why(ctx context.Context, by bot.Person, requestID string) (bot.Answer, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	told, err := h.flows.Explain(ctx, requestID, actor)
	if err != nil {
		return bot.Answer{}, err
	}
	return answer(views.Why(explained(told), h.flows.Now())), nil
}

// openWhy explains the request of a step in a modal.
func (h *Handlers) openWhy(ctx context.Context, action bot.Action, stepID string) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	step, err := db.StepByID(ctx, h.store, stepID)
	if err != nil {
		return err
	}
	told, err := h.flows.Explain(ctx, step.RequestID, actor)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.WhyModal(explained(told), h.flows.Now()))
	return err
}

// explained is an explanation in the words of the views.
func explained(told flows.Explanation) views.Explanation {
	out := views.Explanation{Sheet: told.Sheet}
	for _, item := range told.Items {
		one := views.ExplainedItem{Item: item.Item, Why: item.Why, Next: item.Next, Will: item.Will, Lapses: item.Lapses, Not: item.Not}
		for _, step := range item.Steps {
			one.Steps = append(one.Steps, views.ExplainedStep{
				Step: step.Step, Stands: step.Stands, People: explainedPeople(step.People), Barred: explainedPeople(step.Barred), Hops: step.Hops,
			})
		}
		out.Items = append(out.Items, one)
	}
	return out
}

func explainedPeople(people []flows.Decider) []views.ExplainedPerson {
	out := make([]views.ExplainedPerson, 0, len(people))
	for _, one := range people {
		out = append(out, views.ExplainedPerson{Person: one.Person, For: one.For, Why: one.Why})
	}
	return out
}

// what says what would happen if somebody asked: /access what ENTITLEMENT [DURATION].
func (h *Handlers) what(ctx context.Context, by bot.Person, text string) (bot.Answer, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	form := views.NewRequestForm()
	if err := h.prefill(ctx, actor, text, &form); err != nil {
		return bot.Answer{}, err
	}
	h.apply(ctx, actor, &form)
	return answer(views.What(form.Picks[0])), nil
}
