package bot

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

const (
	// channelsFresh is how long the list of channels answers for names that are not in it.
	channelsFresh = time.Minute
	// maxKnownDMs bounds the memory of opened direct messages.
	maxKnownDMs = 50_000
)

// channelID is the shape of the ID of a channel, group or direct message.
var channelID = regexp.MustCompile(`^[CGD][A-Z0-9]{7,}$`)

// OpenDM returns the channel of the direct message with a person, opening it the first time.
func (b *Bot) OpenDM(ctx context.Context, userID string) (string, error) {
	b.mu.Lock()
	known := b.dms[userID]
	b.mu.Unlock()
	if known != "" {
		return known, nil
	}
	channel, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{
		Users: []string{userID}, ReturnIM: true,
	})
	if err != nil {
		return "", classify("conversations.open", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.dms) >= maxKnownDMs {
		clear(b.dms)
	}
	b.dms[userID] = channel.ID
	return channel.ID, nil
}

// ChannelID finds a channel by "#name", or takes an ID as it is. Private channels are found when the
// bot is a member.
func (b *Bot) ChannelID(ctx context.Context, name string) (string, error) {
	name = strings.TrimSpace(name)
	if channelID.MatchString(name) {
		return name, nil
	}
	name = strings.ToLower(strings.TrimPrefix(name, "#"))
	if id, fresh := b.knownChannel(name); id != "" || fresh {
		return found(name, id)
	}
	return b.lookUp(ctx, name)
}

// lookUp lists the channels; those who ask meanwhile wait for the same list.
func (b *Bot) lookUp(ctx context.Context, name string) (string, error) {
	b.listing.Lock()
	defer b.listing.Unlock()
	if id, fresh := b.knownChannel(name); id != "" || fresh {
		return found(name, id)
	}
	if err := b.listChannels(ctx); err != nil {
		return "", err
	}
	id, _ := b.knownChannel(name)
	return found(name, id)
}

func found(name, id string) (string, error) {
	if id == "" {
		return "", fmt.Errorf("find channel #%s: %w", name, ErrNotFound)
	}
	return id, nil
}

func (b *Bot) knownChannel(name string) (id string, fresh bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.channels[name], time.Since(b.listedAt) < channelsFresh
}

// listChannels reads all channels before it replaces what was known: names move to other channels.
func (b *Bot) listChannels(ctx context.Context) error {
	all := map[string]string{}
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := b.api.GetConversationsContext(ctx, &slack.GetConversationsParameters{
			Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true,
			Limit: 500, Cursor: cursor,
		})
		if err != nil {
			return classify("conversations.list", err)
		}
		for _, channel := range page {
			all[channel.Name] = channel.ID
		}
		cursor = next
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.channels, b.listedAt = all, time.Now()
	return nil
}
