package handlers

import (
	"context"
	"errors"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// tell is the one place where an error becomes words for the person who acted. A refusal says itself what to do; all
// else is one neutral sentence with the reference under which the log has it.
func (h *Handlers) tell(_ context.Context, _ bot.Person, where bot.Surface, err error) {
	refusal, ok := flows.Refusal(err)
	switch {
	case ok && (where.Kind == bot.SurfaceSubmission || where.Kind == bot.SurfaceSuggestion):
		where.Say(refusal.Text)
	case ok:
		where.Say(views.Refusal(refusal.Text).Text)
	case errors.Is(err, bot.ErrExpired):
		where.Say("That took too long for Slack. Please try once more.")
	default:
		where.Say("Something went wrong, and nothing was lost. Try again; if it stays, tell an admin the reference " + where.Reference + ".")
	}
}
