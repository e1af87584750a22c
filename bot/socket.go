package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// maxFrame bounds what one frame may hold; the largest real ones are modals of 250 KB.
const maxFrame = 4 << 20

// socket is one Socket Mode connection that is kept open.
type socket struct {
	bot    *Bot
	number int
	open   atomic.Bool

	mu     sync.Mutex
	client *socketmode.Client
	brake  *brake
}

// keep holds the socket open until ctx ends or a token is wrong for good.
func (s *socket) keep(ctx context.Context, take func(envelope, *socket)) error {
	log := s.bot.log.With("socket", s.number)
	brake := &brake{gate: s.bot.gate, tempo: s.bot.tempo, log: log}
	for ctx.Err() == nil {
		client := socketmode.New(s.bot.client(brake),
			socketmode.OptionPingInterval(s.bot.tempo.ping),
			socketmode.OptionReadLimit(maxFrame),
			socketmode.OptionLog(quiet()),
		)
		s.use(client, brake)
		err := s.pump(ctx, client, log, take)
		if ctx.Err() != nil {
			return nil
		}
		if fatal(err) {
			return fmt.Errorf("open socket: %w", classify("apps.connections.open", err))
		}
		log.WarnContext(ctx, "slack socket ended", "error", classify("apps.connections.open", err))
	}
	return nil
}

// use makes the client the one that acknowledgements go through.
func (s *socket) use(client *socketmode.Client, brake *brake) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client, s.brake = client, brake
}

// pump runs the client and takes its events as they come. It does no work itself: a reader that is not
// drained leaves pings unanswered.
func (s *socket) pump(ctx context.Context, client *socketmode.Client, log *slog.Logger, take func(envelope, *socket)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer s.open.Store(false)
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	for {
		select {
		case event := <-client.Events:
			if err := s.event(ctx, event, log, take); err != nil {
				cancel()
				<-ended
				return err
			}
		case err := <-ended:
			return err
		}
	}
}

// event notes what the client says of the connection and passes deliveries on. It returns an error when
// there is no use in going on.
func (s *socket) event(ctx context.Context, event socketmode.Event, log *slog.Logger, take func(envelope, *socket)) error {
	switch event.Type {
	case socketmode.EventTypeConnecting:
		if s.open.Swap(false) {
			log.InfoContext(ctx, "slack socket closed, opening another")
		}
	case socketmode.EventTypeHello:
		s.greeted(ctx, event, log)
	case socketmode.EventTypeConnectionError:
		return s.refused(ctx, event, log)
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		s.brake.delivered()
		take(envelopeOf(event.Request), s)
	case socketmode.EventTypeErrorBadMessage:
		s.unparsable(ctx, event, log, take)
	case socketmode.EventTypeErrorWriteFailed:
		s.unwritten(ctx, event, log)
	}
	return nil
}

func (s *socket) greeted(ctx context.Context, event socketmode.Event, log *slog.Logger) {
	s.open.Store(true)
	s.brake.hello()
	if event.Request == nil {
		return
	}
	s.bot.noteApp(event.Request.ConnectionInfo.AppID)
	log.InfoContext(ctx, "slack socket open", "connections", event.Request.NumConnections,
		"seconds", event.Request.DebugInfo.ApproximateConnectionTime)
}

// refused ends the socket for errors that slack-go would retry for ever.
func (s *socket) refused(ctx context.Context, event socketmode.Event, log *slog.Logger) error {
	detail, ok := event.Data.(*slack.ConnectionErrorEvent)
	if !ok || ctx.Err() != nil {
		return nil
	}
	if fatal(detail.ErrorObj) {
		return detail.ErrorObj
	}
	log.WarnContext(ctx, "slack socket cannot be opened", "attempt", detail.Attempt,
		"backoff", detail.Backoff, "error", classify("apps.connections.open", detail.ErrorObj))
	return nil
}

// unparsable passes on a frame that slack-go could not decode: an event of a type it does not know is
// read by us, and anything else with an envelope ID is at least acknowledged.
func (s *socket) unparsable(ctx context.Context, event socketmode.Event, log *slog.Logger, take func(envelope, *socket)) {
	bad, ok := event.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	var sent envelope
	if err := json.Unmarshal(bad.Message, &sent); err != nil || sent.ID == "" {
		var least struct {
			ID string `json:"envelope_id"`
		}
		if json.Unmarshal(bad.Message, &least) != nil || least.ID == "" {
			log.WarnContext(ctx, "slack frame unreadable", "bytes", len(bad.Message))
			return
		}
		sent = envelope{ID: least.ID, Kind: "unreadable"}
	}
	s.brake.delivered()
	take(sent, s)
}

// unwritten sends an acknowledgement again that could not be written, through any open socket.
func (s *socket) unwritten(ctx context.Context, event socketmode.Event, log *slog.Logger) {
	failed, ok := event.Data.(*socketmode.ErrorWriteFailed)
	if !ok || failed.Response == nil {
		return
	}
	log.WarnContext(ctx, "slack acknowledgement not written, sending it again", "envelope", failed.Response.EnvelopeID)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, ackTimeout)
		defer cancel()
		if err := s.bot.ackThrough(ctx, s, failed.Response.EnvelopeID, failed.Response.Payload); err != nil {
			log.WarnContext(ctx, "slack delivery not acknowledged", "envelope", failed.Response.EnvelopeID, "error", err)
		}
	}()
}

func (s *socket) send(ctx context.Context, envelopeID string, payload any) error {
	s.mu.Lock()
	client := s.client
	s.mu.Unlock()
	if client == nil {
		return errors.New("socket was never opened")
	}
	if err := client.AckCtx(ctx, envelopeID, payload); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	return nil
}

func envelopeOf(request *socketmode.Request) envelope {
	return envelope{
		ID: request.EnvelopeID, Kind: request.Type, Payload: request.Payload,
		AcceptsPayload: request.AcceptsResponsePayload, RetryAttempt: request.RetryAttempt,
	}
}

// fatal reports whether the tokens are wrong for good, so that another attempt cannot succeed.
func fatal(err error) bool {
	refusal, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return false
	}
	kind := refused("apps.connections.open", refusal)
	return errors.Is(kind, ErrToken) || errors.Is(kind, ErrScope)
}

// quiet is a logger for the client that says nothing: its lines can hold texts of messages.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
