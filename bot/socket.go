package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// socket keeps one Socket Mode connection open: a line, and its successor when Slack asks for one.
//
// It does not use socketmode.Client.RunContext of slack-go, which closes the old connection before it
// opens the new one, on Slack's warning too, ten seconds before there is need; a click that is on its
// way then is lost. Here the successor is greeted first and the old line is listened to until Slack
// ends it. An acknowledgement goes over the line that its delivery came on.
type socket struct {
	bot    *Bot
	number int
}

// keep holds the socket open until ctx ends or a token is wrong for good.
func (s *socket) keep(ctx context.Context, take func(envelope, *line)) error {
	log := s.bot.log.With("socket", s.number)
	brake := &brake{tempo: s.bot.tempo}
	held := true
	for ctx.Err() == nil {
		s.rest(ctx, brake.pause(held), log)
		line, err := s.connect(ctx, take)
		if err != nil {
			held = false
			if err := s.refused(ctx, err, log); err != nil {
				return err
			}
			continue
		}
		log.InfoContext(ctx, "slack socket open", "connections", line.hello.NumConnections,
			"seconds", line.hello.DebugInfo.ApproximateConnectionTime)
		held = s.hold(ctx, line, log)
	}
	return nil
}

// rest waits, or returns when ctx ends.
func (s *socket) rest(ctx context.Context, pause time.Duration, log *slog.Logger) {
	if pause <= 0 {
		return
	}
	log.InfoContext(ctx, "slack socket waits before opening again", "pause", pause)
	_ = sleep(ctx, pause)
}

// refused returns the error when there is no use in going on, and waits when Slack said for how long.
func (s *socket) refused(ctx context.Context, err error, log *slog.Logger) error {
	if errors.Is(err, ErrToken) || errors.Is(err, ErrScope) {
		return fmt.Errorf("open socket: %w", err)
	}
	if ctx.Err() == nil {
		log.WarnContext(ctx, "slack socket cannot be opened", "error", err)
	}
	if limited, ok := errors.AsType[*RateLimited](err); ok {
		s.rest(ctx, limited.RetryAfter, log)
	}
	return nil
}

// connect opens a line and waits for its greeting.
func (s *socket) connect(ctx context.Context, take func(envelope, *line)) (*line, error) {
	conn, err := s.bot.dial(ctx)
	if err != nil {
		return nil, err
	}
	line := newLine(conn, s.bot.tempo.silence)
	s.bot.background.Go(func() { line.read(func(sent envelope) { take(sent, line) }) })
	timer := time.NewTimer(s.bot.tempo.hello)
	defer timer.Stop()
	select {
	case <-line.greeted:
		s.bot.enlist(line)
		return line, nil
	case <-line.leaving:
		err = fmt.Errorf("turned away: %s", line.reason)
	case <-line.ended:
		err = fmt.Errorf("ended before the greeting: %w", line.err)
	case <-timer.C:
		err = errors.New("no greeting")
	case <-ctx.Done():
		err = ctx.Err()
	}
	line.hangUp()
	return nil, err
}

// hold waits until the line needs a successor, and reports whether it held. A line that is leaving is
// listened to for a while longer, beside its successor.
func (s *socket) hold(ctx context.Context, line *line, log *slog.Logger) bool {
	select {
	case <-line.leaving:
		log.InfoContext(ctx, "slack socket is to be replaced", "reason", line.reason)
		s.bot.background.Go(func() { s.farewell(ctx, line) })
		return line.held(s.bot.tempo.steady) || (line.reason == "warning" || line.reason == "refresh_requested")
	case <-line.ended:
		log.WarnContext(ctx, "slack socket ended", "error", line.err)
		s.bot.dismiss(line)
		return line.held(s.bot.tempo.steady)
	case <-ctx.Done():
		line.hangUp()
		s.bot.dismiss(line)
		return true
	}
}

func (s *socket) farewell(ctx context.Context, line *line) {
	timer := time.NewTimer(s.bot.tempo.farewell)
	defer timer.Stop()
	select {
	case <-line.ended:
	case <-timer.C:
	case <-ctx.Done():
	}
	line.hangUp()
	s.bot.dismiss(line)
}

// dial asks Slack for an address and connects to it.
func (b *Bot) dial(ctx context.Context) (*websocket.Conn, error) {
	_, address, err := b.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, classify("apps.connections.open", err)
	}
	if !strings.HasPrefix(address, "wss://") && b.gate.base.Scheme == "https" {
		return nil, errors.New("dial socket: Slack named an address that is not wss")
	}
	dialer := websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTimeout, WriteBufferSize: oneFrame,
	}
	conn, answer, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, fmt.Errorf("dial socket: %w", withoutAddress(err))
	}
	return conn, answer.Body.Close()
}

// enlist makes the line one that deliveries can be acknowledged over.
func (b *Bot) enlist(line *line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines[line] = true
	if id := line.hello.ConnectionInfo.AppID; id != "" {
		b.appID = id
	}
}

func (b *Bot) dismiss(line *line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.lines, line)
}

// openLines are the lines that can be written to, the one preferred first.
func (b *Bot) openLines(preferred *line) []*line {
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := []*line{preferred}
	for line := range b.lines {
		if line != preferred && line.open() && !closed(line.leaving) {
			lines = append(lines, line)
		}
	}
	return lines
}
