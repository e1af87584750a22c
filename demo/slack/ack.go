package slack

import (
	"encoding/json"
	"fmt"
	"strings"
)

// ackMost is the size from which Slack ignores a frame without a word.
const ackMost = 20480

// receive reads one frame of a client: an acknowledgement, if it is any good.
func (w *Workspace) receive(s *socket, data []byte, fragmented bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(data) >= ackMost {
		w.note(LevelError, "ack", "dropped: too large",
			fmt.Sprintf("%d bytes, Slack silently ignores frames of %d bytes and more", len(data), ackMost), nil)
		return
	}
	if fragmented {
		w.note(LevelError, "ack", "dropped: fragmented",
			"Slack does not put fragmented frames together; enlarge the client's write buffer", nil)
		return
	}
	var ack struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(data, &ack); err != nil || ack.ID == "" {
		w.note(LevelError, "ack", "not an acknowledgement", clip(string(data)), nil)
		return
	}
	w.acknowledge(s, ack.ID, ack.Payload)
}

func (w *Workspace) acknowledge(s *socket, id string, payload json.RawMessage) {
	e := w.pending[id]
	if e == nil || e.app != s.app {
		inTime, known := w.acked[id]
		switch {
		case known && inTime:
			w.note(LevelWarning, "ack", "ignored: acknowledged before", id, nil)
		case known:
			w.note(LevelWarning, "ack", "ignored: too late", id, nil)
		default:
			w.note(LevelWarning, "ack", "ignored: unknown envelope", id, nil)
		}
		return
	}
	if e.deaf {
		w.note(LevelWarning, "ack", "fault: the acknowledgement was lost", e.about, nil)
		return
	}
	if e.sentTo != s {
		w.note(LevelWarning, "ack", e.about+": came over another socket than the envelope",
			"whether Slack honours that is documented nowhere; this workspace does", nil)
	}
	if emptyAnswer(payload) {
		payload = nil
	}
	if payload != nil && !e.accepts {
		w.note(LevelError, "ack", e.about+": takes no payload", clip(string(payload)), nil)
		payload = nil
	}
	delete(w.pending, id)
	w.acked[id] = true
	w.note(LevelInfo, "ack", e.about, "", payload)
	e.acked <- payload
}

// emptyAnswer is true for payloads that say nothing, as clients send them for a bare acknowledgement.
func emptyAnswer(payload json.RawMessage) bool {
	switch strings.Join(strings.Fields(string(payload)), "") {
	case "", "null", "{}", `""`:
		return true
	}
	return false
}

// clip shortens a text for the journal.
func clip(text string) string {
	if runes := []rune(text); len(runes) > 500 {
		return string(runes[:500]) + "…"
	}
	return text
}
