package handlers

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
)

// A lane is claimed while its messages are sent and the claim is kept fresh, so that one process works it at a time
// and a process that died is noticed soon. Claims, like all waits for Slack, run by the wall clock.
const (
	laneClaim   = 10 * time.Second
	laneRefresh = 3 * time.Second
)

// settleAfter is how long a post whose answer was lost is left alone before it is looked for: it may still be on its
// way into the channel.
const settleAfter = 3 * time.Second

// When Slack can't take a message now, it is tried again after a wait that doubles up to the longest.
const (
	firstWait   = 2 * time.Second
	longestWait = 5 * time.Minute
)

// Outbox sends the messages that are wanted. It implements flows.Notifier.
type Outbox struct {
	store *db.Store
	slack Slack
	log   *slog.Logger
	clock func() time.Time
	home  func(ctx context.Context, personID string) error
	crowd crowd
}

// NewOutbox makes the outbox. The clock is the one that people live in; it and the log may be nil. Without a door it
// only records what is wanted, for whoever serves.
func NewOutbox(store *db.Store, door Slack, log *slog.Logger, clock func() time.Time) *Outbox {
	if clock == nil {
		clock = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Outbox{store: store, slack: door, log: log, clock: clock}
}

// DrawHomesWith sets what publishes a person's Home: it needs the flows, which need the outbox.
func (o *Outbox) DrawHomesWith(publish func(ctx context.Context, personID string) error) {
	o.home = publish
}

// Flush sends what a lane has to send, in order, and says when to come back if it could not send all.
func (o *Outbox) Flush(ctx context.Context, lane string) (time.Duration, error) {
	for {
		wait, err := o.flushClaimed(ctx, lane)
		if errors.Is(err, db.ErrConflict) {
			return 0, nil // whoever has the lane looks once more behind his release, and so sees what we were to send
		}
		if err != nil || wait > 0 {
			return wait, err
		}
		due, err := db.DueMessages(ctx, o.store, lane, db.UTC(o.clock()))
		if err != nil || len(due) == 0 {
			return 0, err
		}
		if later := time.Until(due[0].NextAt); later > 0 {
			return later, nil
		}
	}
}

// flushClaimed works a lane under a claim until nothing is due or Slack asks to wait.
func (o *Outbox) flushClaimed(ctx context.Context, lane string) (time.Duration, error) {
	mine, now := db.NewID("clm"), db.UTC(time.Now())
	if err := db.ClaimLane(ctx, o.store, lane, mine, now, now.Add(laneClaim)); err != nil {
		return 0, err
	}
	claimed, release := o.keepLane(ctx, lane, mine)
	wait, err := o.sendAll(claimed, lane)
	release()
	return wait, errors.Join(err, db.ReleaseLane(context.WithoutCancel(ctx), o.store, lane, mine))
}

// keepLane renews the claim until released; its context ends when the claim is lost.
func (o *Outbox) keepLane(ctx context.Context, lane, mine string) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(laneRefresh)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				now := db.UTC(time.Now())
				if err := db.KeepLane(ctx, o.store, lane, mine, now.Add(laneClaim)); errors.Is(err, db.ErrConflict) {
					cancel()
				}
			}
		}
	}()
	return ctx, func() { cancel(); <-done }
}

// sendAll sends the due messages of a lane in order. The first that has to wait holds up those behind it.
func (o *Outbox) sendAll(ctx context.Context, lane string) (time.Duration, error) {
	for {
		due, err := db.DueMessages(ctx, o.store, lane, db.UTC(o.clock()))
		if err != nil || len(due) == 0 {
			return 0, err
		}
		if wait := time.Until(due[0].NextAt); wait > 0 {
			return wait, nil
		}
		batch := batchOf(due)
		if err := o.send(ctx, batch); err != nil {
			return o.afterFailure(ctx, batch, err)
		}
	}
}

// batchOf returns the messages at the head that go out as one: lines of a thread that have not been sent yet, or those
// that were sent together and whose answer was lost; any other message goes alone.
func batchOf(due []db.Message) []db.Message {
	first := due[0]
	if first.Purpose != purposeLine || first.Status == db.Posted {
		return due[:1]
	}
	n := 1
	for n < len(due) && n < maxBatch && due[n].Purpose == purposeLine && due[n].Status == first.Status && due[n].Batch == first.Batch {
		n++
	}
	return due[:n]
}

// maxBatch is how many lines one message of a thread carries at most.
const maxBatch = 20

// afterFailure decides how a failed send goes on: wait, or give a message up that Slack will never take.
func (o *Outbox) afterFailure(ctx context.Context, batch []db.Message, err error) (time.Duration, error) {
	ctx = context.WithoutCancel(ctx)
	var limited *bot.RateLimited
	var refused *bot.Refused
	switch {
	case errors.As(err, &limited):
		return max(limited.RetryAfter, time.Second) + o.crowd.spread(time.Now()), nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return settleAfter, nil
	case errors.Is(err, bot.ErrUnknown):
		return settleAfter, o.postpone(ctx, batch, err, settleAfter)
	case errors.Is(err, errNoCard): // which was told when the card was refused
		return 0, o.giveUp(ctx, batch, err)
	case errors.Is(err, errLeft):
		o.log.InfoContext(ctx, "nobody is there to be told", "key", batch[0].Key, "purpose", batch[0].Purpose)
		return 0, o.giveUp(ctx, batch, err)
	case errors.As(err, &refused), errors.Is(err, errNobody), errors.Is(err, bot.ErrNotFound):
		o.log.ErrorContext(ctx, "Slack will not take a message", "key", batch[0].Key, "purpose", batch[0].Purpose, "error", err)
		return 0, o.giveUp(ctx, batch, err)
	}
	wait := min(firstWait<<min(batch[0].Attempts, 10), longestWait)
	o.log.WarnContext(ctx, "send message later", "key", batch[0].Key, "wait", wait, "error", err)
	return wait, o.postpone(ctx, batch, err, wait)
}

func (o *Outbox) postpone(ctx context.Context, batch []db.Message, cause error, wait time.Duration) error {
	for _, message := range batch {
		fresh, err := db.MessageByKey(ctx, o.store, message.Key)
		if err != nil {
			return err
		}
		fresh.Attempts++
		fresh.NextAt, fresh.Error = db.UTC(time.Now().Add(wait)), cause.Error()
		if err := db.SaveMessage(ctx, o.store, fresh); err != nil {
			return err
		}
	}
	return nil
}

// giveUp marks messages that Slack refuses. A message that stands in Slack stays there as it is, and a later change
// is tried again. So is a card at the next event, with all of its thread: its channel may be there by then.
func (o *Outbox) giveUp(ctx context.Context, batch []db.Message, cause error) error {
	for _, message := range batch {
		message.Error, message.Done = cause.Error(), message.Wanted
		switch {
		case message.Purpose == purposeCard, errors.Is(cause, errNoCard):
		case message.TS == "":
			message.Status = db.Refused
		}
		if err := db.SaveMessage(ctx, o.store, message); err != nil {
			return err
		}
	}
	return nil
}
