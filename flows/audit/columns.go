package audit

import (
	"strconv"

	"github.com/usherhq/usher/db"
)

// columns are the names of an entry's fields in an export, in order: the header of the CSV, the keys of the JSONL.
var columns = []string{
	"seq", "at", "actor", "actor_kind", "action", "request", "grant", "subject", "entitlement",
	"provider", "flow", "script", "outcome", "details", "hash",
}

// values are an entry's fields in the order of columns.
func values(event db.AuditEvent) []string {
	row := make([]string, 0, len(columns))
	row = append(row, strconv.FormatInt(event.Seq, 10), event.At)
	for _, text := range texts(&event) {
		row = append(row, *text)
	}
	return append(row, event.Details, event.Hash)
}

// fromValues is the reverse of values. It says false when the number is not written as values writes it.
func fromValues(row []string) (db.AuditEvent, bool) {
	seq, err := strconv.ParseInt(row[0], 10, 64)
	if err != nil || strconv.FormatInt(seq, 10) != row[0] {
		return db.AuditEvent{}, false
	}
	event := db.AuditEvent{Seq: seq, At: row[1], Details: row[len(row)-2], Hash: row[len(row)-1]}
	for i, text := range texts(&event) {
		*text = row[i+2]
	}
	return event, true
}
