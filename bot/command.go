package bot

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
)

// CommandHandler answers a slash command.
type CommandHandler func(ctx context.Context, command Command) (Answer, error)

// Command is a slash command that a person typed.
type Command struct {
	By          Person
	Name        string
	Text        string
	ChannelID   string
	TriggerID   string
	ResponseURL string
}

// Answer is what the person alone sees below the command. The zero value is nothing.
type Answer struct {
	Text   string
	Blocks []slack.Block
}

func (a Answer) empty() bool { return a.Text == "" && len(a.Blocks) == 0 }

// ephemeral is an Answer on the wire.
type ephemeral struct {
	ResponseType string        `json:"response_type"`
	Text         string        `json:"text"`
	Blocks       []slack.Block `json:"blocks,omitempty"`
}

func (r *Router) commandTask(payload json.RawMessage) (*task, error) {
	var sent slack.SlashCommand
	if err := json.Unmarshal(payload, &sent); err != nil {
		return nil, fmt.Errorf("read slash command: %w", err)
	}
	command := Command{
		By:   Person{UserID: sent.UserID, TeamID: sent.TeamID},
		Name: sent.Command, Text: sent.Text, ChannelID: sent.ChannelID,
		TriggerID: sent.TriggerID, ResponseURL: sent.ResponseURL,
	}
	made := newTask(command.By, Surface{
		Kind: SurfaceCommand, Name: command.Name, ChannelID: command.ChannelID,
		TriggerID: command.TriggerID, ResponseURL: command.ResponseURL,
	})
	made.tell = func(text string) reply { return commandReply(command, Answer{Text: text}) }
	if handle, ok := r.commands[command.Name]; ok {
		made.run = func(ctx context.Context) (reply, error) {
			answer, err := handle(ctx, command)
			return commandReply(command, answer), err
		}
	}
	return made, nil
}

// commandReply puts the answer into the acknowledgement. When that has gone already, or when the answer is
// too large for it, the response address takes it.
func commandReply(command Command, answer Answer) reply {
	if answer.empty() {
		return reply{}
	}
	return reply{
		payload: ephemeral{ResponseType: "ephemeral", Text: answer.Text, Blocks: answer.Blocks},
		follow: func(ctx context.Context, slackSide door) error {
			return slackSide.Respond(ctx, command.ResponseURL, Message{Text: answer.Text, Blocks: answer.Blocks}, false)
		},
	}
}
