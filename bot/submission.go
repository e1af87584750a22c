package bot

import (
	"context"

	"github.com/slack-go/slack"
)

// SubmissionHandler takes what was entered in a modal and says what the modal does next.
type SubmissionHandler func(ctx context.Context, submission Submission) (ViewAnswer, error)

// ClosedHandler learns that a modal was closed without being submitted.
type ClosedHandler func(ctx context.Context, closed Closed) error

// Submission is a modal that a person submitted. Slack never sends it twice, but a person may press
// again when the first answer was lost.
type Submission struct {
	By         Person
	CallbackID string
	TriggerID  string
	// View is the modal with its ID, hash, private metadata and blocks.
	View  slack.View
	State State
}

// Closed is a modal that was closed. When the whole stack was, View is its root.
type Closed struct {
	By         Person
	CallbackID string
	View       slack.View
	Cleared    bool
}

// ViewAnswer is what happens to the modal. The zero value closes it. Set one field.
type ViewAnswer struct {
	// Errors are shown at the input blocks with these block IDs; the modal stays open.
	Errors map[string]string
	// Update replaces the modal.
	Update *slack.ModalViewRequest
	// Push puts another modal on top.
	Push *slack.ModalViewRequest
	// Clear closes the whole stack of modals.
	Clear bool
}

func (r *Router) submissionTask(callback *slack.InteractionCallback) *task {
	submission := Submission{
		By: by(callback), CallbackID: callback.View.CallbackID, TriggerID: callback.TriggerID,
		View: callback.View, State: viewState(&callback.View),
	}
	made := newTask(submission.By, Surface{
		Kind: SurfaceSubmission, Name: submission.CallbackID,
		TriggerID: submission.TriggerID, ViewID: submission.View.ID,
	})
	made.late = ack{action: "update", view: working(submission.View)}.payload()
	made.tell = func(text string) reply { return submissionReply(submission.View, failure(submission.View, text)) }
	if handle, ok := r.submissions[submission.CallbackID]; ok {
		made.run = func(ctx context.Context) (reply, error) {
			answer, err := handle(ctx, submission)
			if err != nil {
				return reply{}, err
			}
			return submissionReply(submission.View, answer), nil
		}
	}
	return made
}

func (r *Router) closedTask(callback *slack.InteractionCallback) *task {
	closed := Closed{
		By: by(callback), CallbackID: callback.View.CallbackID,
		View: callback.View, Cleared: callback.IsCleared,
	}
	made := newTask(closed.By, Surface{Kind: SurfaceClosed, Name: closed.CallbackID, ViewID: closed.View.ID})
	if handle, ok := r.closed[closed.CallbackID]; ok {
		made.run = func(ctx context.Context) (reply, error) { return reply{}, handle(ctx, closed) }
	}
	return made
}
