package slack_test

import (
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// modalApp opens a modal on /echo and answers submissions with what the test sends through answers.
type modalApp struct {
	*bundle
	triggers chan string
	got      chan slackgo.InteractionCallback
	answers  chan any
}

func setupModal(t *testing.T, opts slack.Options) *modalApp {
	t.Helper()
	a := &modalApp{
		bundle: setup(t, opts), triggers: make(chan string, 10), got: make(chan slackgo.InteractionCallback, 10),
		answers: make(chan any, 10),
	}
	a.connect(func(evt socketmode.Event) any {
		switch data := evt.Data.(type) {
		case slackgo.SlashCommand:
			a.triggers <- data.TriggerID
		case slackgo.InteractionCallback:
			if data.Type == slackgo.InteractionTypeViewSubmission || data.Type == slackgo.InteractionTypeBlockSuggestion {
				a.got <- data
				return <-a.answers
			}
			a.got <- data
		}
		return nil
	})
	return a
}

// trigger returns a fresh trigger of a command of ana's.
func (a *modalApp) trigger() string {
	a.t.Helper()
	notice, err := a.ana.Command("access", "/echo", "")
	require.NoError(a.t, err)
	require.Empty(a.t, notice)
	return <-a.triggers
}

const smallModal = `{"type":"modal","callback_id":"small","notify_on_close":true,
	"title":{"type":"plain_text","text":"Small"},"submit":{"type":"plain_text","text":"Go"},
	"blocks":[{"type":"input","block_id":"why","label":{"type":"plain_text","text":"Why"},
		"element":{"type":"plain_text_input","action_id":"why_type"}},
	{"type":"actions","block_id":"more","elements":[{"type":"button","action_id":"push",
		"text":{"type":"plain_text","text":"More"}}]}]}`

func (a *modalApp) open() slack.View {
	a.t.Helper()
	require.Equal(a.t, true, a.call("views.open", "trigger_id", a.trigger(), "view", smallModal)["ok"])
	v, ok := a.ana.Top()
	require.True(a.t, ok)
	return v
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	open := func(trigger string) any {
		return a.call("views.open", "trigger_id", trigger, "view", smallModal)["error"]
	}
	used := a.trigger()
	require.Nil(t, open(used))
	require.Equal(t, "exchanged_trigger_id", open(used))
	late := a.trigger()
	a.Clock().Advance(3100 * time.Millisecond)
	require.Equal(t, "expired_trigger_id", open(late))
	require.Equal(t, "invalid_trigger_id", open("12.34.ab"))
	require.Equal(t, "invalid_trigger_id", open("nonsense"))
	require.Equal(t, "invalid_arguments", open(""))
	kept := a.trigger()
	require.Equal(t, "invalid_arguments", a.call("views.open", "trigger_id", kept, "view", `{"type":"modal"}`)["error"])
	require.Nil(t, open(kept), "a refused view does not spend the trigger")
	require.Equal(t, "not_found", a.call("views.push", "trigger_id", a.trigger(), "view", smallModal)["error"],
		"a push needs a trigger from inside a modal")
}

func TestATriggerThatLivesLonger(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{TriggerLife: time.Minute})
	patient, late := a.trigger(), a.trigger()
	a.Clock().Advance(50 * time.Second)
	require.Nil(t, a.call("views.open", "trigger_id", patient, "view", smallModal)["error"])
	a.Clock().Advance(11 * time.Second)
	require.Equal(t, "expired_trigger_id", a.call("views.open", "trigger_id", late, "view", smallModal)["error"])
}

func TestTheStackHoldsThree(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	root := a.open()
	for depth := 2; depth <= 4; depth++ {
		top, _ := a.ana.Top()
		require.NoError(t, a.ana.PressLabel(top.Target(), "More"))
		body := a.call("views.push", "trigger_id", (<-a.got).TriggerID, "view", smallModal)
		if depth == 4 {
			require.Equal(t, "push_limit_reached", body["error"])
			break
		}
		pushed, _ := body["view"].(map[string]any)
		require.Equal(t, root.ID, pushed["root_view_id"])
		require.Equal(t, top.ID, pushed["previous_view_id"])
	}
	top, _ := a.ana.Top()
	require.NoError(t, a.ana.CloseView(top))
	closed := <-a.got
	require.Equal(t, slackgo.InteractionTypeViewClosed, closed.Type)
	require.Equal(t, top.ID, closed.View.ID)
	require.False(t, closed.IsCleared)
	require.NoError(t, a.ana.CloseAll())
	closed = <-a.got
	require.True(t, closed.IsCleared)
	require.Equal(t, root.ID, closed.View.ID, "the X reports the root")
	require.Empty(t, a.ana.Views())
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	v := a.open()
	require.NoError(t, a.ana.Type(v.Target(), "Why", "because"))
	require.Equal(t, "hash_conflict", a.call("views.update", "view_id", v.ID, "hash", "1.a", "view", smallModal)["error"])
	require.Nil(t, a.call("views.update", "view_id", v.ID, "hash", v.Hash, "view", smallModal)["error"])
	v, _ = a.ana.Top()
	require.Equal(t, "because", v.Value("Why"))
	require.Equal(t, "not_found", a.call("views.update", "view_id", "V0NOPE", "view", smallModal)["error"])
	named := `{"type":"modal","external_id":"one","title":{"type":"plain_text","text":"A"},"blocks":[]}`
	require.Nil(t, a.call("views.update", "view_id", v.ID, "view", named)["error"])
	require.Nil(t, a.call("views.update", "external_id", "one", "view", named)["error"])
	require.Equal(t, "duplicate_external_id",
		a.call("views.open", "trigger_id", a.trigger(), "view", named)["error"])
}

func TestAButtonThatNobodyAcknowledges(t *testing.T) {
	t.Parallel()
	b := setup(t, quick)
	b.connect(func(socketmode.Event) any { return noAck{} })
	channel := b.ChannelID("access")
	_, ts, err := b.api.PostMessage(channel, slackgo.MsgOptionText("card", false), slackgo.MsgOptionBlocks(
		slackgo.NewActionBlock("a", slackgo.NewButtonBlockElement("go", "1", plain("Go")))))
	require.NoError(t, err)
	card := slack.Target{Channel: channel, MessageTS: ts}
	require.ErrorContains(t, b.ana.Press(card, "go"), "the app did not answer in time")
	require.ErrorContains(t, b.ana.PressLabel(card, "Stop"), `there is no button "Stop"; there are Go`)
	require.Len(t, b.Errors(), 1)
}

func TestAModalOpenedFromInsideAModal(t *testing.T) {
	t.Parallel()
	a := setupModal(t, slack.Options{})
	v := a.open()
	require.NoError(t, a.ana.PressLabel(v.Target(), "More"))
	a.call("views.open", "trigger_id", (<-a.got).TriggerID, "view", smallModal)
	require.Equal(t, []string{"opened from inside a modal"}, a.errorsOf())
}
