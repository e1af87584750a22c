package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// errNoStep is what a step fails with that somebody took away in another window.
var errNoStep = &flows.Error{Text: "This step is not there any more."}

// stepsView is an approval chain as an ordered list.
func (h *Handlers) stepsView(ctx context.Context, actor string, state views.AdminState, problem string) (slack.ModalViewRequest, error) {
	draft, err := h.draft(ctx, actor, state)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	form := h.filled(ctx, state, views.AdminFields(state.Kind, views.AdminRoom{}), draft.Content)
	return views.AdminStepsModal(views.AdminSteps{Form: form, Steps: stepsIn(draft.Content["steps"]), Problem: problem}), nil
}

// stepView is the form of one step: one of the draft's, or a new one behind them.
func (h *Handlers) stepView(ctx context.Context, actor string, state views.AdminState) (slack.ModalViewRequest, error) {
	draft, err := h.draft(ctx, actor, state)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	steps := stepMaps(draft.Content["steps"])
	if state.Step > len(steps) {
		return slack.ModalViewRequest{}, errNoStep
	}
	step := map[string]any{}
	if state.Step < len(steps) {
		step = steps[state.Step]
	}
	values := map[string]any{"step": unfoldedStep(step)}
	return views.AdminStepModal(h.filled(ctx, state, views.StepFields(), values)), nil
}

// typedSteps reads the draft of a chain with what stands in the fields above its steps.
func (h *Handlers) typedSteps(ctx context.Context, p adminPress) (db.ConfigDraft, error) {
	draft, err := h.draft(ctx, p.actor, p.state)
	if err == nil {
		draft.Content, err = typedInto(draft, p.state, p.Action.State)
	}
	return draft, err
}

// addStep opens the form of a new step; the chain has it once it is done.
func (h *Handlers) addStep(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	draft, err := h.typedSteps(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if err := h.keepDraft(ctx, draft); err != nil {
		return slack.ModalViewRequest{}, err
	}
	p.state.Screen, p.state.Step, p.state.Round = views.AdminAtStep, len(stepMaps(draft.Content["steps"])), p.state.Round+1
	return h.stepView(ctx, p.actor, p.state)
}

// changeStep edits, moves or removes one step of the draft.
func (h *Handlers) changeStep(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	draft, err := h.typedSteps(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	steps := stepMaps(draft.Content["steps"])
	what, number, _ := strings.Cut(p.Selected, ".")
	at, err := strconv.Atoi(number)
	if err != nil || at < 0 || at >= len(steps) {
		return slack.ModalViewRequest{}, errNoStep
	}
	switch {
	case what == "remove":
		steps = slices.Delete(steps, at, at+1)
	case what == "up" && at > 0:
		steps[at-1], steps[at] = steps[at], steps[at-1]
	case what == "down" && at+1 < len(steps):
		steps[at+1], steps[at] = steps[at], steps[at+1]
	case what == "edit":
		p.state.Screen, p.state.Step, p.state.Round = views.AdminAtStep, at, p.state.Round+1
	}
	draft.Content["steps"] = stepList(steps)
	if err := h.keepDraft(ctx, draft); err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.adminView(ctx, p.actor, p.state, "")
}

// submitAdminStep puts a step into the draft; what is wrong with it is said at its field.
func (h *Handlers) submitAdminStep(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, state, err := h.adminSubmission(ctx, submission)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	draft, err := h.draft(ctx, actor, state)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	if draft.Content, err = withStep(draft.Content, state, submission.State); err != nil {
		return bot.ViewAnswer{}, err
	}
	if block, text, err := h.wrongStep(ctx, actor, draft, submission, state); err != nil || text != "" {
		return bot.ViewAnswer{Errors: map[string]string{block: text}}, err
	}
	if err := h.keepDraft(ctx, draft); err != nil {
		return bot.ViewAnswer{}, err
	}
	state.Screen = views.AdminAtSteps
	view, err := h.adminView(ctx, actor, state, "")
	return bot.ViewAnswer{Update: &view}, err
}

// withStep is a chain with the step that its form holds, in its place or behind the others.
func withStep(chain map[string]any, state views.AdminState, typed bot.State) (map[string]any, error) {
	steps := stepMaps(chain["steps"])
	if state.Step > len(steps) {
		return nil, errNoStep
	}
	if state.Step == len(steps) {
		steps = append(steps, nil)
	}
	step, err := typedStep(steps[state.Step], state, typed)
	if err != nil {
		return nil, err
	}
	steps[state.Step], chain = step, maps.Clone(chain)
	if chain == nil {
		chain = map[string]any{}
	}
	chain["steps"] = stepList(steps)
	return chain, nil
}

// typedStep is a step with what its form holds.
func typedStep(step map[string]any, state views.AdminState, typed bot.State) (map[string]any, error) {
	values := map[string]any{"step": unfoldedStep(step)}
	if err := takeTyped(values, state, views.StepFields(), typed); err != nil {
		return nil, err
	}
	step, _ = values["step"].(map[string]any)
	if textOf(step["name"]) == "" {
		step["name"] = fmt.Sprintf("Step %d", state.Step+1)
	}
	return pruned(foldedStep(step)), nil
}

// submitAdminSteps shows what a changed chain does.
func (h *Handlers) submitAdminSteps(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, state, err := h.adminSubmission(ctx, submission)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	draft, err := h.draft(ctx, actor, state)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	if draft.Content, err = typedInto(draft, state, submission.State); err != nil {
		return bot.ViewAnswer{}, err
	}
	if _, some := draft.Content["steps"]; !some {
		draft.Content["steps"] = []any{}
	}
	_, err = h.flows.AdminPreview(ctx, actor, editOf(draft))
	return h.reviewOrMend(ctx, actor, state, draft, submission, err)
}
