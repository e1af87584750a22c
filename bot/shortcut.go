package bot

import (
	"context"

	"github.com/slack-go/slack"
)

// ShortcutHandler does what a shortcut is for, usually by opening a modal.
type ShortcutHandler func(ctx context.Context, shortcut Shortcut) error

// Shortcut is the use of a global shortcut, or of one on a message.
type Shortcut struct {
	By         Person
	CallbackID string
	TriggerID  string
	// ChannelID, MessageTS and ResponseURL are empty for a global shortcut.
	ChannelID   string
	MessageTS   string
	ResponseURL string
}

func (r *Router) shortcutTask(callback *slack.InteractionCallback) *task {
	shortcut := Shortcut{
		By: by(callback), CallbackID: callback.CallbackID, TriggerID: callback.TriggerID,
		ChannelID: callback.Channel.ID, MessageTS: callback.Message.Timestamp,
		ResponseURL: callback.ResponseURL,
	}
	made := newTask(shortcut.By, Surface{
		Kind: SurfaceShortcut, Name: shortcut.CallbackID, ChannelID: shortcut.ChannelID,
		MessageTS: shortcut.MessageTS, ResponseURL: shortcut.ResponseURL, TriggerID: shortcut.TriggerID,
	})
	made.tell = func(text string) reply {
		return tellPrivately(shortcut.By, shortcut.ResponseURL, shortcut.ChannelID, text)
	}
	if handle, ok := r.shortcuts[shortcut.CallbackID]; ok {
		made.run = func(ctx context.Context) (reply, error) { return reply{}, handle(ctx, shortcut) }
	}
	return made
}
