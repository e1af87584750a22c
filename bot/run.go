package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/slack-go/slack/socketmode"
)

// Run keeps the sockets open and hands what arrives to the router until ctx ends. Handlers that are at
// work then may finish and are acknowledged. It returns early, with ErrToken or ErrScope, only when
// the tokens are wrong for good.
func (b *Bot) Run(ctx context.Context, router *Router) error {
	live, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var sockets sync.WaitGroup
	work := &work{}
	take := func(sent envelope, from *line) {
		work.start(func() { router.deliver(live, sent, back{Bot: b, from: from}) })
	}
	failed := make(chan error, b.settings.Connections)
	for i := range b.settings.Connections {
		socket := &socket{bot: b, number: i + 1}
		sockets.Go(func() {
			if sleep(ctx, time.Duration(i)*b.tempo.stagger) != nil {
				return
			}
			if err := socket.keep(live, take); err != nil {
				failed <- fmt.Errorf("slack socket %d: %w", socket.number, err)
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
		b.finish(work)
	case err = <-failed:
	}
	end()
	sockets.Wait()
	b.background.Wait()
	return err
}

// finish waits for the handlers at work, but not for ever.
func (b *Bot) finish(work *work) {
	select {
	case <-work.idle():
	case <-time.After(b.tempo.grace):
		b.log.Warn("slack handlers still at work at the end")
	}
}

// Connected is how many sockets are open now; while one replaces another both count.
func (b *Bot) Connected() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	open := 0
	for line := range b.lines {
		if line.open() {
			open++
		}
	}
	return open
}

// back is the way back for what came over one line.
type back struct {
	*Bot
	from *line
}

// ack acknowledges over the line that the delivery came from. When that has ended another open one takes
// it, and for want of any the next that opens before ctx ends. Whether Slack honours that is documented
// nowhere; not acknowledging at all is certainly worse.
func (w back) ack(ctx context.Context, envelopeID string, payload any) error {
	response := socketmode.Response{EnvelopeID: envelopeID, Payload: payload}
	for {
		var failures []error
		for _, line := range w.openLines(w.from) {
			err := line.write(response)
			if err == nil {
				return nil
			}
			failures = append(failures, err)
		}
		if sleep(ctx, 50*time.Millisecond) != nil {
			return errors.Join(failures...)
		}
	}
}
