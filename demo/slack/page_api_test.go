package slack_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

type object = map[string]any

// read and act are what the page in the browser does.
func (b *bundle) read(path string) object {
	b.t.Helper()
	res, err := http.Get(b.URL() + "/_page/" + path)
	require.NoError(b.t, err)
	return bodyOf(b.t, res, 200)
}

func (b *bundle) act(path string, body object) object {
	b.t.Helper()
	res, err := http.Post(b.URL()+"/_page/"+path, "application/json", strings.NewReader(toJSON(b.t, body)))
	require.NoError(b.t, err)
	return bodyOf(b.t, res, 200)
}

func bodyOf(t *testing.T, res *http.Response, status int) object {
	t.Helper()
	defer res.Body.Close()
	var body object
	require.NoError(t, json.NewDecoder(res.Body).Decode(&body))
	require.Equal(t, status, res.StatusCode, "%v", body)
	return body
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	b.AddChannel(slack.Channel{Name: "secret", Private: true})
	_, _, err := b.api.PostMessage(b.ChannelID("access"), slackgo.MsgOptionText("hello <@"+b.ana.ID()+">", false))
	require.NoError(t, err)
	snapshot := b.read("snapshot?user=" + b.ana.ID())
	me, _ := snapshot["me"].(object)
	require.Equal(t, "Ana Diaz", me["real_name"])
	require.Len(t, snapshot["users"], 3)
	channels, _ := snapshot["channels"].([]any)
	require.Len(t, channels, 2, "#general and #access, not #secret")
	access, _ := channels[1].(object)
	require.InDelta(t, 1, access["unread"], 0)
	require.InDelta(t, 1, access["mentions"], 0)
	b.act("read", object{"user": b.ana.ID(), "channel": access["id"], "ts": access["latest"]})
	channels, _ = b.read("snapshot?user=" + b.ana.ID())["channels"].([]any)
	access, _ = channels[1].(object)
	require.InDelta(t, 0, access["unread"], 0)
	apps, _ := snapshot["apps"].([]any)
	app, _ := apps[0].(object)
	require.Equal(t, "Echo", app["name"])
	require.Len(t, app["shortcuts"], 2)
	require.InDelta(t, 0, snapshot["journal_errors"], 0)
}

func TestAFirstVisit(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	visit := func(query string) string {
		me, _ := b.read("snapshot" + query)["me"].(object)
		id, _ := me["id"].(string)
		return id
	}
	require.Equal(t, b.ana.ID(), visit(""), "the first person")
	require.NoError(t, b.ChangeUser("ana", func(u *slack.User) { u.Deleted = true }))
	require.Equal(t, b.ben.ID(), visit("?user="), "who is not deactivated")
	res, err := http.Get(b.URL() + "/_page/snapshot?user=U0")
	require.NoError(t, err)
	require.Contains(t, bodyOf(t, res, 400)["error"], "no such person")
}

func TestThePagePlaysAPerson(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	ana := a.ana.ID()
	require.Equal(t, true, a.act("say", object{"user": ana, "channel": a.ChannelID("access"), "text": "/echo hi"})["ok"])
	<-a.triggers
	v := a.open()
	view := object{"type": "view", "view_id": v.ID}
	state := object{"values": object{"why": object{"why_type": object{"type": "plain_text_input", "value": "because"}}}}
	a.act("input", object{"user": ana, "view_id": v.ID, "state": state})
	stack, _ := a.read("views?user=" + ana)["stack"].([]any)
	require.Contains(t, toJSON(t, stack[0]), `"value":"because"`)
	a.act("action", object{
		"user": ana, "container": view, "block_id": "more", "action_id": "push",
		"value": object{"type": "button"}, "state": state,
	})
	require.Equal(t, "because", (<-a.got).View.State.Values["why"]["why_type"].Value)
	a.answers <- nil
	require.Equal(t, "closed", a.act("submit", object{"user": ana, "view_id": v.ID, "state": state})["result"])
	<-a.got
	v = a.open()
	a.act("close", object{"user": ana, "view_id": v.ID, "all": true})
	require.True(t, (<-a.got).IsCleared)
	a.act("shortcut", object{"user": ana, "callback_id": "echo_it"})
	require.Equal(t, "echo_it", (<-a.got).CallbackID)
	dm, _ := a.act("dm", object{"user": ana, "with": a.ben.ID()})["channel"].(string)
	a.act("say", object{"user": ana, "channel": dm, "text": "psst"})
	messages, _ := a.read("messages?user=" + a.ben.ID() + "&channel=" + dm)["messages"].([]any)
	require.Len(t, messages, 1)
	require.InDelta(t, 3600, a.act("advance", object{"seconds": 3600})["offset"], 0)
	a.noErrors()
}

func TestThePageHearsOfChanges(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	req, err := http.NewRequestWithContext(b.ctx, http.MethodGet, b.URL()+"/_page/stream?user="+b.ana.ID(), nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	require.True(t, lines.Scan(), "a comment comes at once")
	_, err = b.ben.Say("access", "hello")
	require.NoError(t, err)
	want := `data: {"type":"messages","channel":"` + b.ChannelID("access") + `"}`
	for lines.Scan() {
		if lines.Text() == want {
			return
		}
	}
	require.Fail(t, "the stream ended without the news")
}

func TestThePageSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	for path, body := range map[string]object{
		"say":    {"user": "U0NOBODY", "text": "hello"},
		"action": {"user": b.ana.ID(), "container": object{"type": "view", "view_id": "V0"}},
		"join":   {"user": b.ana.ID(), "channel": "C0NOWHERE"},
		"submit": {"user": b.ana.ID(), "view_id": "V0"},
	} {
		res, err := http.Post(b.URL()+"/_page/"+path, "application/json", strings.NewReader(toJSON(t, body)))
		require.NoError(t, err)
		require.NotEmpty(t, bodyOf(t, res, 400)["error"])
	}
	require.NoError(t, b.ChangeUser("ana", func(u *slack.User) { u.Deleted = true }))
	res, err := http.Post(b.URL()+"/_page/say", "application/json",
		strings.NewReader(toJSON(t, object{"user": b.ana.ID(), "channel": "access", "text": "x"})))
	require.NoError(t, err)
	require.Equal(t, "this account is deactivated", bodyOf(t, res, 400)["error"])
	_, err = b.ana.Say("access", "x")
	require.ErrorContains(t, err, "deactivated")
}
