package slack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

const option = `{"text":{"type":"plain_text","text":"One"},"value":"1"},{"text":{"type":"plain_text","text":"Two"},"value":"2"}`

// input is an input block whose label, block id and action id are the kind of its element.
func input(kind, more string) string {
	return `{"type":"input","block_id":"` + kind + `","label":{"type":"plain_text","text":"` + kind + `"},
		"element":{"type":"` + kind + `","action_id":"` + kind + `"` + more + `}}`
}

func TestEveryField(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	choices := `,"options":[` + option + `]`
	view := `{"type":"modal","title":{"type":"plain_text","text":"All"},"submit":{"type":"plain_text","text":"Go"},"blocks":[` +
		input("plain_text_input", `,"min_length":3,"max_length":5`) + "," + input("email_text_input", "") + "," +
		input("url_text_input", "") + "," + input("number_input", `,"is_decimal_allowed":false,"min_value":"2","max_value":"9"`) + "," +
		input("static_select", choices) + "," + input("radio_buttons", choices) + "," + input("checkboxes", choices) + "," +
		input("users_select", "") + "," + input("channels_select", "") + "," + input("datepicker", "") + "," + input("datetimepicker", "") + "," +
		input("timepicker", `,"initial_time":"10:00"`) + "," + input("multi_static_select", choices) + `]}`
	require.Nil(t, a.call("views.open", "trigger_id", a.trigger(), "view", view)["error"])
	v, err := a.ana.AwaitView(a.ctx, "All")
	require.NoError(t, err)
	for field, text := range map[string]string{
		"plain_text_input": "no", "email_text_input": "nobody", "url_text_input": "here", "number_input": "1",
		"static_select": "Two", "radio_buttons": "1", "checkboxes": "One", "users_select": "ben",
		"channels_select": "#access", "datepicker": "2026-11-21", "datetimepicker": "1795190400", "multi_static_select": "Two",
	} {
		require.NoError(t, a.ana.Fill(v.Target(), field, text), field)
	}
	require.ErrorContains(t, a.ana.Select(v.Target(), "static_select", "Three"), `it offers "One", "Two"`)
	require.ErrorContains(t, a.ana.Fill(v.Target(), "nothing", "x"), `there is no field "nothing"`)
	require.ErrorContains(t, a.ana.Type(v.Target(), "static_select", "x"), "takes no text")
	got, err := a.ana.Submit(v)
	require.NoError(t, err)
	require.False(t, got.OK())
	require.Len(t, got.Errors, 4, "%v", got.Errors)
	for field, text := range map[string]string{
		"plain_text_input": "yes", "email_text_input": "a@example.com", "url_text_input": "https://example.com", "number_input": "3",
	} {
		require.NoError(t, a.ana.Fill(v.Target(), field, text))
	}
	v, _ = a.ana.Top()
	require.Equal(t, "Two", v.Value("static_select"))
	require.Equal(t, "10:00", v.Value("timepicker"), "an initial value counts")
	require.Equal(t, "checkboxes", v.Label("checkboxes"))
	require.Len(t, v.Options("static_select"), 2)
	a.answers <- nil
	got, err = a.ana.Submit(v)
	require.NoError(t, err)
	require.True(t, got.OK(), "%+v", got)
	state := (<-a.got).View.State.Values
	require.Equal(t, "1", state["checkboxes"]["checkboxes"].SelectedOptions[0].Value)
	require.Equal(t, a.ben.ID(), state["users_select"]["users_select"].SelectedUser)
	require.EqualValues(t, 1795190400, state["datetimepicker"]["datetimepicker"].SelectedDateTime)
	require.Equal(t, a.ChannelID("access"), state["channels_select"]["channels_select"].SelectedChannel)
	a.noErrors()
}

func TestAStaleChoiceIsNotKept(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	view := func(options string) string {
		return `{"type":"modal","title":{"type":"plain_text","text":"One"},"submit":{"type":"plain_text","text":"Go"},"blocks":[` +
			input("static_select", `,"options":[`+options+`]`) + `]}`
	}
	require.Nil(t, a.call("views.open", "trigger_id", a.trigger(), "view", view(option))["error"])
	v, _ := a.ana.Top()
	require.NoError(t, a.ana.Select(v.Target(), "static_select", "Two"))
	require.Nil(t, a.call("views.update", "view_id", v.ID, "view", view(option))["error"])
	v, _ = a.ana.Top()
	require.Equal(t, "Two", v.Value("static_select"))
	other := `{"text":{"type":"plain_text","text":"Three"},"value":"3"}`
	require.Nil(t, a.call("views.update", "view_id", v.ID, "view", view(other))["error"])
	v, _ = a.ana.Top()
	require.Empty(t, v.Value("static_select"))
}

func TestOverflowAndShortcuts(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	channel := a.ChannelID("access")
	body := a.call("chat.postMessage", "channel", channel, "text", "card", "blocks",
		`[{"type":"section","text":{"type":"mrkdwn","text":"card"},"accessory":
			{"type":"overflow","action_id":"more","options":[`+option+`]}}]`)
	ts, _ := body["ts"].(string)
	card := slack.Target{Channel: channel, MessageTS: ts}
	require.NoError(t, a.ana.PressLabel(card, "Two"))
	require.Equal(t, "2", (<-a.got).ActionCallback.BlockActions[0].SelectedOption.Value)
	require.NoError(t, a.ana.Press(card, "more", "1"))
	require.Equal(t, "1", (<-a.got).ActionCallback.BlockActions[0].SelectedOption.Value)
	require.Error(t, a.ana.Press(card, "more", "3"))
	require.NoError(t, a.ana.Shortcut("echo_it"))
	require.NotEmpty(t, (<-a.got).TriggerID)
	require.NoError(t, a.ana.MessageShortcut("echo_this", card))
	got := <-a.got
	require.Equal(t, "card", got.Message.Text)
	require.Equal(t, channel, got.Channel.ID)
	require.ErrorContains(t, a.ana.Shortcut("nope"), "no app has the shortcut")
	a.noErrors()
}
