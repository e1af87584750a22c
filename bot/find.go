package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"
)

const (
	// clockSkew is how much Slack's clock may differ from ours when we look for a message.
	clockSkew = 2 * time.Minute
	// historyPage is how many messages are asked for at once, historyPages how often.
	historyPage  = 100
	historyPages = 20
)

// FindPosted looks for our own message with the key, posted into the channel (or the thread) since the
// given time. It answers ErrNotFound only after having read all of that time; it is how a lost answer
// to Post is settled. Only members can read a channel: the bot joins a public one that it posted into
// without being a member.
func (b *Bot) FindPosted(ctx context.Context, channel, threadTS, key string, since time.Time) (Posted, error) {
	posted, err := b.find(ctx, channel, threadTS, key, since)
	if !errors.Is(err, ErrNotMember) {
		return posted, err
	}
	if _, _, _, err := b.api.JoinConversationContext(ctx, channel); err != nil {
		return Posted{}, classify("conversations.join", err)
	}
	return b.find(ctx, channel, threadTS, key, since)
}

func (b *Bot) find(ctx context.Context, channel, threadTS, key string, since time.Time) (Posted, error) {
	me, err := b.me(ctx)
	if err != nil {
		return Posted{}, err
	}
	oldest := strconv.FormatInt(since.Add(-clockSkew).Unix(), 10) + ".000000"
	cursor := ""
	for range historyPages {
		messages, next, err := b.history(ctx, channel, threadTS, oldest, cursor)
		if err != nil {
			return Posted{}, err
		}
		for _, message := range messages {
			if ours(message, me) && message.Metadata.EventPayload["key"] == key {
				return Posted{Channel: channel, TS: message.Timestamp}, nil
			}
		}
		if next == "" {
			return Posted{}, fmt.Errorf("find message %s: %w", key, ErrNotFound)
		}
		cursor = next
	}
	return Posted{}, fmt.Errorf("find message %s: %w: more than %d messages since then",
		key, ErrUnknown, historyPages*historyPage)
}

func (b *Bot) history(ctx context.Context, channel, threadTS, oldest, cursor string) ([]slack.Message, string, error) {
	if threadTS != "" {
		messages, _, next, err := b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: threadTS, Oldest: oldest, Cursor: cursor,
			Limit: historyPage, IncludeAllMetadata: true,
		})
		return messages, next, classify("conversations.replies", err)
	}
	answer, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: historyPage, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", classify("conversations.history", err)
	}
	return answer.Messages, answer.ResponseMetaData.NextCursor, nil
}

// ours keeps another app from passing off its message as ours by copying the metadata.
func ours(message slack.Message, me Identity) bool {
	return message.Metadata.EventType == metadataType &&
		((me.BotID != "" && message.BotID == me.BotID) || message.User == me.BotUserID)
}
