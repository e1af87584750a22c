package handlers

import (
	"context"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// openApprove asks for what an approval needs beyond the button: a comment, a code, a sign-in.
func (h *Handlers) openApprove(ctx context.Context, action bot.Action, actor string, asks flows.Asks) error {
	if asks.StepUp && asks.Factor == "" {
		return &flows.Error{Text: asks.Why}
	}
	sheet, err := h.sheetOf(ctx, action.Value)
	if err != nil {
		return err
	}
	consent := views.Consent{Comment: asks.Comment, Code: asks.Factor == flows.FactorCode}
	if asks.Factor == flows.FactorSignIn {
		return h.openSignIn(ctx, action, actor, sheet, consent)
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.ApproveModal(action.Value, sheet, consent))
	return err
}

// openSignIn opens the form before the identity provider is asked, because a trigger holds for three seconds only.
func (h *Handlers) openSignIn(ctx context.Context, action bot.Action, actor string, sheet db.Sheet, consent views.Consent) error {
	wait := views.MessageModal("Approve request", "One moment: a sign-in is being prepared.")
	opened, err := h.slack.OpenView(ctx, action.TriggerID, wait)
	if err != nil {
		return err
	}
	row, err := h.flows.BeginSignIn(ctx, actor, action.Value)
	if refusal, ok := flows.Refusal(err); ok {
		_, err = h.slack.UpdateView(ctx, opened.ID, "", views.MessageModal("Approve request", refusal.Text))
		return err
	}
	if err != nil {
		return err
	}
	consent.SignIn = &row
	_, err = h.slack.UpdateView(ctx, opened.ID, "", views.ApproveModal(action.Value, sheet, consent))
	return err
}

// submitApprove decides, with what was filled in and, where the form asked for one, the sign-in.
func (h *Handlers) submitApprove(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	step, signIn := views.ReadApprove(submission.View.PrivateMetadata)
	consent := consentOf(submission.State)
	if consent.SignIn = signIn; signIn != "" {
		row, err := h.flows.CheckSignIn(ctx, signIn, actor)
		if err == nil {
			err = unproven(row)
		}
		if err != nil {
			return inputError(err, submission.View, views.FieldComment)
		}
	}
	return inputError(h.flows.Approve(ctx, step, actor, consent), submission.View, views.FieldComment)
}

// unproven says what is missing of a sign-in, or nil.
func unproven(row db.SignIn) error {
	switch row.Status {
	case db.SignInWaiting:
		return &flows.Error{Text: "You have not signed in yet. Open the sign-in page, finish there, and press this once more."}
	case db.Refused:
		return &flows.Error{Text: row.Error + " Close this and press Approve again."}
	}
	return nil
}

func consentOf(state bot.State) flows.Consent {
	return flows.Consent{
		Comment: strings.TrimSpace(state.Value(views.FieldComment, views.FieldComment)),
		Code:    strings.ReplaceAll(state.Value(views.FieldCode, views.FieldCode), " ", ""),
	}
}
