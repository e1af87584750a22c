package bot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// logBook is where a test reads what was logged.
type logBook struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (l *logBook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(line)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

func (l *logBook) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func TestLogHoldsNoTextsAndNoTokens(t *testing.T) {
	t.Parallel()
	book, fake := &logBook{}, newFakeSlack(t)
	router := NewRouter(book.logger(), Options{})
	router.Command("/access", func(context.Context, Command) (Answer, error) {
		return Answer{Text: "secret-answer"}, nil
	})
	router.Action("request_approve", func(context.Context, Action) error { return errors.New("row is locked") })
	fake.on("chat.postEphemeral", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	bot := fake.bot(1)
	bot.log = book.logger()
	socket := fake.run(bot, router)[0]
	typed := command("secret-text")
	typed["response_url"] = fake.server.URL + "/api/secret-address"
	for _, frame := range []any{
		deliver("e1", "slash_commands", typed),
		deliver("e2", "interactive", press("request_approve")),
		`{"envelope_id":"e3","type":"interactive","payload":["secret-payload"]}`,
		`{"envelope_id":"e4","type":"slash_commands","payload":{"text":{"secret-text":1}}}`,
		`{"secret-frame"`,
	} {
		socket.send(t, frame)
	}
	for range 4 {
		receive(t, socket.acks)
	}
	require.Eventually(t, func() bool { return bytes.Contains([]byte(book.String()), []byte("row is locked")) }, soon, time.Millisecond)
	require.NotContains(t, book.String(), "secret")
	require.Contains(t, book.String(), `"envelope":"e1","outcome":"done"`)
	require.Contains(t, book.String(), `"reference":`)
}

func TestExpectedErrorsAreNotFaults(t *testing.T) {
	t.Parallel()
	book, fake := &logBook{}, newFakeSlack(t)
	router := NewRouter(book.logger(), Options{})
	refusal := errors.New("not yours to decide")
	router.Expected(func(err error) bool { return errors.Is(err, refusal) })
	router.OnError(func(_ context.Context, _ Person, where Surface, err error) { where.Say(err.Error()) })
	router.Command("/access", func(context.Context, Command) (Answer, error) { return Answer{}, refusal })
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "slash_commands", command("")))
	require.Equal(t, "not yours to decide", receive(t, socket.acks)["payload"].(map[string]any)["text"])
	require.Eventually(t, func() bool { return bytes.Contains([]byte(book.String()), []byte(`"outcome":"refused"`)) }, soon, time.Millisecond)
	require.NotContains(t, book.String(), "ERROR")
	require.NotContains(t, book.String(), "not yours")
}
