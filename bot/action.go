package bot

import (
	"cmp"
	"context"
	"errors"

	"github.com/slack-go/slack"
)

// ActionHandler does what a button or select asks for.
type ActionHandler func(ctx context.Context, action Action) error

// Action is a press of a button or a choice in an element, in a message, a modal or the Home tab.
type Action struct {
	By       Person
	ActionID string
	BlockID  string
	// Value is a button's value: a row ID, and no proof of anything.
	Value string
	// Selected is what a select, radio button, picker or overflow menu was set to; empty when unset.
	Selected string
	// SelectedAll is the same for elements with several choices.
	SelectedAll []string
	TriggerID   string
	// ResponseURL, ChannelID and MessageTS are empty when the element is in a view.
	ResponseURL string
	ChannelID   string
	MessageTS   string
	// ThreadTS is the root of the thread that the message is in, if any.
	ThreadTS string
	// Ephemeral says that the message is seen by this person only: change it through ResponseURL.
	Ephemeral bool
	// View is the modal or Home tab that the element is in, nil for a message.
	View *slack.View
	// State is what the inputs around it hold.
	State State
}

func (r *Router) actionTask(callback *slack.InteractionCallback) *task {
	actions := actionsOf(callback)
	if len(actions) == 0 {
		return newTask(by(callback), Surface{Kind: SurfaceAction})
	}
	first := actions[0]
	made := newTask(first.By, Surface{
		Kind: SurfaceAction, Name: first.ActionID, ChannelID: first.ChannelID, MessageTS: first.MessageTS,
		ResponseURL: first.ResponseURL, TriggerID: first.TriggerID, ViewID: callback.View.ID,
	})
	made.tell = func(text string) reply { return tellPrivately(first.By, first.ResponseURL, first.ChannelID, text) }
	if !r.anyAction(actions) {
		return made
	}
	made.run = func(ctx context.Context) (reply, error) { return reply{}, r.runActions(ctx, actions) }
	return made
}

func (r *Router) anyAction(actions []Action) bool {
	for _, action := range actions {
		if _, ok := r.actions[action.ActionID]; ok {
			return true
		}
	}
	return false
}

func (r *Router) runActions(ctx context.Context, actions []Action) error {
	var failures []error
	for _, action := range actions {
		if handle, ok := r.actions[action.ActionID]; ok {
			failures = append(failures, handle(ctx, action))
		}
	}
	if len(failures) == 1 {
		return failures[0]
	}
	return errors.Join(failures...)
}

func actionsOf(callback *slack.InteractionCallback) []Action {
	state := messageState(callback.BlockActionState)
	var view *slack.View
	if callback.View.ID != "" {
		view = &callback.View
		state = viewState(view)
	}
	actions := make([]Action, 0, len(callback.ActionCallback.BlockActions))
	for _, element := range callback.ActionCallback.BlockActions {
		actions = append(actions, Action{
			By: by(callback), ActionID: element.ActionID, BlockID: element.BlockID,
			Value: element.Value, Selected: selected(*element), SelectedAll: chosenAll(*element),
			TriggerID: callback.TriggerID, ResponseURL: callback.ResponseURL,
			ChannelID: cmp.Or(callback.Channel.ID, callback.Container.ChannelID),
			MessageTS: cmp.Or(callback.Message.Timestamp, callback.Container.MessageTs),
			ThreadTS:  cmp.Or(callback.Message.ThreadTimestamp, callback.Container.ThreadTs),
			Ephemeral: callback.Container.IsEphemeral, View: view, State: state,
		})
	}
	return actions
}

func selected(element slack.BlockAction) string {
	element.Value = ""
	return chosen(element)
}

// tellPrivately says something to the person who pressed: through the response address, else as an
// ephemeral message, else as a direct message.
func tellPrivately(to Person, responseURL, channelID, text string) reply {
	return reply{always: true, follow: func(ctx context.Context, slackSide door) error {
		message := Message{Text: text}
		if responseURL != "" && slackSide.Respond(ctx, responseURL, message, false) == nil {
			return nil
		}
		if channelID != "" && slackSide.Ephemeral(ctx, channelID, to.UserID, message) == nil {
			return nil
		}
		return tellDirectly(ctx, slackSide, to, message)
	}}
}

func tellDirectly(ctx context.Context, slackSide door, to Person, message Message) error {
	channel, err := slackSide.OpenDM(ctx, to.UserID)
	if err != nil {
		return err
	}
	message.Channel = channel
	_, err = slackSide.Post(ctx, message)
	return err
}
