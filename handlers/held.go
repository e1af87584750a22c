package handlers

import (
	"context"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerHeld is the journey of deciding on many changes of a directory at once: all, some or none.
func (h *Handlers) registerHeld(router *bot.Router) {
	router.Action(views.ActionHeldApproveAll, h.heldApproveAll)
	router.Submission(views.CallbackHeldApprove, h.submitHeldApprove)
	router.Action(views.ActionHeldDenyAll, h.openHeldDeny)
	router.Submission(views.CallbackHeldDeny, h.submitHeldDeny)
	router.Action(views.ActionHeldChoose, h.openHeldChoose)
	router.Submission(views.CallbackHeldChoose, h.submitHeldChoose)
	router.Action(views.ActionHeldShow, h.openHeldList)
	router.Action(views.ActionHeldBefore, h.turnHeldList)
	router.Action(views.ActionHeldAfter, h.turnHeldList)
}

// heldApproveAll approves all that waits for this person, at once where nothing is asked for besides.
func (h *Handlers) heldApproveAll(ctx context.Context, action bot.Action) error {
	actor, sheet, asks, err := h.heldDesk(ctx, action)
	if err != nil {
		return err
	}
	if asks.Comment || asks.Code {
		_, err = h.slack.OpenView(ctx, action.TriggerID, views.HeldApproveModal(sheet, asks))
		return err
	}
	return h.flows.DecideTogether(ctx, actor, flows.Together{RequestID: action.Value, Approve: itemsOf(sheet)})
}

func (h *Handlers) submitHeldApprove(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	sheet, err := db.ReadSheet(ctx, h.store, submission.View.PrivateMetadata)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	return h.submitTogether(ctx, submission, flows.Together{Approve: itemsOf(sheet)})
}

func (h *Handlers) openHeldDeny(ctx context.Context, action bot.Action) error {
	_, sheet, _, err := h.heldDesk(ctx, action)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.HeldDenyModal(sheet))
	return err
}

func (h *Handlers) submitHeldDeny(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	return h.submitTogether(ctx, submission, flows.Together{Deny: true})
}

func (h *Handlers) openHeldChoose(ctx context.Context, action bot.Action) error {
	_, sheet, asks, err := h.heldDesk(ctx, action)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.HeldChooseModal(sheet, asks))
	return err
}

func (h *Handlers) submitHeldChoose(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	var chosen []string
	for n := range views.HeldBoxes {
		chosen = append(chosen, submission.State.Values(views.HeldBox(n), views.HeldBox(n))...)
	}
	deny := submission.State.Value(views.FieldHeldOthers, views.FieldHeldOthers) == views.HeldDeny
	return h.submitTogether(ctx, submission, flows.Together{Approve: chosen, Deny: deny})
}

// submitTogether decides with what a modal was filled in with.
func (h *Handlers) submitTogether(ctx context.Context, submission bot.Submission, decided flows.Together) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	decided.RequestID, decided.Consent = submission.View.PrivateMetadata, consentOf(submission.State)
	decided.Reason = strings.TrimSpace(submission.State.Value(views.FieldReason, views.FieldReason))
	return inputError(h.flows.DecideTogether(ctx, actor, decided), submission.View, firstInput(submission.View))
}

// firstInput is the first field of a form.
func firstInput(form slack.View) string {
	for _, block := range form.Blocks.BlockSet {
		if input, is := block.(*slack.InputBlock); is {
			return input.BlockID
		}
	}
	return ""
}

// openHeldList shows all that a request would change to whoever can see the card.
func (h *Handlers) openHeldList(ctx context.Context, action bot.Action) error {
	modal, err := h.heldList(ctx, action.By, views.ListAt{Of: action.Value})
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, modal)
	return err
}

// turnHeldList shows another page of the list that is open.
func (h *Handlers) turnHeldList(ctx context.Context, action bot.Action) error {
	return h.turnList(ctx, action, h.heldList)
}

func (h *Handlers) heldList(ctx context.Context, by bot.Person, at views.ListAt) (slack.ModalViewRequest, error) {
	if _, err := h.actor(ctx, by); err != nil {
		return slack.ModalViewRequest{}, err
	}
	sheet, err := db.ReadSheet(ctx, h.store, at.Of)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return views.HeldListModal(sheet, at.Page)
}

// turnList shows another page of a list that is open in a modal.
func (h *Handlers) turnList(ctx context.Context, action bot.Action, list func(context.Context, bot.Person, views.ListAt) (slack.ModalViewRequest, error)) error {
	if action.View == nil {
		return nil
	}
	at := views.ReadListAt(action.View.PrivateMetadata)
	at.Page, _ = strconv.Atoi(action.Value) // what is no number is the first page
	modal, err := list(ctx, action.By, at)
	if err != nil {
		return err
	}
	_, err = h.slack.UpdateView(ctx, action.View.ID, action.View.Hash, modal)
	return err
}

// heldDesk reads a request for somebody who may decide on some of it now, and what his approval needs.
func (h *Handlers) heldDesk(ctx context.Context, action bot.Action) (string, db.Sheet, views.Consent, error) {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return "", db.Sheet{}, views.Consent{}, err
	}
	asks, err := h.flows.TogetherAsks(ctx, action.Value, actor)
	if err != nil {
		return "", db.Sheet{}, views.Consent{}, err
	}
	if asks.StepUp && asks.Factor != flows.FactorCode {
		return "", db.Sheet{}, views.Consent{}, &flows.Error{Text: firstOf(asks.Why, "Many changes at once can be approved with a code of an authenticator app only. Set one up in Usher's Home.")}
	}
	sheet, err := db.ReadSheet(ctx, h.store, action.Value)
	return actor, sheet, views.Consent{Comment: asks.Comment, Code: asks.StepUp}, err
}

func itemsOf(sheet db.Sheet) []string {
	ids := make([]string, 0, len(sheet.Items))
	for _, item := range sheet.Items {
		ids = append(ids, item.ID)
	}
	return ids
}
