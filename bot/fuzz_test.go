package bot

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// FuzzDelivery feeds the router with payloads of any shape: each is acknowledged once, and none ends the
// process.
func FuzzDelivery(f *testing.F) {
	for kind, payload := range map[string]any{
		"slash_commands": command("request drive"), "interactive": press("request_approve"), "events_api": opened("Ev1"),
	} {
		raw, err := json.Marshal(payload)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(kind, raw)
	}
	raw, err := json.Marshal(submit("request"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("interactive", raw)
	f.Add("interactive", []byte(`{"type":"block_actions","actions":[{"block_id":"b","action_id":"request_approve"}],"state":[]}`))
	f.Add("telepathy", []byte(`null`))
	router := testRouter(Options{AckAfter: time.Minute})
	router.Command("/access", func(context.Context, Command) (Answer, error) { return Answer{Text: "x"}, nil })
	router.Action("request_approve", func(context.Context, Action) error { return nil })
	router.Event("app_home_opened", func(context.Context, Event) error { return nil })
	router.Submission("request", func(_ context.Context, s Submission) (ViewAnswer, error) {
		return ViewAnswer{Errors: map[string]string{"nobody": s.State.Value("reason", "text")}}, nil
	})
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		if !json.Valid(payload) {
			return // the frame would not have been read
		}
		way := &recordingLink{}
		router.deliver(t.Context(), envelope{ID: "e1", Kind: kind, Payload: payload, AcceptsPayload: true}, way)
		if len(way.acks) != 1 {
			t.Fatalf("%d acknowledgements", len(way.acks))
		}
	})
}

// FuzzFrame feeds a line with frames of any shape.
func FuzzFrame(f *testing.F) {
	for _, frame := range []string{
		`{"type":"hello","num_connections":1}`, `{"type":"disconnect","reason":"warning"}`,
		`{"envelope_id":"e1","type":"events_api","retry_attempt":"x","payload":{}}`, `[]`, `"`, ``,
	} {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		line := newLine(nil, time.Second)
		for range 2 {
			line.frame(frame, func(sent envelope) {
				if sent.ID == "" {
					t.Fatal("a delivery that cannot be acknowledged")
				}
			})
		}
	})
}

// recordingLink notes acknowledgements and lets everything else succeed.
type recordingLink struct{ acks []any }

func (l *recordingLink) ack(_ context.Context, _ string, payload any) error {
	l.acks = append(l.acks, payload)
	return nil
}

func (l *recordingLink) Post(context.Context, Message) (Posted, error)            { return Posted{}, nil }
func (l *recordingLink) Ephemeral(context.Context, string, string, Message) error { return nil }
func (l *recordingLink) Respond(context.Context, string, Message, bool) error     { return nil }
func (l *recordingLink) OpenDM(context.Context, string) (string, error)           { return "D1", nil }

func (l *recordingLink) UpdateView(context.Context, string, string, slack.ModalViewRequest) (View, error) {
	return View{}, nil
}
