package bot

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

func TestStrictWorkspaceShortcutAndClosing(t *testing.T) {
	t.Parallel()
	closings := make(chan Closed, 1)
	w := newWorld(t, func(w *world) {
		w.router.Shortcut("request_access", func(ctx context.Context, shortcut Shortcut) error {
			modal := textModal()
			modal.NotifyOnClose, modal.PrivateMetadata = true, "row-1"
			_, err := w.bot.OpenView(ctx, shortcut.TriggerID, modal)
			return err
		})
		w.router.Closed("request_submit", func(_ context.Context, closed Closed) error {
			closings <- closed
			return nil
		})
	})
	require.NoError(t, w.ana.Shortcut("request_access"))
	view, open := w.ana.Top()
	require.True(t, open)
	require.NoError(t, w.ana.CloseView(view))
	closing := receive(t, closings)
	require.Equal(t, Person{UserID: w.ana.ID(), TeamID: w.TeamID()}, closing.By)
	require.Equal(t, "row-1", closing.View.PrivateMetadata)
	require.False(t, closing.Cleared)
	require.Empty(t, w.Errors())
}

func TestStrictWorkspaceErrorInTheHomeTabIsADirectMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.router.Event("app_home_opened", func(ctx context.Context, _ Event) error {
			home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: card("Hello", "grant_return")}}
			return w.bot.PublishHome(ctx, w.ana.ID(), home, "")
		})
		w.router.Action("grant_return", func(_ context.Context, action Action) error {
			return errors.New("returned before: " + action.View.CallbackID)
		})
		w.router.OnError(func(_ context.Context, _ Person, where Surface, _ error) { where.Say("You gave it back before.") })
	})
	require.NoError(t, w.ana.OpenHome(""))
	w.until(func() bool { _, ok := w.ana.Home(""); return ok })
	home, _ := w.ana.Home("")
	require.NoError(t, w.ana.PressLabel(home.Target(), "Approve"))
	w.until(func() bool { return len(w.ana.DMs()) == 1 })
	require.Equal(t, "You gave it back before.", w.ana.DMs()[0].Shown())
	require.Empty(t, w.Errors())
}

func TestStrictWorkspaceEphemeralIsReplacedAndRemoved(t *testing.T) {
	t.Parallel()
	presses := make(chan Action, 2)
	w := newWorld(t, func(w *world) {
		w.router.Command("/access", func(context.Context, Command) (Answer, error) {
			return Answer{Text: "Yours", Blocks: card("Yours", "grant_return")}, nil
		})
		w.router.Action("grant_return", func(ctx context.Context, action Action) error {
			presses <- action
			return w.bot.Respond(ctx, action.ResponseURL, Message{Text: "Given back."}, true)
		})
	})
	_, err := w.ana.Command("#access", "/access", "mine")
	require.NoError(t, err)
	require.NoError(t, w.ana.PressLabel(w.ana.Ephemerals("#access")[0].Target(), "Approve"))
	action := receive(t, presses)
	require.True(t, action.Ephemeral)
	w.until(func() bool { return w.ana.Ephemerals("#access")[0].Shown() == "Given back." })
	require.NoError(t, w.bot.RespondDelete(t.Context(), action.ResponseURL))
	require.Empty(t, w.ana.Ephemerals("#access"))
	require.Empty(t, w.Errors())
}

func TestStrictWorkspaceJudgesViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(*world) {})
	require.NoError(t, w.bot.ValidateView(t.Context(), textModal()))
	broken := textModal()
	broken.Title = plain("A title that is longer than twenty-four")
	var refusal *Refused
	require.ErrorAs(t, w.bot.ValidateView(t.Context(), broken), &refusal)
	require.NotEmpty(t, refusal.Messages)
}

func TestPingsKeepASocket(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	bot := fake.bot(1)
	bot.tempo.silence, bot.tempo.steady = time.Second, 0
	socket := fake.run(bot, testRouter(Options{}))[0]
	pace := time.NewTicker(100 * time.Millisecond)
	defer pace.Stop()
	for range 15 {
		require.NoError(t, socket.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second)))
		<-pace.C
	}
	require.Equal(t, int64(1), fake.opens.Load())
	receive(t, fake.sockets)
}

func TestStateSaysWhatInputsHold(t *testing.T) {
	t.Parallel()
	option := slack.OptionBlockObject{Value: "8h", Text: plain("8 hours")}
	state := State{"b": {
		"text": {Value: "because"}, "select": {SelectedOption: option}, "user": {SelectedUser: "U1"},
		"when": {SelectedDateTime: 1_800_000_000}, "date": {SelectedDate: "2026-11-21"},
		"users": {SelectedUsers: []string{"U1", "U2"}}, "boxes": {SelectedOptions: []slack.OptionBlockObject{option}},
	}}
	for action, want := range map[string]string{
		"text": "because", "select": "8h", "user": "U1", "when": "1800000000", "date": "2026-11-21", "nobody": "",
	} {
		require.Equal(t, want, state.Value("b", action))
	}
	require.Equal(t, []string{"U1", "U2"}, state.Values("b", "users"))
	require.Equal(t, []string{"8h"}, state.Values("b", "boxes"))
	require.Equal(t, option, state.Option("b", "select"))
	require.Empty(t, State(nil).Value("b", "text"))
}
