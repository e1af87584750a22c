package handlers

import (
	"context"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// command answers /access: the first word says what, nothing opens the request modal, and what makes no sense gets
// the help.
func (h *Handlers) command(ctx context.Context, command bot.Command) (bot.Answer, error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(h.typed(ctx, command.Text)), " ")
	word, rest = strings.ToLower(word), strings.TrimSpace(rest)
	if missing := incomplete[word]; missing != "" && rest == "" {
		return bot.Answer{}, &flows.Error{Text: missing}
	}
	switch word {
	case "", "request":
		return bot.Answer{}, h.openRequest(ctx, command.By, command.TriggerID, command.ChannelID, rest)
	case "mine":
		return h.mine(ctx, command.By)
	case "approvals":
		return h.approvals(ctx, command.By)
	case "status":
		return h.status(ctx, command.By, rest)
	case "extend":
		return bot.Answer{}, h.openExtend(ctx, command.By, command.TriggerID, rest)
	case "return":
		if err := h.giveBack(ctx, command.By, rest); err != nil {
			return bot.Answer{}, err
		}
		return answer(views.Refusal("It is being taken back now. You are told when it is gone.")), nil
	case "cancel":
		return h.cancel(ctx, command.By, rest)
	case "revoke":
		return bot.Answer{}, h.openRevoke(ctx, command.By, command.TriggerID, rest)
	case "away":
		return bot.Answer{}, h.openAway(ctx, command.By, command.TriggerID)
	case "who":
		return h.who(ctx, command.By, rest)
	case "why":
		return h.why(ctx, command.By, rest)
	case "what":
		return h.what(ctx, command.By, rest)
	case "admin":
		return bot.Answer{}, h.openAdmin(ctx, command.By, command.TriggerID)
	case "directory":
		return bot.Answer{}, h.openDrift(ctx, command.By, command.TriggerID, rest)
	case "reviews":
		return bot.Answer{}, h.reviews(ctx, command)
	case "audit":
		return h.audit(ctx, command.By, rest)
	}
	return answer(views.Help()), nil
}

// incomplete says what is missing of a sub-command that stands alone.
var incomplete = map[string]string{
	"status": "Say which request: /access status ID. /access mine lists yours.",
	"cancel": "Say which request: /access cancel ID. /access mine lists yours.",
	"extend": "Say which access: /access extend ID. /access mine lists what you hold.",
	"return": "Say which access: /access return ID. /access mine lists what you hold.",
	"revoke": "Say which access: /access revoke ID. /access who ENTITLEMENT lists who holds it.",
	"who":    "Say which access: /access who ENTITLEMENT.",
	"why":    "Say which request: /access why ID. /access mine lists yours.",
	"what":   "Say which access: /access what ENTITLEMENT [DURATION].",
}

func answer(message views.Message) bot.Answer {
	return bot.Answer{Text: message.Text, Blocks: message.Blocks}
}

// cancel takes a request back: /access cancel ID.
func (h *Handlers) cancel(ctx context.Context, by bot.Person, id string) (bot.Answer, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	if err := h.flows.Cancel(ctx, id, actor); err != nil {
		return bot.Answer{}, err
	}
	return answer(views.Refusal("Cancelled " + id + ".")), nil
}

// status shows where a request stands: /access status ID. The requester, the holder, who may decide and admins see it.
func (h *Handlers) status(ctx context.Context, by bot.Person, id string) (bot.Answer, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	sheet, err := h.flows.SheetFor(ctx, id, actor)
	if err != nil {
		return bot.Answer{}, err
	}
	return answer(views.Status(sheet, actor, h.flows.Now())), nil
}

// who lists the holders of an entitlement: /access who ENTITLEMENT.
func (h *Handlers) who(ctx context.Context, by bot.Person, name string) (bot.Answer, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	entitlement, err := h.flows.FindEntitlement(ctx, actor, name)
	if err != nil {
		return bot.Answer{}, err
	}
	grants, err := h.flows.Holders(ctx, entitlement, actor)
	if err != nil {
		return bot.Answer{}, err
	}
	return answer(views.Who(entitlement, grants, h.flows.Now())), nil
}
