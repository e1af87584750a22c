package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// flushTime is what the last acknowledgements get for being written before the sockets close.
const flushTime = 200 * time.Millisecond

// Run keeps the sockets open and hands what arrives to the router until ctx ends. Handlers that are at
// work then may finish and are acknowledged. It returns early, with ErrToken or ErrScope, only when
// the tokens are wrong for good.
func (b *Bot) Run(ctx context.Context, router *Router) error {
	live, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var sockets sync.WaitGroup
	work := &work{}
	take := func(sent envelope, from *socket) {
		work.start(func() { router.deliver(live, sent, back{Bot: b, from: from}) })
	}
	failed := make(chan error, len(b.sockets))
	for i, socket := range b.sockets {
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
	return err
}

// finish waits for the handlers at work, but not for ever.
func (b *Bot) finish(work *work) {
	select {
	case <-work.idle():
		time.Sleep(flushTime)
	case <-time.After(b.tempo.grace):
		b.log.Warn("slack handlers still at work at the end")
	}
}

// Connected is how many sockets are open now.
func (b *Bot) Connected() int {
	open := 0
	for _, socket := range b.sockets {
		if socket.open.Load() {
			open++
		}
	}
	return open
}

// back is the way back for what came over one socket.
type back struct {
	*Bot
	from *socket
}

func (w back) ack(ctx context.Context, envelopeID string, payload any) error {
	return w.ackThrough(ctx, w.from, envelopeID, payload)
}

// ackThrough acknowledges over the socket that the delivery came from. While that one is being recycled
// another open one takes it; with none open it waits in the queue of its own.
func (b *Bot) ackThrough(ctx context.Context, from *socket, envelopeID string, payload any) error {
	if from.open.Load() {
		return from.send(ctx, envelopeID, payload)
	}
	for _, other := range b.sockets {
		if other.open.Load() {
			return other.send(ctx, envelopeID, payload)
		}
	}
	if err := from.send(ctx, envelopeID, payload); err != nil {
		return errors.Join(errors.New("no socket open"), err)
	}
	return nil
}

func (b *Bot) noteApp(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id == "" {
		return
	}
	b.appID = id
	if b.identity != nil {
		b.identity.AppID = id
	}
}
