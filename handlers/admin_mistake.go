package handlers

import (
	"context"
	"fmt"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers/views"
)

// reviewOrMend keeps a draft and goes on to its review; what is wrong with it is said where it was typed.
func (h *Handlers) reviewOrMend(
	ctx context.Context, actor string, state views.AdminState, draft db.ConfigDraft, submission bot.Submission, wrong error,
) (bot.ViewAnswer, error) {
	refusal, refused := flows.Refusal(wrong)
	if wrong != nil && !refused {
		return bot.ViewAnswer{}, wrong
	}
	notice, inSteps := "", refused && state.Kind == config.KindApprovalChain && strings.HasPrefix(refusal.Field, "steps")
	if refused && refusal.Field != "" && !inSteps {
		return bot.ViewAnswer{Errors: map[string]string{fieldBlock(submission, state, "", refusal.Field): refusal.Text}}, nil
	}
	if err := h.keepDraft(ctx, draft); err != nil {
		return bot.ViewAnswer{}, err
	}
	if state.Screen = views.AdminAtReview; refused && !h.outrun(ctx, actor, draft) {
		state.Screen, notice = editor(state.Kind), refusal.Text
	}
	view, err := h.adminView(ctx, actor, state, notice)
	return bot.ViewAnswer{Update: &view}, err
}

// wrongStep says at which field of a step what is wrong. What else of the chain is not right yet is told later.
func (h *Handlers) wrongStep(ctx context.Context, actor string, draft db.ConfigDraft, submission bot.Submission, state views.AdminState) (block, text string, err error) {
	edit := editOf(draft)
	if edit.Slug == "" {
		edit.Values["slug"] = "draft-" + strings.TrimPrefix(draft.ID, "dft_")
	}
	_, err = h.flows.AdminPreview(ctx, actor, edit)
	refusal, ok := flows.Refusal(err)
	if !ok {
		return "", "", err
	}
	own := fmt.Sprintf("steps.%d", state.Step+1)
	if refusal.Field != own && !strings.HasPrefix(refusal.Field, own+".") {
		return "", "", nil
	}
	return fieldBlock(submission, state, "step", strings.TrimPrefix(refusal.Field, own)), refusal.Text, nil
}

// fieldBlock finds the block of the form that a mistake is about: the field whose key comes nearest to the key of the
// mistake. Below is the key below which the form has the mistake's keys.
func fieldBlock(submission bot.Submission, state views.AdminState, below, key string) string {
	key = stepField(strings.Trim(below+"."+strings.Trim(key, "."), "."))
	whole := key
	for key != "" {
		if _, shown := submission.State[state.Block(key)]; shown {
			return state.Block(key)
		}
		key = key[:max(0, strings.LastIndex(key, "."))]
	}
	for _, block := range submission.View.Blocks.BlockSet { // the first field that is a part of what the mistake is about
		if strings.HasPrefix(block.ID(), views.FieldAdmin+":"+whole+".") {
			return block.ID()
		}
	}
	return state.Block(whole)
}

// stepField is the key of the field that stands for a key in the form of a step.
func stepField(key string) string {
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
		if before, is := strings.CutSuffix(key, "step."+alias[0]); is {
			return before + "step." + alias[1]
		}
	}
	return key
}
