package slack

import (
	"encoding/json"
	"time"
)

// Level says how bad a journal entry is.
type Level string

// Levels of the journal. LevelError is what Slack would refuse, or a deadline that was missed; LevelWarning is
// what an app should know but must live with, such as a rate limit or a socket that went away.
const (
	LevelInfo    Level = "info"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
)

const journalKept = 5000

// Entry is one line of the journal: something an app did, or had done to it. Method is a Web API method, an
// envelope type, "socket", "ack" or "response_url".
type Entry struct {
	ID      int             `json:"id"`
	At      time.Time       `json:"at"`
	Level   Level           `json:"level"`
	Method  string          `json:"method"`
	Summary string          `json:"summary"`
	Detail  string          `json:"detail,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Journal returns the entries kept, oldest first.
func (w *Workspace) Journal() []Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Entry(nil), w.journal...)
}

// Errors returns the journal's entries of level error, oldest first. A story test expects none.
func (w *Workspace) Errors() []Entry {
	var bad []Entry
	for _, e := range w.Journal() {
		if e.Level == LevelError {
			bad = append(bad, e)
		}
	}
	return bad
}

// Forget empties the journal, so that a test which provoked errors can go on and expect none.
func (w *Workspace) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.journal = nil
	w.notify(pageEvent{Type: "journal"})
}

// note adds an entry. The lock is held.
func (w *Workspace) note(level Level, method, summary, detail string, payload any) {
	w.journalID++
	e := Entry{ID: w.journalID, At: w.clock.Now(), Level: level, Method: method, Summary: summary, Detail: detail}
	if payload != nil {
		e.Payload = mustJSON(payload)
	}
	w.journal = append(w.journal, e)
	if len(w.journal) > journalKept {
		w.journal = append([]Entry(nil), w.journal[len(w.journal)-journalKept:]...)
	}
	if level == LevelError {
		w.opts.Log.Warn("an app did what Slack refuses", "method", method, "summary", summary, "detail", detail)
	}
	w.notify(pageEvent{Type: "journal"})
}

// mustJSON encodes values that the workspace itself built or has decoded before, which cannot fail.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("encode a value of the workspace: " + err.Error())
	}
	return b
}
