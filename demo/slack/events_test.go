package slack_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestEventsComeAgain(t *testing.T) {
	t.Parallel()
	b := setup(t, quick)
	w := b.dial("")
	w.next()
	require.NoError(t, b.ana.OpenHome(""))
	first := w.next()
	require.InDelta(t, 0, first["retry_attempt"], 0)
	require.Empty(t, first["retry_reason"])
	again := w.next() // at once
	require.InDelta(t, 1, again["retry_attempt"], 0)
	require.Equal(t, "timeout", again["retry_reason"])
	require.NotEqual(t, first["envelope_id"], again["envelope_id"])
	require.Equal(t, eventID(first), eventID(again))
	b.eventually(func() bool { return len(b.Errors()) == 2 })

	b.Clock().Advance(61 * time.Second)
	require.InDelta(t, 2, w.next()["retry_attempt"], 0)
	b.eventually(func() bool { return len(b.Errors()) == 3 })
	b.Clock().Advance(241 * time.Second)
	last := w.next()
	require.InDelta(t, 3, last["retry_attempt"], 0)
	w.ack(last, nil)
	b.eventually(func() bool { return acknowledged(b) })
	b.Clock().Advance(time.Hour)
	require.Len(t, b.Errors(), 3)
}

func TestEventsWaitForASocket(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	require.NoError(t, b.ChangeUser("ben", func(u *slack.User) { u.Deleted = true }))
	b.eventually(func() bool { return times(b, "user_change: no socket is open") == 2 })
	w := b.dial("")
	w.next()
	b.Clock().Advance(61 * time.Second)
	frame := w.next()
	require.InDelta(t, 2, frame["retry_attempt"], 0, "the first copy that is seen is a retry")
	w.ack(frame, nil)
	payload, _ := frame["payload"].(map[string]any)
	event, _ := payload["event"].(map[string]any)
	user, _ := event["user"].(map[string]any)
	require.Equal(t, true, user["deleted"])
	b.noErrors()
}

func TestEventsThatAreTooLateAreDropped(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	require.NoError(t, b.ana.OpenHome(""))
	b.eventually(func() bool { return logged(b, "app_home_opened: no socket is open") })
	b.Clock().Advance(3 * time.Hour)
	b.eventually(func() bool { return logged(b, "app_home_opened: too late to be sent again") })
}

func TestEventsThatAreNotSubscribedAreNotSent(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	w := b.dial("")
	w.next()
	_, err := b.ana.Say("access", "message.channels is not in the manifest")
	require.NoError(t, err)
	group := b.AddUsergroup(slack.Usergroup{Handle: "owners"})
	require.NoError(t, b.SetUsergroupUsers(group, b.ana.ID()))
	frame := w.next()
	payload, _ := frame["payload"].(map[string]any)
	event, _ := payload["event"].(map[string]any)
	require.Equal(t, "subteam_members_changed", event["type"])
	require.Equal(t, []any{b.ana.ID()}, event["added_users"])
	w.ack(frame, nil)
	_, err = b.ana.Say(b.app.BotUser, "hello bot")
	require.NoError(t, err)
	frame = w.next()
	payload, _ = frame["payload"].(map[string]any)
	event, _ = payload["event"].(map[string]any)
	require.Equal(t, "im", event["channel_type"])
	w.ack(frame, nil)
}

func times(b *bundle, summary string) int {
	n := 0
	for _, e := range b.Journal() {
		if e.Summary == summary {
			n++
		}
	}
	return n
}

func eventID(frame map[string]any) any {
	payload, _ := frame["payload"].(map[string]any)
	return payload["event_id"]
}

func acknowledged(b *bundle) bool {
	for _, e := range b.Journal() {
		if e.Method == "ack" && e.Level == slack.LevelInfo {
			return true
		}
	}
	return false
}
