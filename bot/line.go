package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
)

const (
	// maxFrame bounds what one frame may hold; the largest real ones are modals of 250 KB.
	maxFrame = 4 << 20
	// writeTimeout bounds the writing of one acknowledgement.
	writeTimeout = 5 * time.Second
	// oneFrame is a write buffer larger than any acknowledgement: Slack ignores fragmented frames.
	oneFrame = 32 << 10
)

// errSilent says that Slack sent nothing, not even a ping, for too long.
var errSilent = errors.New("socket fell silent")

// line is one WebSocket connection from its dialling to its end.
type line struct {
	conn    *websocket.Conn
	silence time.Duration
	writing sync.Mutex
	born    time.Time
	useful  atomic.Bool

	// greeted is closed by Slack's hello, leaving when Slack wants the line replaced, ended when nothing can
	// be read any more.
	greeted, leaving, ended chan struct{}
	hello                   socketmode.Request
	reason                  string
	err                     error
}

func newLine(conn *websocket.Conn, silence time.Duration) *line {
	return &line{
		conn: conn, silence: silence, born: time.Now(),
		greeted: make(chan struct{}), leaving: make(chan struct{}), ended: make(chan struct{}),
	}
}

// read takes frames until the connection ends, and hands deliveries over. It does no work itself: while it
// is busy, pings go unanswered.
func (l *line) read(take func(envelope)) {
	defer close(l.ended)
	defer func() { _ = l.conn.Close() }()
	l.conn.SetReadLimit(maxFrame)
	l.conn.SetPingHandler(l.pong)
	for {
		if err := l.conn.SetReadDeadline(time.Now().Add(l.silence)); err != nil {
			l.err = err
			return
		}
		_, frame, err := l.conn.ReadMessage()
		if err != nil {
			l.err = readError(err)
			return
		}
		l.frame(frame, take)
	}
}

// pong answers Slack's ping. One that cannot be answered shows in the next read.
func (l *line) pong(data string) error {
	_ = l.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
	return l.conn.SetReadDeadline(time.Now().Add(l.silence))
}

func (l *line) frame(frame []byte, take func(envelope)) {
	var sent socketmode.Request
	if err := json.Unmarshal(frame, &sent); err != nil {
		sent = socketmode.Request{Type: "unreadable", EnvelopeID: envelopeID(frame)}
	}
	switch sent.Type {
	case socketmode.RequestTypeHello:
		l.greet(sent)
	case socketmode.RequestTypeDisconnect:
		l.leave(sent.Reason)
	default:
		if sent.EnvelopeID != "" {
			l.useful.Store(true)
			take(envelopeOf(sent))
		}
	}
}

func (l *line) greet(hello socketmode.Request) {
	if closed(l.greeted) {
		return
	}
	l.hello = hello
	close(l.greeted)
}

// leave notes that Slack is about to end the line; the first reason counts.
func (l *line) leave(reason string) {
	if closed(l.leaving) {
		return
	}
	l.reason = reason
	close(l.leaving)
}

// write sends an acknowledgement. Without an error it was handed to the network.
func (l *line) write(response socketmode.Response) error {
	encoded, err := json.Marshal(response)
	if err != nil {
		return fmt.Errorf("encode acknowledgement: %w", err)
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if err := l.conn.WriteMessage(websocket.TextMessage, encoded); err != nil {
		return fmt.Errorf("write acknowledgement: %w", err)
	}
	return nil
}

// open reports whether the line was greeted and can still be read.
func (l *line) open() bool { return closed(l.greeted) && !closed(l.ended) }

// held reports whether the line did its duty, so that its end is routine.
func (l *line) held(steady time.Duration) bool {
	return closed(l.greeted) && (l.useful.Load() || time.Since(l.born) >= steady)
}

// hangUp ends the line from our side.
func (l *line) hangUp() {
	_ = l.conn.WriteControl(websocket.CloseMessage,
		websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	_ = l.conn.Close()
}

func closed(signal <-chan struct{}) bool {
	select {
	case <-signal:
		return true
	default:
		return false
	}
}

func readError(err error) error {
	if timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && timeout.Timeout() {
		return errSilent
	}
	return err
}
