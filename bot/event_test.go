package bot

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// events is a stand-in for the table of events seen.
type events struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (e *events) known(_ context.Context, id string) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seen[id], nil
}

func (e *events) note(_ context.Context, id string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen[id] = true
	return nil
}

func opened(id string) map[string]any {
	return map[string]any{
		"type": "event_callback", "event_id": id, "team_id": "T1",
		"event": map[string]any{"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"},
	}
}

func TestEventIsHandledOnce(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	table := &events{seen: map[string]bool{}}
	router.Seen(table.known)
	router.Handled(table.note)
	calls := make(chan Event, 4)
	router.Event("app_home_opened", func(_ context.Context, event Event) error { calls <- event; return nil })
	socket := fake.run(fake.bot(1), router)[0]
	for _, id := range []string{"e1", "e2"} {
		socket.send(t, deliver(id, "events_api", opened("Ev1")))
		require.Equal(t, id, receive(t, socket.acks)["envelope_id"])
	}
	require.Len(t, calls, 1)
}

func TestFailedEventIsLeftForSlackToSendAgain(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	table := &events{seen: map[string]bool{}}
	router.Seen(table.known)
	router.Handled(table.note)
	calls := make(chan int, 4)
	router.Event("app_home_opened", func(_ context.Context, event Event) error {
		calls <- event.Retry
		if event.Retry == 0 {
			return errors.New("database away")
		}
		return nil
	})
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "events_api", opened("Ev1")))
	require.Equal(t, 0, receive(t, calls))
	again := deliver("e2", "events_api", opened("Ev1"))
	again["retry_attempt"], again["retry_reason"] = 1, "timeout"
	socket.send(t, again)
	require.Equal(t, 1, receive(t, calls))
	require.Equal(t, "e2", receive(t, socket.acks)["envelope_id"], "the first one was not acknowledged")
}
