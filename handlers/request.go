package handlers

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerRequest is the journey of asking: open the form, find the access, see what applies, send it.
func (h *Handlers) registerRequest(router *bot.Router) {
	for number := 1; number <= views.MaxPicks; number++ {
		field := views.Pick{Number: number}.EntitlementBlock()
		router.Suggestion(field, h.suggestEntitlements)
		router.Action(field, h.redrawRequest)
	}
	router.Action(views.ActionRequestOpen, func(ctx context.Context, action bot.Action) error {
		return h.openRequest(ctx, action.By, action.TriggerID, action.ChannelID, "")
	})
	router.Action(views.ActionRequestSubject, h.redrawRequest)
	router.Action(views.ActionRequestEmergency, h.redrawRequest)
	router.Action(views.ActionRequestAdd, h.redrawRequest)
	router.Action(views.ActionRequestRemove, h.redrawRequest)
	router.Submission(views.CallbackRequest, h.submitRequest)
}

// requestShortcut opens the form from the shortcut menu.
func (h *Handlers) requestShortcut(ctx context.Context, shortcut bot.Shortcut) error {
	return h.openRequest(ctx, shortcut.By, shortcut.TriggerID, shortcut.ChannelID, "")
}

// openRequest opens the form, filled in as far as the command says: /access request [entitlement] [duration]
// [because …].
func (h *Handlers) openRequest(ctx context.Context, by bot.Person, trigger, channel, text string) error {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return err
	}
	form := views.NewRequestForm()
	form.Channel = channel
	if form.Choices, err = h.flows.DurationChoices(ctx, actor); err != nil {
		return err
	}
	if text != "" {
		if err := h.prefill(ctx, actor, text, &form); err != nil {
			return err
		}
	}
	h.apply(ctx, actor, &form)
	_, err = h.slack.OpenView(ctx, trigger, views.RequestModal(form))
	return err
}

// because splits a command's reason off, and durationWord finds a duration at the end of the rest.
var (
	because      = regexp.MustCompile(`(?i)\s*\bbecause\b\s*`)
	durationWord = regexp.MustCompile(`(?i)\s+(?:for\s+)?([0-9][0-9smhdw]*)$`)
)

func (h *Handlers) prefill(ctx context.Context, actor, text string, form *views.RequestForm) error {
	if at := because.FindStringIndex(text); at != nil {
		form.Reason, text = strings.TrimSpace(text[at[1]:]), text[:at[0]]
	}
	pick := &form.Picks[0]
	text = " " + text
	if found := durationWord.FindStringSubmatchIndex(text); found != nil {
		if parsed, err := db.ParseDuration(text[found[2]:found[3]]); err == nil {
			pick.Duration, text = parsed, text[:found[0]]
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	entitlement, err := h.flows.FindEntitlement(ctx, actor, text)
	pick.EntitlementID = entitlement.ID
	return err
}

// suggestEntitlements offers what the typed text finds in the catalogue.
func (h *Handlers) suggestEntitlements(ctx context.Context, suggestion bot.Suggestion) (bot.Choices, error) {
	actor, err := h.actor(ctx, suggestion.By)
	if err != nil {
		return bot.Choices{}, err
	}
	found, err := h.flows.Catalogue(ctx, actor, suggestion.Typed)
	if err != nil {
		return bot.Choices{}, err
	}
	return bot.Choices{Options: views.EntitlementOptions(found)}, nil
}

// redrawRequest draws the form anew after a choice in it.
func (h *Handlers) redrawRequest(ctx context.Context, action bot.Action) error {
	if action.View == nil {
		return errors.New("a field of the request form came without its form")
	}
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	form, err := views.ReadRequestForm(*action.View)
	if err != nil {
		return err
	}
	switch action.ActionID {
	case views.ActionRequestAdd:
		form = form.Add()
	case views.ActionRequestRemove:
		form = form.Remove(action.Value)
	}
	if form.Choices, err = h.flows.DurationChoices(ctx, actor); err != nil {
		return err
	}
	h.apply(ctx, actor, &form)
	_, err = h.slack.UpdateView(ctx, action.View.ID, action.View.Hash, views.RequestModal(form))
	if errors.Is(err, bot.ErrConflict) || errors.Is(err, bot.ErrNotFound) {
		return nil // a newer choice is on its way, or the form was closed
	}
	return err
}

// apply looks up what applies to each chosen entitlement.
func (h *Handlers) apply(ctx context.Context, actor string, form *views.RequestForm) {
	subject := h.subject(ctx, form.Subject)
	for n := range form.Picks {
		pick := &form.Picks[n]
		if pick.EntitlementID == "" {
			continue
		}
		applies, err := h.applies(ctx, flows.Ask{By: actor, For: subject, StartsAt: form.Start, Emergency: form.Emergency}, *pick)
		if err != nil {
			h.log.WarnContext(ctx, "look up what applies", "entitlement", pick.EntitlementID, "error", err)
		}
		pick.Applies = &applies
		if pick.Duration == 0 {
			pick.Duration = applies.Entitlement.Durations.Default
		}
	}
}

// applies says what a person should know of an entitlement before asking for it. A refusal is part of the answer.
func (h *Handlers) applies(ctx context.Context, ask flows.Ask, pick views.Pick) (views.Applies, error) {
	entitlement, err := db.EntitlementByID(ctx, h.store, pick.EntitlementID)
	if err != nil {
		return views.Applies{Refusal: "This access is no longer offered. Choose another."}, err
	}
	wanted := pick.Duration
	if wanted == 0 {
		wanted = entitlement.Durations.Default
	}
	ask.Items = []flows.AskItem{{EntitlementID: pick.EntitlementID, Duration: wanted}}
	preview, err := h.flows.Preview(ctx, ask)
	applies := views.Applies{
		Entitlement: entitlement, Plan: preview.Plan, Rule: preview.Rule, Ruled: preview.Ruled, Denied: preview.Denied,
		Conflicts: preview.Conflicts, Emergency: preview.Emergency,
	}
	if refusal, ok := flows.Refusal(err); ok {
		applies.Refusal = refusal.Text
		return applies, nil
	}
	for _, step := range preview.Steps {
		decider := views.Decider{Spec: step.Spec, Need: step.Need, Hops: step.Hops, Skipped: step.Skipped}
		for _, approver := range step.Approvers {
			decider.People = append(decider.People, *approver.Person)
		}
		applies.Deciders = append(applies.Deciders, decider)
	}
	if preview.Held != nil {
		applies.HeldUntil = preview.Held.ExpiresAt
	}
	return applies, err
}

// subject is the person id of a Slack user id in the form; empty is oneself.
func (h *Handlers) subject(ctx context.Context, slackID string) string {
	if slackID == "" {
		return ""
	}
	p, err := h.people.person(ctx, bot.Person{UserID: slackID})
	if err != nil {
		return ""
	}
	return p.ID
}

// submitRequest sends the form. What is wrong is said at the field it is about.
func (h *Handlers) submitRequest(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	form, err := views.ReadRequestForm(submission.View)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	ask := flows.Ask{
		By: actor, Reason: strings.TrimSpace(form.Reason), StartsAt: form.Start, Emergency: form.Emergency,
		Submission: "view:" + submission.View.ID,
	}
	if form.Subject != "" {
		subject, err := h.people.person(ctx, bot.Person{UserID: form.Subject})
		if err != nil {
			return bot.ViewAnswer{}, err
		}
		ask.For = subject.ID
	}
	for _, pick := range form.Picks {
		ask.Items = append(ask.Items, flows.AskItem{EntitlementID: pick.EntitlementID, Duration: pick.Duration})
	}
	_, err = h.flows.Request(ctx, ask)
	if refusal, ok := flows.Refusal(err); ok && refusal.Field != "" {
		return bot.ViewAnswer{Errors: map[string]string{blockOf(form, refusal, submission.View): refusal.Text}}, nil
	}
	return bot.ViewAnswer{}, err
}

// blockOf names the input of the form that a refusal is about.
func blockOf(form views.RequestForm, refusal *flows.Error, view slack.View) string {
	pick := form.Picks[min(refusal.Item, len(form.Picks)-1)]
	switch refusal.Field {
	case flows.FieldFor:
		return views.ActionRequestSubject
	case flows.FieldStart:
		return views.ActionRequestStart
	case flows.FieldReason:
		return views.ActionRequestReason
	case flows.FieldEmergency:
		return views.ActionRequestEmergency // it is ticked, so it is shown
	case flows.FieldDuration:
		if block := shownDuration(view, pick); block != "" {
			return block
		}
	}
	return pick.EntitlementBlock()
}

// shownDuration is the id of the pick's Duration field as the person sees it: a choice that was not redrawn yet still
// stands under the id of the one before.
func shownDuration(view slack.View, pick views.Pick) string {
	for _, block := range view.Blocks.BlockSet {
		if input, ok := block.(*slack.InputBlock); ok && input.BlockID == pick.DurationBlock() {
			return input.BlockID
		}
	}
	for _, block := range view.Blocks.BlockSet {
		if input, ok := block.(*slack.InputBlock); ok && strings.HasPrefix(input.BlockID, views.ActionRequestDuration) {
			return input.BlockID
		}
	}
	return ""
}
