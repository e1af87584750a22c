package flows

import (
	"context"
	"errors"
	"log/slog"
	"strings"
)

// quiet passes warnings and errors on and drops the rest: River reports its own counts every few seconds.
type quiet struct{ slog.Handler }

// Enabled says whether a record of the level is passed on.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

// Handle drops what River could not finish because its caller gave up, as each does when the process stops: the caller
// gets the error too, and its transaction is rolled back.
func (q quiet) Handle(ctx context.Context, record slog.Record) error {
	if errors.Is(ctx.Err(), context.Canceled) && tellsOf(record, context.Canceled) {
		return nil
	}
	return q.Handler.Handle(ctx, record)
}

// tellsOf says whether a record carries an error, which River writes down as its text.
func tellsOf(record slog.Record, err error) bool {
	found := false
	record.Attrs(func(attr slog.Attr) bool {
		found = strings.HasSuffix(attr.Value.String(), err.Error())
		return !found
	})
	return found
}

// WithAttrs keeps the handler quiet.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup keeps the handler quiet.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
