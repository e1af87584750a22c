package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/usherhq/usher/db"
)

// line writes an entry as one line of JSON: the columns as keys, in order, seq as a number and details as the object
// it is, byte for byte as stored, since that is what was hashed.
func line(event db.AuditEvent) ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, value := range values(event) {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(strconv.Quote(columns[i]) + ":")
		switch {
		case columns[i] == "seq", columns[i] == "details" && isObject(value):
			out.WriteString(value)
		default:
			if err := quote(&out, value); err != nil {
				return nil, fmt.Errorf("write audit entry %d: %w", event.Seq, err)
			}
		}
	}
	out.WriteString("}\n")
	return out.Bytes(), nil
}

// isObject says whether details can stand in a line as they are. Details that somebody changed to anything else are
// written as a string: an export must show a broken log too.
func isObject(details string) bool {
	return strings.HasPrefix(details, "{") && !strings.ContainsAny(details, "\r\n") && json.Valid([]byte(details))
}

func quote(out *bytes.Buffer, text string) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // the line break that Encode adds
	return nil
}

// jsonEntry is a line as it is read.
type jsonEntry struct {
	Seq         int64           `json:"seq"`
	At          string          `json:"at"`
	Actor       string          `json:"actor"`
	ActorKind   string          `json:"actor_kind"`
	Action      string          `json:"action"`
	Request     string          `json:"request"`
	Grant       string          `json:"grant"`
	Subject     string          `json:"subject"`
	Entitlement string          `json:"entitlement"`
	Provider    string          `json:"provider"`
	Flow        string          `json:"flow"`
	Script      string          `json:"script"`
	Outcome     string          `json:"outcome"`
	Details     json.RawMessage `json:"details"`
	Hash        string          `json:"hash"`
}

// fromLine is the reverse of line. It says false when the text is not exactly what line writes for the entry: a key
// that is given twice, say, means one thing to one reader and another to the next.
func fromLine(text []byte) (db.AuditEvent, bool) {
	var read jsonEntry
	if err := json.Unmarshal(text, &read); err != nil {
		return db.AuditEvent{}, false
	}
	details := string(read.Details)
	if strings.HasPrefix(details, `"`) {
		if err := json.Unmarshal(read.Details, &details); err != nil {
			return db.AuditEvent{}, false
		}
	}
	event := db.AuditEvent{
		Seq: read.Seq, At: read.At, Actor: read.Actor, ActorKind: read.ActorKind, Action: read.Action,
		Request: read.Request, Grant: read.Grant, Subject: read.Subject, Entitlement: read.Entitlement,
		Provider: read.Provider, Flow: read.Flow, Script: read.Script, Outcome: read.Outcome,
		Details: details, Hash: read.Hash,
	}
	again, err := line(event)
	return event, err == nil && bytes.Equal(bytes.TrimSuffix(again, []byte("\n")), text)
}
