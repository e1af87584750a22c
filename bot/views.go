package bot

import (
	"context"

	"github.com/slack-go/slack"
)

// View is a view that Slack shows: what is needed to change it later.
type View struct {
	ID   string
	Hash string
}

// OpenView opens a modal. A trigger works once, for three seconds; then it is ErrExpired.
func (b *Bot) OpenView(ctx context.Context, triggerID string, view slack.ModalViewRequest) (View, error) {
	return viewAnswer("views.open")(b.api.OpenViewContext(ctx, triggerID, view))
}

// PushView puts a modal on top of the one that the trigger came from; three are the most.
func (b *Bot) PushView(ctx context.Context, triggerID string, view slack.ModalViewRequest) (View, error) {
	return viewAnswer("views.push")(b.api.PushViewContext(ctx, triggerID, view))
}

// UpdateView changes an open modal. With a hash it is ErrConflict when the modal changed since; with an
// empty hash the last one wins. A closed modal is ErrNotFound.
func (b *Bot) UpdateView(ctx context.Context, viewID, hash string, view slack.ModalViewRequest) (View, error) {
	return viewAnswer("views.update")(b.api.UpdateViewContext(ctx, view, "", hash, viewID))
}

// PublishHome shows a person's Home tab. The hash is as for UpdateView.
func (b *Bot) PublishHome(ctx context.Context, userID string, view slack.HomeTabViewRequest, hash string) error {
	request := slack.PublishViewContextRequest{UserID: userID, View: view}
	if hash != "" {
		request.Hash = &hash
	}
	_, err := viewAnswer("views.publish")(b.api.PublishViewContext(ctx, request))
	return err
}

func viewAnswer(method string) func(*slack.ViewResponse, error) (View, error) {
	return func(answer *slack.ViewResponse, err error) (View, error) {
		if err != nil {
			return View{}, classify(method, err)
		}
		return View{ID: answer.ID, Hash: answer.Hash}, nil
	}
}
