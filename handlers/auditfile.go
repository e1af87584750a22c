package handlers

import (
	"bytes"
	"context"
	"errors"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/audit"
	"github.com/usherhq/usher/handlers/views"
)

// audit hands an admin or an auditor the audit log, of one request or whole, as a CSV file in a direct message.
func (h *Handlers) audit(ctx context.Context, by bot.Person, requestID string) (bot.Answer, error) {
	p, err := h.me(ctx, by)
	if err != nil {
		return bot.Answer{}, err
	}
	role, err := h.flows.RoleOf(ctx, h.store, p)
	if err != nil {
		return bot.Answer{}, err
	}
	if !role.Admin && !role.Auditor {
		return bot.Answer{}, &flows.Error{Text: "Only admins and auditors can export the audit log. They are named under admins: and auditors: in the configuration."}
	}
	if requestID != "" {
		if _, err := db.RequestByID(ctx, h.store, requestID); errors.Is(err, db.ErrNotFound) {
			return bot.Answer{}, &flows.Error{Text: "There is no request " + requestID + "."}
		} else if err != nil {
			return bot.Answer{}, err
		}
	}
	var file bytes.Buffer
	if err := audit.Export(ctx, h.store, db.AuditFilter{Request: requestID}, "csv", &limited{w: &file, left: auditFileLimit}); err != nil {
		if errors.Is(err, errTooLarge) {
			return bot.Answer{}, &flows.Error{Text: "The log is too large for Slack. Name a request (/access audit ID), or run `usher audit export` on the server."}
		}
		return bot.Answer{}, err
	}
	channel, err := h.slack.OpenDM(ctx, p.SlackID)
	if err != nil {
		return bot.Answer{}, err
	}
	if err := h.slack.UploadFile(ctx, channel, "", "usher-audit.csv", &file, file.Len()); err != nil {
		return bot.Answer{}, err
	}
	return answer(views.Refusal("The audit log is in our direct message as usher-audit.csv.")), nil
}
