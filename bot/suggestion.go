package bot

import (
	"context"
	"encoding/json"

	"github.com/slack-go/slack"
)

// maxOptions is the most options, groups, and options of a group that Slack takes.
const maxOptions = 100

// SuggestionHandler offers options for what a person typed so far.
type SuggestionHandler func(ctx context.Context, suggestion Suggestion) (Choices, error)

// Suggestion is the typing of a person in an external select.
type Suggestion struct {
	By       Person
	ActionID string
	BlockID  string
	// Typed is the text so far.
	Typed string
	// View is the modal or Home tab that the select is in, nil for a message.
	View *slack.View
}

// Choices are the options offered: a flat list or groups. The zero value is an empty list.
type Choices struct {
	Options []*slack.OptionBlockObject
	Groups  []*slack.OptionGroupBlockObject
}

type optionsAck struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

type groupsAck struct {
	Groups []*slack.OptionGroupBlockObject `json:"option_groups"`
}

func (r *Router) suggestionTask(callback *slack.InteractionCallback) *task {
	suggestion := Suggestion{
		By: by(callback), ActionID: callback.ActionID, BlockID: callback.BlockID, Typed: callback.Value,
	}
	if callback.View.ID != "" {
		suggestion.View = &callback.View
	}
	made := newTask(suggestion.By, Surface{
		Kind: SurfaceSuggestion, Name: suggestion.ActionID, ViewID: callback.View.ID,
	})
	nothing := Choices{}.payload()
	made.late = nothing
	made.tell = func(string) reply { return reply{payload: nothing} }
	if handle, ok := r.suggestions[suggestion.ActionID]; ok {
		made.run = func(ctx context.Context) (reply, error) {
			choices, err := handle(ctx, suggestion)
			return reply{payload: choices.fitting()}, err
		}
	}
	return made
}

func (c Choices) payload() any {
	if len(c.Groups) > 0 {
		return groupsAck{Groups: c.Groups}
	}
	if c.Options == nil {
		c.Options = []*slack.OptionBlockObject{}
	}
	return optionsAck{Options: c.Options}
}

// fitting drops options from the end until the answer fits Slack's counts and the acknowledgement's
// size. Typing more finds what was dropped.
func (c Choices) fitting() any {
	c.Options = c.Options[:min(len(c.Options), maxOptions)]
	c.Groups = c.Groups[:min(len(c.Groups), maxOptions)]
	for {
		payload := c.payload()
		encoded, err := json.Marshal(payload)
		if err != nil || len(encoded) < maxAck-200 {
			return payload
		}
		c.Options = c.Options[:len(c.Options)*3/4]
		c.Groups = c.Groups[:len(c.Groups)*3/4]
		if len(c.Options) == 0 && len(c.Groups) == 0 {
			return c.payload()
		}
	}
}
