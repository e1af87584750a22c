package bot

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

func TestCommandIsAnsweredInTheAcknowledgement(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	var got Command
	router.Command("/access", func(_ context.Context, command Command) (Answer, error) {
		got = command
		return Answer{Text: "Hello"}, nil
	})
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "slash_commands", command("mine")))
	ack := receive(t, socket.acks)
	require.Equal(t, "e1", ack["envelope_id"])
	require.Equal(t, map[string]any{"response_type": "ephemeral", "text": "Hello"}, ack["payload"])
	require.Equal(t, Person{UserID: "U1", TeamID: "T1"}, got.By)
	require.Equal(t, "mine", got.Text)
}

func TestSlowHandlerIsAcknowledgedInTime(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{AckAfter: 20 * time.Millisecond})
	release, finished := make(chan struct{}), make(chan struct{})
	router.Action("request_approve", func(ctx context.Context, _ Action) error {
		<-release
		close(finished)
		return ctx.Err()
	})
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "interactive", press("request_approve")))
	ack := receive(t, socket.acks)
	require.Equal(t, "e1", ack["envelope_id"])
	require.NotContains(t, ack, "payload")
	close(release)
	receive(t, finished)
}

func TestSlowCommandIsAnsweredAtItsResponseAddress(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{AckAfter: 20 * time.Millisecond})
	release := make(chan struct{})
	router.Command("/access", func(context.Context, Command) (Answer, error) {
		<-release
		return Answer{Text: "Late"}, nil
	})
	said := make(chan map[string]any, 1)
	fake.on("respond", captureJSON(said))
	socket := fake.run(fake.bot(1), router)[0]
	sent := command("mine")
	sent["response_url"] = fake.server.URL + "/api/respond"
	socket.send(t, deliver("e1", "slash_commands", sent))
	require.NotContains(t, receive(t, socket.acks), "payload")
	close(release)
	require.Equal(t, "Late", receive(t, said)["text"])
}

func TestSlowSubmissionKeepsTheModalOpenAndFillsItLater(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{AckAfter: 20 * time.Millisecond})
	release := make(chan struct{})
	router.Submission("request", func(context.Context, Submission) (ViewAnswer, error) {
		<-release
		return ViewAnswer{}, nil
	})
	updates := make(chan map[string]any, 1)
	fake.on("views.update", captureJSON(updates))
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "interactive", submit("request")))
	payload := receive(t, socket.acks)["payload"].(map[string]any)
	require.Equal(t, "update", payload["response_action"])
	require.Contains(t, string(encode(t, payload["view"])), "Working on it")
	close(release)
	update := receive(t, updates)
	require.Equal(t, "V1", update["view_id"])
	require.Contains(t, string(encode(t, update["view"])), "Done.")
}

func TestPanicIsRecoveredAndToldWithAReference(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	router.Command("/access", func(context.Context, Command) (Answer, error) { panic("boom") })
	socket := fake.run(fake.bot(1), router)[0]
	for _, id := range []string{"e1", "e2"} {
		socket.send(t, deliver(id, "slash_commands", command("")))
		payload := receive(t, socket.acks)["payload"].(map[string]any)
		require.Contains(t, payload["text"], "the reference ")
		require.NotContains(t, payload["text"], "boom")
	}
}

func TestErrorOfASubmissionStandsAtItsLastInput(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	router.Submission("request", func(_ context.Context, submission Submission) (ViewAnswer, error) {
		return ViewAnswer{}, errors.New(submission.State.Value("reason", "text"))
	})
	router.OnError(func(_ context.Context, by Person, where Surface, err error) {
		where.Say(by.UserID + ": " + err.Error())
	})
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "interactive", submit("request")))
	require.Equal(t, map[string]any{
		"response_action": "errors", "errors": map[string]any{"reason": "U1: because"},
	}, receive(t, socket.acks)["payload"])
}

func TestErrorOfAPressIsToldPrivately(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	fake.answer("chat.postEphemeral", `{"ok":false,"error":"user_not_in_channel"}`)
	fake.answer("conversations.open", `{"ok":true,"channel":{"id":"D1"}}`)
	told := make(chan string, 1)
	fake.on("chat.postMessage", func(w http.ResponseWriter, r *http.Request) {
		told <- r.PostForm.Get("channel") + " " + r.PostForm.Get("text")
		reply200(w, `{"ok":true,"channel":"D1","ts":"1.1"}`)
	})
	router.Action("request_approve", func(context.Context, Action) error { return errors.New("decided") })
	router.OnError(func(_ context.Context, _ Person, where Surface, _ error) { where.Say("Sam was first.") })
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "interactive", press("request_approve")))
	require.NotContains(t, receive(t, socket.acks), "payload")
	require.Equal(t, "D1 Sam was first.", receive(t, told))
	require.Len(t, fake.called("chat.postEphemeral"), 1)
}

func TestLargeViewGoesThroughViewsUpdate(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	large := notice(slack.View{}, strings.Repeat("x", 3000))
	for range 8 {
		large.Blocks.BlockSet = append(large.Blocks.BlockSet, large.Blocks.BlockSet[0])
	}
	router.Submission("request", func(context.Context, Submission) (ViewAnswer, error) {
		return ViewAnswer{Update: large}, nil
	})
	updates := make(chan map[string]any, 1)
	fake.on("views.update", captureJSON(updates))
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "interactive", submit("request")))
	ack := receive(t, socket.acks)
	require.Less(t, len(encode(t, ack)), maxAck)
	require.Equal(t, "update", ack["payload"].(map[string]any)["response_action"])
	require.Greater(t, len(encode(t, receive(t, updates)["view"])), maxAck)
}

func TestSuggestionsFitTheAcknowledgement(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	router.Suggestion("access", func(_ context.Context, suggestion Suggestion) (Choices, error) {
		var choices Choices
		for range 300 {
			text := slack.NewTextBlockObject(slack.PlainTextType, suggestion.Typed+strings.Repeat("é", 70), false, false)
			choices.Options = append(choices.Options, slack.NewOptionBlockObject(strings.Repeat("v", 150), text, text))
		}
		return choices, nil
	})
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "interactive", map[string]any{
		"type": "block_suggestion", "action_id": "access", "block_id": "b", "value": "dri", "user": map[string]any{"id": "U1"},
	}))
	ack := receive(t, socket.acks)
	require.Less(t, len(encode(t, ack)), maxAck)
	options := ack["payload"].(map[string]any)["options"].([]any)
	require.NotEmpty(t, options)
	require.LessOrEqual(t, len(options), 100)
}

func TestNoSuggestionIsAnEmptyList(t *testing.T) {
	t.Parallel()
	require.JSONEq(t, `{"options":[]}`, string(encode(t, Choices{}.fitting())))
}

func TestUnknownAndUnreadableAreAcknowledged(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	socket := fake.run(fake.bot(1), testRouter(Options{}))[0]
	for name, frame := range map[string]any{
		"an action nobody registered": deliver("e1", "interactive", press("nobody")),
		"a new kind of delivery":      deliver("e1", "telepathy", map[string]any{}),
		"a payload of another shape":  `{"envelope_id":"e1","type":"interactive","payload":["no"]}`,
		"fields of another shape":     `{"envelope_id":"e1","type":"events_api","retry_attempt":"many","payload":{}}`,
		"an event without an event":   deliver("e1", "events_api", map[string]any{"event_id": "Ev1"}),
	} {
		socket.send(t, frame)
		ack := receive(t, socket.acks)
		require.Equal(t, map[string]any{"envelope_id": "e1"}, ack, name)
	}
}

func TestChangeOfAFieldNobodyNeedsLeavesButtonsWorking(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	var got Action
	router.Action("request_approve", func(_ context.Context, action Action) error { got = action; return nil })
	socket := fake.run(fake.bot(1), router)[0]
	changed := press("request_approve")
	changed["message"] = map[string]any{"ts": "5.1", "thread_ts": "4.1", "edited": "no longer an object", "blocks": 7}
	changed["user"] = map[string]any{"id": "U1", "team_id": "T1", "is_bot": "perhaps"}
	socket.send(t, deliver("e1", "interactive", changed))
	receive(t, socket.acks)
	require.Equal(t, Person{UserID: "U1", TeamID: "T1"}, got.By)
	require.Equal(t, []string{"row", "C1", "5.1", "4.1"}, []string{got.Value, got.ChannelID, got.MessageTS, got.ThreadTS})
}

func TestEventOfATypeTheClientDoesNotKnowIsDelivered(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	var got Event
	router.Event("brand_new", func(_ context.Context, event Event) error { got = event; return nil })
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "events_api", map[string]any{
		"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": map[string]any{"type": "brand_new", "x": 1},
	}))
	receive(t, socket.acks)
	require.Equal(t, "Ev1", got.ID)
	require.JSONEq(t, `{"type":"brand_new","x":1}`, string(got.Raw))
}

func TestRegisteringTwicePanics(t *testing.T) {
	t.Parallel()
	router := testRouter(Options{})
	router.Shortcut("request_access", func(context.Context, Shortcut) error { return nil })
	require.PanicsWithValue(t, `bot: shortcut "request_access" is registered twice`, func() {
		router.Shortcut("request_access", func(context.Context, Shortcut) error { return nil })
	})
}
