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
		return slack.ModalViewRequest{}, &flows.Error{Text: "This step is not there any more."}
	}
	step := map[string]any{}
	if state.Step < len(steps) {
		step = steps[state.Step]
	}
	return views.AdminStepModal(h.filled(ctx, state, views.StepFields(), unfoldedStep(step))), nil
}

// typedSteps reads the draft of a chain with what stands in the fields above its steps.
func (h *Handlers) typedSteps(ctx context.Context, p adminPress) (db.ConfigDraft, error) {
	draft, err := h.draft(ctx, p.actor, p.state)
	if err == nil {
		draft.Content, err = typedInto(draft, p.Action.State)
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
	p.state.Screen, p.state.Step = views.AdminAtStep, len(stepMaps(draft.Content["steps"]))
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
		return slack.ModalViewRequest{}, &flows.Error{Text: "This step is not there any more."}
	}
	switch {
	case what == "remove":
		steps = slices.Delete(steps, at, at+1)
	case what == "up" && at > 0:
		steps[at-1], steps[at] = steps[at], steps[at-1]
	case what == "down" && at+1 < len(steps):
		steps[at+1], steps[at] = steps[at], steps[at+1]
	case what == "edit":
		p.state.Screen, p.state.Step = views.AdminAtStep, at
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
	steps := stepMaps(draft.Content["steps"])
	if state.Step > len(steps) {
		return bot.ViewAnswer{}, &flows.Error{Text: "This step is not there any more."}
	}
	step := map[string]any{}
	if state.Step < len(steps) {
		step = unfoldedStep(steps[state.Step])
	} else {
		steps = append(steps, nil)
	}
	if err := takeTyped(step, views.StepFields(), submission.State); err != nil {
		return bot.ViewAnswer{}, err
	}
	if textOf(step["name"]) == "" {
		step["name"] = fmt.Sprintf("Step %d", state.Step+1)
	}
	steps[state.Step] = pruned(foldedStep(step))
	draft.Content = maps.Clone(draft.Content)
	draft.Content["steps"] = stepList(steps)
	if block, text, err := h.wrongStep(ctx, actor, draft, submission, state.Step); err != nil || text != "" {
		return bot.ViewAnswer{Errors: map[string]string{block: text}}, err
	}
	if err := h.keepDraft(ctx, draft); err != nil {
		return bot.ViewAnswer{}, err
	}
	state.Screen = views.AdminAtSteps
	view, err := h.adminView(ctx, actor, state, "")
	return bot.ViewAnswer{Update: &view}, err
}

// wrongStep says at which field of a step what is wrong. What else of the chain is not right yet is told later.
func (h *Handlers) wrongStep(ctx context.Context, actor string, draft db.ConfigDraft, submission bot.Submission, at int) (block, text string, err error) {
	edit := editOf(draft)
	if edit.Slug == "" {
		edit.Values["slug"] = "draft-" + strings.TrimPrefix(draft.ID, "dft_")
	}
	_, err = h.flows.AdminPreview(ctx, actor, edit)
	refusal, ok := flows.Refusal(err)
	if !ok {
		return "", "", err
	}
	own := fmt.Sprintf("steps.%d", at+1)
	if refusal.Field != own && !strings.HasPrefix(refusal.Field, own+".") {
		return "", "", nil
	}
	return fieldBlock(submission, own, refusal.Field), refusal.Text, nil
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
	if draft.Content, err = typedInto(draft, submission.State); err != nil {
		return bot.ViewAnswer{}, err
	}
	if _, some := draft.Content["steps"]; !some {
		draft.Content["steps"] = []any{}
	}
	if err := h.keepDraft(ctx, draft); err != nil {
		return bot.ViewAnswer{}, err
	}
	_, err = h.flows.AdminPreview(ctx, actor, editOf(draft))
	refusal, ok := flows.Refusal(err)
	switch {
	case ok && strings.HasPrefix(refusal.Field, "steps"):
		view, err := h.stepsView(ctx, actor, state, refusal.Text)
		return bot.ViewAnswer{Update: &view}, err
	case ok && refusal.Field != "":
		return bot.ViewAnswer{Errors: map[string]string{fieldBlock(submission, "", refusal.Field): refusal.Text}}, nil
	case err != nil && !ok:
		return bot.ViewAnswer{}, err
	}
	state.Screen = views.AdminAtReview
	view, err := h.adminView(ctx, actor, state, "")
	return bot.ViewAnswer{Update: &view}, err
}

// fieldBlock finds the block of the form that a mistake is about: the field whose key comes nearest to the key of the
// mistake, below a key that the whole form is about.
func fieldBlock(submission bot.Submission, below, key string) string {
	key = strings.TrimPrefix(strings.TrimPrefix(key, below), ".")
	for _, alias := range [][2]string{
		{"on_timeout.escalate", "late_to"},
		{"on_timeout.reassign", "late_to"},
		{"on_timeout", "late"},
		{"comment", "flags"},
		{"step_up", "flags"},
		{"same_person", "flags"},
		{"self", "flags"},
		{"fixed", "flags"},
	} {
		if rest, is := strings.CutSuffix(key, alias[0]); is && (rest == "" || strings.HasSuffix(rest, ".")) {
			key = rest + alias[1]
			break
		}
	}
	for {
		if _, shown := submission.State[views.AdminBlock(key)]; shown {
			return views.AdminBlock(key)
		}
		up := strings.LastIndex(key, ".")
		if up < 0 {
			break
		}
		key = key[:up]
	}
	for block := range submission.State { // a field that is a part of what the mistake is about
		if strings.HasPrefix(block, views.AdminBlock(key)+".") {
			return block
		}
	}
	return views.AdminBlock(key)
}
