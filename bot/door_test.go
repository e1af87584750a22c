package bot

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

func TestRateLimitIsObeyed(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	var calls atomic.Int64
	fake.on("chat.postMessage", func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		reply200(w, `{"ok":true,"channel":"C1","ts":"1.1"}`)
	})
	start := time.Now()
	posted, err := fake.bot(1).Post(t.Context(), Message{Channel: "C1", Text: "x"})
	require.NoError(t, err)
	require.Equal(t, Posted{Channel: "C1", TS: "1.1"}, posted)
	require.GreaterOrEqual(t, time.Since(start), time.Second)
	require.Equal(t, int64(2), calls.Load())
}

func TestLongRateLimitIsHandedBack(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	var calls atomic.Int64
	fake.on("users.list", func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	bot := fake.bot(1)
	for range 2 { // the second one is not even sent
		err := bot.Users(t.Context(), func(User) error { return nil })
		var limited *RateLimited
		require.ErrorAs(t, err, &limited)
		require.Equal(t, "users.list", limited.Method)
		require.InDelta(t, 60, limited.RetryAfter.Seconds(), 1)
	}
	require.Equal(t, int64(1), calls.Load())
}

func TestChannelTakesAboutOneMessageASecond(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	fake.answer("chat.postMessage", `{"ok":true,"channel":"C1","ts":"1.1"}`)
	bot := fake.bot(1)
	start := time.Now()
	for range 4 {
		_, err := bot.Post(t.Context(), Message{Channel: "C1", Text: "x"})
		require.NoError(t, err)
	}
	require.GreaterOrEqual(t, time.Since(start), 900*time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := bot.Post(ctx, Message{Channel: "C1", Text: "x"})
	var limited *RateLimited
	require.ErrorAs(t, err, &limited, "it would be too late")
	_, err = bot.Post(t.Context(), Message{Channel: "C2", Text: "x"})
	require.NoError(t, err, "another channel has its own budget")
}

func TestReadIsRepeatedAndPostIsNot(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	var reads, posts atomic.Int64
	fake.on("users.info", func(w http.ResponseWriter, _ *http.Request) {
		if reads.Add(1) < 3 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		reply200(w, `{"ok":true,"user":{"id":"U1","team_id":"T1","is_restricted":true,"profile":{"email":"ana@example.com"}}}`)
	})
	fake.on("chat.postMessage", func(w http.ResponseWriter, _ *http.Request) {
		posts.Add(1)
		w.WriteHeader(http.StatusBadGateway)
	})
	bot := fake.bot(1)
	user, err := bot.User(t.Context(), "U1")
	require.NoError(t, err)
	require.Equal(t, "ana@example.com", user.Email)
	require.True(t, user.IsGuest)
	_, err = bot.Post(t.Context(), Message{Channel: "C1", Text: "x"})
	require.ErrorIs(t, err, ErrUnknown)
	require.Equal(t, int64(1), posts.Load())
}

func TestLostAnswerIsSettledByLooking(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	fake.on("chat.postMessage", func(w http.ResponseWriter, r *http.Request) {
		message := r.PostForm
		fake.on("conversations.history", func(w http.ResponseWriter, r *http.Request) {
			if r.PostForm.Get("cursor") == "" {
				reply200(w, `{"ok":true,"messages":[
					{"ts":"9.1","user":"UEVE","bot_id":"BEVE","metadata":`+message.Get("metadata")+`},
					{"ts":"8.1","user":"UBOT","bot_id":"BBOT","metadata":{"event_type":"usher_message","event_payload":{"key":"other"}}}
				],"response_metadata":{"next_cursor":"two"}}`)
				return
			}
			reply200(w, `{"ok":true,"messages":[{"ts":"7.1","user":"UBOT","bot_id":"BBOT","metadata":`+message.Get("metadata")+`}]}`)
		})
		hijacked, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = hijacked.Close() // done, but the answer is lost
		}
	})
	bot := fake.bot(1)
	since := time.Unix(1_800_000_000, 0)
	_, err := bot.Post(t.Context(), Message{Channel: "C1", Text: "x", Key: "card-7"})
	require.ErrorIs(t, err, ErrUnknown)
	posted, err := bot.FindPosted(t.Context(), "C1", "", "card-7", since)
	require.NoError(t, err)
	require.Equal(t, Posted{Channel: "C1", TS: "7.1"}, posted, "another app's copy does not count")
	asked := fake.called("conversations.history")[0]
	require.Equal(t, "1", asked.Get("include_all_metadata"))
	require.Equal(t, "1799999880.000000", asked.Get("oldest"))
	_, err = bot.FindPosted(t.Context(), "C1", "", "card-8", since)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestNothingSentIsUnavailableAndNotUnknown(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	bot := fake.bot(1)
	fake.server.Close()
	_, err := bot.Post(t.Context(), Message{Channel: "C1", Text: "x"})
	require.ErrorIs(t, err, ErrUnavailable)
	require.NotErrorIs(t, err, ErrUnknown)
	require.NotContains(t, err.Error(), "secret")
}

func TestAnswerThatCannotBeReadIsUnknown(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	fake.answer("chat.postMessage", `<html>`)
	_, err := fake.bot(1).Post(t.Context(), Message{Channel: "C1", Text: "x"})
	require.ErrorIs(t, err, ErrUnknown)
}

func TestRefusalsHaveKinds(t *testing.T) {
	t.Parallel()
	for code, kind := range map[string]error{
		"channel_not_found": ErrNotFound, "not_in_channel": ErrNotMember, "invalid_auth": ErrToken,
		"messages_tab_disabled": ErrDisabled, "missing_scope": ErrScope, "plan_upgrade_required": ErrPlan,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			fake := newFakeSlack(t)
			fake.answer("chat.postMessage", `{"ok":false,"error":"`+code+`","response_metadata":{"messages":["[ERROR] why"]}}`)
			_, err := fake.bot(1).Post(t.Context(), Message{Channel: "C1", Text: "x"})
			require.ErrorIs(t, err, kind)
			var refusal *Refused
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, code, refusal.Code)
			require.Equal(t, []string{"[ERROR] why"}, refusal.Messages)
		})
	}
}

func TestCodesThatAreNoRefusal(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	bot := fake.bot(1)
	for code, kind := range map[string]error{"internal_error": ErrUnknown, "service_unavailable": ErrUnavailable} {
		fake.answer("chat.postMessage", `{"ok":false,"error":"`+code+`"}`)
		_, err := bot.Post(t.Context(), Message{Channel: "C1", Text: "x"})
		require.ErrorIs(t, err, kind)
		var refusal *Refused
		require.NotErrorAs(t, err, &refusal)
	}
	fake.answer("users.info", `{"ok":false,"error":"internal_error"}`)
	_, err := bot.User(t.Context(), "U1")
	require.ErrorIs(t, err, ErrUnavailable, "a read has no effect to be unsure of")
	fake.answer("users.info", `{"ok":false,"error":"ratelimited"}`)
	_, err = bot.User(t.Context(), "U1")
	var limited *RateLimited
	require.ErrorAs(t, err, &limited)
}

func TestUpdateRemovesBlocksItDoesNotHave(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	fake.answer("chat.update", `{"ok":true,"channel":"C1","ts":"1.1"}`)
	require.NoError(t, fake.bot(1).Update(t.Context(), "C1", "1.1", Message{Text: "Over."}))
	sent := fake.called("chat.update")[0]
	require.Equal(t, "[]", sent.Get("blocks"))
	require.Equal(t, "1.1", sent.Get("ts"))
}

func TestRespondOnlyToSlack(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	bot := fake.bot(1)
	for _, address := range []string{"", "http://127.0.0.1:1/x", "https://slack.com.example/x", "http://hooks.slack.com/x", "file:///etc/passwd"} {
		require.Error(t, bot.trusted(address), address)
	}
	require.NoError(t, bot.trusted("https://hooks.slack.com/actions/T1/1/x"))
	fake.on("used", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("expired_url"))
	})
	err := bot.Respond(t.Context(), fake.server.URL+"/api/used", Message{Text: "x"}, false)
	require.ErrorIs(t, err, ErrExpired)
	require.NotContains(t, err.Error(), fake.server.URL)
}

func TestChannelByNameIsRememberedAndPaged(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	fake.on("conversations.list", func(w http.ResponseWriter, r *http.Request) {
		if r.PostForm.Get("cursor") == "" {
			reply200(w, `{"ok":true,"channels":[{"id":"C1","name":"general"}],"response_metadata":{"next_cursor":"two"}}`)
			return
		}
		reply200(w, `{"ok":true,"channels":[{"id":"C2","name":"access"}]}`)
	})
	bot := fake.bot(1)
	for range 2 {
		id, err := bot.ChannelID(t.Context(), "#access")
		require.NoError(t, err)
		require.Equal(t, "C2", id)
		_, err = bot.ChannelID(t.Context(), "#nowhere")
		require.ErrorIs(t, err, ErrNotFound)
	}
	require.Len(t, fake.called("conversations.list"), 2)
	id, err := bot.ChannelID(t.Context(), "C0123456789")
	require.NoError(t, err)
	require.Equal(t, "C0123456789", id)
}

func TestTriggerTooLateIsExpired(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	fake.answer("views.open", `{"ok":false,"error":"expired_trigger_id"}`)
	_, err := fake.bot(1).OpenView(t.Context(), "1.2.3", slack.ModalViewRequest{Type: slack.VTModal})
	require.ErrorIs(t, err, ErrExpired)
}
