package bot

import (
	"context"

	"github.com/slack-go/slack"
)

// metadataType is the event_type of the metadata that marks our messages with their key.
const metadataType = "usher_message"

// Message is what is posted or put in the place of a message.
type Message struct {
	// Channel is a channel ID, of a direct message too. Not a user ID and not a name.
	Channel string
	// ThreadTS is the root of the thread to answer in, empty for the top level.
	ThreadTS string
	// Text is what notifications show and screen readers read: a whole sentence, in mrkdwn.
	Text string
	// Blocks are what the eye sees. Text inside them is not escaped here.
	Blocks []slack.Block
	// Key marks the message, so that FindPosted can tell whether it arrived. Any app in the channel
	// can read it.
	Key string
}

// Posted is where a message is.
type Posted struct {
	Channel string
	TS      string
}

// Post sends a message. After ErrUnknown it may be there: look with FindPosted before posting again.
func (b *Bot) Post(ctx context.Context, message Message) (Posted, error) {
	if err := b.gate.limits.channel(ctx, message.Channel, patience); err != nil {
		return Posted{}, err
	}
	channel, ts, err := b.api.PostMessageContext(ctx, message.Channel, message.options()...)
	if err != nil {
		return Posted{}, classify("chat.postMessage", err)
	}
	return Posted{Channel: channel, TS: ts}, nil
}

// Update puts the message in the place of the one at ts; blocks that it does not have are removed. It
// may be repeated.
func (b *Bot) Update(ctx context.Context, channel, ts string, message Message) error {
	message.ThreadTS = ""
	_, _, _, err := b.api.UpdateMessageContext(ctx, channel, ts, message.options()...)
	return classify("chat.update", err)
}

// Delete removes a message of ours. A message that is gone already is ErrNotFound.
func (b *Bot) Delete(ctx context.Context, channel, ts string) error {
	_, _, err := b.api.DeleteMessageContext(ctx, channel, ts)
	return classify("chat.delete", err)
}

// Ephemeral shows a message to one member of the channel. Slack does not promise to deliver it, and it
// is gone after a reload.
func (b *Bot) Ephemeral(ctx context.Context, channel, user string, message Message) error {
	_, err := b.api.PostEphemeralContext(ctx, channel, user, message.options()...)
	return classify("chat.postEphemeral", err)
}

// Permalink is the web address of a message.
func (b *Bot) Permalink(ctx context.Context, channel, ts string) (string, error) {
	link, err := b.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: ts})
	return link, classify("chat.getPermalink", err)
}

// options never unfurls links and always sends blocks: leaving them out of an update keeps the old ones.
func (m Message) options() []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false),
		slack.MsgOptionBlocks(m.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
	}
	if m.ThreadTS != "" {
		options = append(options, slack.MsgOptionTS(m.ThreadTS))
	}
	if m.Key != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: metadataType, EventPayload: map[string]any{"key": m.Key},
		}))
	}
	return options
}
