package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

func (r *Router) outcome(err error) string {
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, errDuplicate):
		return "duplicate"
	case r.expected(err):
		return "refused"
	}
	return "failed"
}

func (r *Router) report(ctx context.Context, log *slog.Logger, made *task, outcome string, late bool, err error, took time.Duration) {
	facts := []any{"outcome", outcome, "duration", took, "late", late}
	if outcome != "failed" {
		log.InfoContext(ctx, "slack delivery", facts...)
		return
	}
	facts = append(facts, "reference", made.where.Reference, "error", err)
	if crash, ok := errors.AsType[*panicked](err); ok {
		facts = append(facts, "stack", string(crash.stack))
	}
	log.ErrorContext(ctx, "slack delivery", facts...)
}

// panicked is a handler's panic as an error.
type panicked struct {
	cause any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.cause) }

// kindOf keeps the content of an unreadable payload out of the log.
func kindOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return fmt.Sprintf("%T", err)
		}
		err = inner
	}
}
