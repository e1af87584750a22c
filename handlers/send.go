package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// errNobody says that a message is for somebody whom Slack does not know.
var errNobody = errors.New("the person has no Slack account")

// errLeft says that a message is for somebody who has left since it was wanted.
var errLeft = errors.New("the person is no longer active")

// errNoCard says that a message belongs into the thread of a card that could not be posted.
var errNoCard = errors.New("the card could not be posted")

// send brings one Slack message in step with its rows: posts it, updates it, or finds out what became of a post whose
// answer was lost. The batch is one message, or lines of a thread that go out as one.
func (o *Outbox) send(ctx context.Context, batch []db.Message) error {
	first := batch[0]
	if first.Purpose == purposeHome {
		return o.sendHome(ctx, first)
	}
	content, err := o.draw(ctx, batch)
	if err != nil {
		return err
	}
	if content.Text == "" && len(content.Blocks) == 0 {
		return o.saveAll(ctx, batch, func(m *db.Message) {}) // nothing to say
	}
	hash, err := hashOf(content)
	if err != nil {
		return err
	}
	switch first.Status {
	case db.Posted:
		return o.update(ctx, first, content, hash)
	case db.Sending:
		return o.settle(ctx, batch, content, hash)
	}
	return o.post(ctx, batch, content, hash)
}

// post sends a message for the first time. That it is on its way is committed before, so that a crash or a lost
// answer is noticed and never leads to a second one.
func (o *Outbox) post(ctx context.Context, batch []db.Message, content views.Message, hash string) error {
	place, err := o.place(ctx, batch[0])
	if err != nil {
		return err
	}
	for n := range batch {
		batch[n].Status, batch[n].SendingSince, batch[n].Batch = db.Sending, db.UTC(time.Now()), batch[0].Key
		batch[n].Channel = place.Channel
		if err := db.SaveMessage(ctx, o.store, batch[n]); err != nil {
			return err
		}
	}
	posted, err := o.slack.Post(ctx, bot.Message{
		Channel: place.Channel, ThreadTS: place.TS, Text: content.Text, Blocks: content.Blocks, Key: batch[0].Batch,
	})
	switch {
	case err == nil:
		return o.posted(ctx, batch, posted, hash)
	case errors.Is(err, bot.ErrUnknown), ctx.Err() != nil:
		return err // stays sending: settle looks for it
	}
	unsent := o.unsend(context.WithoutCancel(ctx), batch)
	return errors.Join(err, unsent)
}

func (o *Outbox) unsend(ctx context.Context, batch []db.Message) error {
	for n := range batch {
		batch[n].Status, batch[n].Batch = db.Waiting, ""
		if err := db.SaveMessage(ctx, o.store, batch[n]); err != nil {
			return err
		}
	}
	return nil
}

// settle finds out whether a message whose answer was lost stands in Slack, and posts it only if it does not.
func (o *Outbox) settle(ctx context.Context, batch []db.Message, content views.Message, hash string) error {
	first := batch[0]
	if wait := time.Until(first.SendingSince.Add(settleAfter)); wait > 0 {
		return &bot.RateLimited{Method: "settle", RetryAfter: wait}
	}
	place, err := o.place(ctx, first)
	if err != nil {
		return err
	}
	posted, err := o.slack.FindPosted(ctx, place.Channel, place.TS, first.Batch, first.SendingSince.Add(-time.Minute))
	if errors.Is(err, bot.ErrNotFound) {
		return o.post(ctx, batch, content, hash)
	}
	if err != nil {
		return fmt.Errorf("look for a message whose answer was lost: %w", err)
	}
	// It was drawn from older rows, perhaps: an unknown hash makes the next round compare it by an update.
	if err := o.posted(ctx, batch, posted, ""); err != nil || first.Purpose == purposeLine {
		return err
	}
	first.Channel, first.TS = posted.Channel, posted.TS
	return o.update(ctx, first, content, hash)
}

func (o *Outbox) posted(ctx context.Context, batch []db.Message, posted bot.Posted, hash string) error {
	if batch[0].Purpose == purposeCard {
		if err := db.WantUnposted(context.WithoutCancel(ctx), o.store, batch[0].Lane); err != nil {
			return err
		}
	}
	if held := batch[0]; !held.NotBefore.IsZero() { // the card says that somebody is asked later
		if _, err := db.RedrawMessages(context.WithoutCancel(ctx), o.store, []db.Stale{{Key: "card:" + held.RequestID}}); err != nil {
			return err
		}
	}
	return o.saveAll(ctx, batch, func(m *db.Message) {
		m.Status, m.Channel, m.TS, m.ContentHash = db.Posted, posted.Channel, posted.TS, hash
	})
}

// update changes a message that stands in Slack, if it would look different.
func (o *Outbox) update(ctx context.Context, message db.Message, content views.Message, hash string) error {
	if message.ContentHash != hash {
		err := o.slack.Update(ctx, message.Channel, message.TS, bot.Message{
			Channel: message.Channel, Text: content.Text, Blocks: content.Blocks, Key: message.Batch,
		})
		if err != nil {
			return err
		}
	}
	return o.saveAll(ctx, []db.Message{message}, func(m *db.Message) { m.Status, m.ContentHash = db.Posted, hash })
}

// saveAll records that Slack has seen the messages as they were wanted when they were read.
func (o *Outbox) saveAll(ctx context.Context, batch []db.Message, set func(*db.Message)) error {
	for n := range batch {
		message := &batch[n]
		message.Done, message.Attempts, message.NextAt, message.Error = message.Wanted, 0, time.Time{}, ""
		set(message)
		if err := db.SaveMessage(context.WithoutCancel(ctx), o.store, *message); err != nil {
			return err
		}
	}
	return nil
}

// place finds where a message goes: the thread of its card, a channel, or a direct message.
func (o *Outbox) place(ctx context.Context, message db.Message) (bot.Posted, error) {
	if inThread(message) {
		card, err := db.MessageByKey(ctx, o.store, "card:"+message.RequestID)
		if err != nil {
			return bot.Posted{}, err
		}
		if card.TS == "" {
			return bot.Posted{}, errNoCard
		}
		return bot.Posted{Channel: card.Channel, TS: card.TS}, nil
	}
	if message.PersonID == "" {
		channel, err := o.slack.ChannelID(ctx, message.Channel)
		return bot.Posted{Channel: channel}, err
	}
	p, err := db.PersonByID(ctx, o.store, message.PersonID)
	if err != nil {
		return bot.Posted{}, err
	}
	switch {
	case p.SlackID == "":
		return bot.Posted{}, errNobody
	case !p.Active:
		return bot.Posted{}, errLeft
	}
	channel, err := o.slack.OpenDM(ctx, p.SlackID)
	return bot.Posted{Channel: channel}, err
}

// inThread says that a message belongs into the thread of its request's card.
func inThread(message db.Message) bool {
	switch message.Purpose {
	case purposeLine, purposeProgress:
		return true
	case purposeInquiry:
		return message.PersonID == ""
	}
	return false
}

func (o *Outbox) sendHome(ctx context.Context, message db.Message) error {
	if err := o.home(ctx, message.PersonID); err != nil {
		return err
	}
	return o.saveAll(ctx, []db.Message{message}, func(*db.Message) {})
}

// hashOf tells whether two drawings are the same.
func hashOf(content views.Message) (string, error) {
	drawn, err := json.Marshal(content)
	if err != nil {
		return "", fmt.Errorf("draw message: %w", err)
	}
	sum := sha256.Sum256(drawn)
	return hex.EncodeToString(sum[:16]), nil
}
