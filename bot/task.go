package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/slack-go/slack"
)

// errDuplicate is the outcome of an event that was handled before.
var errDuplicate = errors.New("delivered before")

// door is what the router needs of the Bot to tell people things outside an acknowledgement.
type door interface {
	Post(ctx context.Context, message Message) (Posted, error)
	Ephemeral(ctx context.Context, channel, user string, message Message) error
	Respond(ctx context.Context, responseURL string, message Message, replace bool) error
	OpenDM(ctx context.Context, userID string) (string, error)
	UpdateView(ctx context.Context, viewID, hash string, view slack.ModalViewRequest) (View, error)
}

// envelope is one delivery as it came over a socket.
type envelope struct {
	ID             string          `json:"envelope_id"`
	Kind           string          `json:"type"`
	Payload        json.RawMessage `json:"payload"`
	AcceptsPayload bool            `json:"accepts_response_payload"`
	RetryAttempt   int             `json:"retry_attempt"`
}

// task is what the router makes of an envelope.
type task struct {
	by    Person
	where Surface
	// run calls the handler. It is nil when none is registered.
	run func(ctx context.Context) (reply, error)
	// tell makes a reply of the words for an error. It is nil where nobody is waiting for any.
	tell func(text string) reply
	// late is what the acknowledgement carries when the handler is not ready in time.
	late any
	// again says that Slack sends the delivery again when it is not acknowledged.
	again bool
}

// reply is what comes of a handler.
type reply struct {
	// payload goes into the acknowledgement, nil for a bare one.
	payload any
	// instead goes into it when payload is too large.
	instead any
	// follow says the payload's content outside the acknowledgement, when that was late or too small; or,
	// with always, says something that has no place in one.
	follow func(ctx context.Context, slackSide door) error
	always bool
}

func newTask(by Person, where Surface) *task {
	where.Reference = rand.Text()[:8]
	return &task{by: by, where: where}
}

// task reads the envelope and finds its handler.
func (r *Router) task(sent envelope) (*task, error) {
	switch sent.Kind {
	case "slash_commands":
		return r.commandTask(sent.Payload)
	case "events_api":
		return r.eventTask(sent.Payload, sent.RetryAttempt)
	case "interactive":
		return r.interactionTask(sent.Payload)
	}
	return nil, fmt.Errorf("unknown kind of delivery %q", sent.Kind)
}

func (r *Router) interactionTask(payload json.RawMessage) (*task, error) {
	callback, err := readInteraction(payload)
	if err != nil {
		return nil, err
	}
	switch callback.Type {
	case slack.InteractionTypeBlockActions:
		return r.actionTask(callback), nil
	case slack.InteractionTypeViewSubmission:
		return r.submissionTask(callback), nil
	case slack.InteractionTypeViewClosed:
		return r.closedTask(callback), nil
	case slack.InteractionTypeBlockSuggestion:
		return r.suggestionTask(callback), nil
	case slack.InteractionTypeShortcut, slack.InteractionTypeMessageAction:
		return r.shortcutTask(callback), nil
	default: // dialogs and workflow steps are of the past
		return nil, fmt.Errorf("unknown kind of interaction %q", callback.Type)
	}
}
