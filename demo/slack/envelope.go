package slack

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Types of envelopes.
const (
	typeEvents      = "events_api"
	typeCommand     = "slash_commands"
	typeInteractive = "interactive"
)

// envelope is a payload on its way, until it is acknowledged or given up.
type envelope struct {
	id, kind, about string // about says what the journal calls it: "/access", "view_submission", …
	app             *App
	sentTo          *socket
	accepts         bool
	deaf            bool                 // a fault: its acknowledgement is lost
	acked           chan json.RawMessage // gets the acknowledgement's payload, once
}

// post sends a payload to one of the app's sockets, in turn. It returns nil when none is open. The lock is held.
func (w *Workspace) post(a *App, kind, about string, payload any, accepts bool, extra map[string]any) *envelope {
	s := a.next()
	if s == nil {
		w.note(LevelError, kind, about+": no socket is open", "the person sees dispatch_failed or a warning", payload)
		return nil
	}
	e := &envelope{
		id: uuid.NewString(), kind: kind, about: about, app: a, sentTo: s, accepts: accepts,
		acked: make(chan json.RawMessage, 1),
	}
	frame := map[string]any{
		"envelope_id": e.id, "type": kind, "payload": payload, "accepts_response_payload": accepts,
	}
	for key, value := range extra {
		frame[key] = value
	}
	w.pending[e.id] = e
	w.note(LevelInfo, kind, about, "", payload)
	if f := w.takeEnvelopeFault(kind, about); f != nil {
		w.sendFaulty(e, f, frame)
		return e
	}
	s.send(frame)
	return e
}

// next picks a socket, round-robin.
func (a *App) next() *socket {
	for range a.sockets {
		s := a.sockets[a.turn%len(a.sockets)]
		a.turn++
		if !s.leave {
			return s
		}
	}
	return nil
}

// online is true when there is a socket to send to.
func (a *App) online() bool {
	return slices.ContainsFunc(a.sockets, func(s *socket) bool { return !s.leave })
}

// wait returns the acknowledgement's payload, or false when the deadline has passed. The lock is not held.
func (w *Workspace) wait(e *envelope) (json.RawMessage, bool) {
	timer := time.NewTimer(w.opts.AckDeadline)
	defer timer.Stop()
	select {
	case payload := <-e.acked:
		return payload, true
	case <-timer.C:
	case <-w.ctx.Done():
		return nil, false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pending, e.id)
	select {
	case payload := <-e.acked: // it came in the last moment
		return payload, true
	default:
	}
	w.acked[e.id] = false
	w.note(LevelError, e.kind, e.about+": not acknowledged within "+w.opts.AckDeadline.String(), "", nil)
	return nil, false
}
