package flows

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuiet(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	late, done := context.WithTimeout(t.Context(), 0)
	defer done()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		level  slog.Level
		err    error
		passes bool
	}{
		{"a count", t.Context(), slog.LevelInfo, errors.New("none"), false},
		{"an error", t.Context(), slog.LevelError, errors.New("disk full"), true},
		{"given up by the caller", stopped, slog.LevelError, context.Canceled, false},
		{"another error while the caller gives up", stopped, slog.LevelError, errors.New("disk full"), true},
		{"given up by somebody else", t.Context(), slog.LevelError, context.Canceled, true},
		{"too late", late, slog.LevelError, context.DeadlineExceeded, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := &bytes.Buffer{}
			slog.New(quiet{slog.NewTextHandler(out, nil)}).Log(c.ctx, c.level, "notify", "queues", "timers", "err", c.err.Error())
			require.Equal(t, c.passes, out.Len() > 0, out.String())
		})
	}
}
