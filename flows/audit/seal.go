// Package audit keeps the audit log honest. Each entry is hashed together with the hash of the entry before it, so
// that a change to an old entry shows in every later one; the package makes those hashes, writes the log out for
// people and other systems, and checks a log or an export against its hashes.
//
// What the hashes prove, and what they cannot, is in docs/audit.md.
package audit

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/usherhq/usher/db"
)

// timeForm is how times stand in the log: RFC 3339, UTC, always six digits of microseconds, so that the order of the
// texts is the order of the times.
const timeForm = "2006-01-02T15:04:05.000000Z"

// Seal makes entries ready to be stored behind the head: it numbers them, dates them and links each to the one
// before by its hash. Empty details become an empty object. Texts are made storable first (see clean), because the
// hash must be over exactly what the database will give back. The events given are not changed.
func Seal(head db.AuditHead, events []db.AuditEvent, at time.Time) []db.AuditEvent {
	sealed := make([]db.AuditEvent, len(events))
	stamp := at.UTC().Format(timeForm)
	for i, event := range events {
		event.Seq, event.At = head.Seq+1, stamp
		for _, text := range texts(&event) {
			*text = clean(*text)
		}
		event.Details = object(event.Details)
		event.Hash = Hash(head.Hash, event)
		head.Seq, head.Hash = event.Seq, event.Hash
		sealed[i] = event
	}
	return sealed
}

// texts are the columns between the time and the details, in column order.
func texts(event *db.AuditEvent) []*string {
	return []*string{
		&event.Actor, &event.ActorKind, &event.Action, &event.Request, &event.Grant, &event.Subject,
		&event.Entitlement, &event.Provider, &event.Flow, &event.Script, &event.Outcome,
	}
}

// clean puts a space for each control character and the replacement character for bytes that are no UTF-8. Postgres
// refuses NUL and broken UTF-8, and a line break in a cell does not survive every CSV program.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// object makes sure that details are one JSON object on one line. Anything else is kept as the object's "text": an
// entry with odd details is better than none.
func object(details string) string {
	if details == "" {
		return "{}"
	}
	details = strings.ToValidUTF8(details, "\uFFFD")
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(details)); err == nil && line.Bytes()[0] == '{' {
		return line.String()
	}
	text, err := json.Marshal(map[string]string{"text": details})
	if err != nil {
		return "{}" // cannot happen: a map of strings can always be written
	}
	return string(text)
}
