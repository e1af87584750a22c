package audit

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// pageSize is how many entries are in memory at once.
const pageSize = 500

// writer writes entries in one format.
type writer interface {
	write(event db.AuditEvent) error
	flush() error
}

// Export writes the entries that the filter chooses, oldest first, in the format "csv", "jsonl" or "ocsf". It reads
// page by page, so that a log of any length needs the same memory, and stops at what was the newest entry when it
// began. Since and Until (as ParseTime gives them) choose a stretch of the log without holes, from the first entry at
// or after Since to the last one before Until: with several replicas, whose clocks differ, an entry in between can
// have a time just outside, and without it the stretch could not be verified.
func Export(ctx context.Context, q bun.IDB, filter db.AuditFilter, format string, w io.Writer) error {
	buffered := bufio.NewWriter(w)
	out, err := newWriter(format, buffered)
	if err != nil {
		return err
	}
	pages, err := stretch(ctx, q, filter)
	if err != nil {
		return err
	}
	for {
		events, err := pages.next(ctx, q)
		if err != nil {
			return err
		}
		for _, event := range events {
			if err := out.write(event); err != nil {
				return fmt.Errorf("export audit entry %d: %w", event.Seq, err)
			}
		}
		if len(events) == 0 {
			break
		}
	}
	if err := out.flush(); err != nil {
		return fmt.Errorf("export the audit log: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("export the audit log: %w", err)
	}
	return nil
}

func newWriter(format string, w *bufio.Writer) (writer, error) {
	switch format {
	case "csv":
		out := csvWriter{csv.NewWriter(w)}
		return out, out.Write(columns)
	case "jsonl":
		return lineWriter{w: w, line: line}, nil
	case "ocsf":
		return lineWriter{w: w, line: ocsfLine}, nil
	}
	return nil, fmt.Errorf("unknown export format %q: known are csv, jsonl and ocsf", format)
}

// csvWriter writes RFC 4180 with line feeds. Every cell goes through guard.
type csvWriter struct{ *csv.Writer }

func (c csvWriter) write(event db.AuditEvent) error {
	row := values(event)
	for i, cell := range row {
		row[i] = Guard(cell)
	}
	return c.Write(row)
}

func (c csvWriter) flush() error {
	c.Flush()
	return c.Error()
}

// lineWriter writes one line for each entry.
type lineWriter struct {
	w    io.Writer
	line func(db.AuditEvent) ([]byte, error)
}

func (l lineWriter) write(event db.AuditEvent) error {
	text, err := l.line(event)
	if err != nil {
		return err
	}
	_, err = l.w.Write(text)
	return err
}

func (l lineWriter) flush() error { return nil }
