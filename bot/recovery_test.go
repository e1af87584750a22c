package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	workspace "github.com/usherhq/usher/demo/slack"
)

func TestStrictWorkspaceBrokenSocketsComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.bot.tempo.shortest = 10 * time.Millisecond
		w.router.Command("/access", func(context.Context, Command) (Answer, error) { return Answer{Text: "Here"}, nil })
	})
	w.DropSockets(w.app.ID)
	w.until(func() bool { return w.opened() == 4 && w.bot.Connected() == 2 })
	_, err := w.ana.Command("#access", "/access", "")
	require.NoError(t, err)
	require.Len(t, w.ana.Ephemerals("#access"), 1)

	w.SetSocketMode(w.app.ID, false)
	w.until(func() bool { return w.bot.Connected() == 0 })
	w.SetSocketMode(w.app.ID, true)
	w.until(func() bool { return w.bot.Connected() == 2 })
	require.Less(t, w.opened(), 40, "it was braked while Socket Mode was off")
}

// opened is how many times the bot asked for a socket.
func (w *world) opened() int {
	opened := 0
	for _, entry := range w.Journal() {
		if entry.Method == "apps.connections.open" {
			opened++
		}
	}
	return opened
}

func TestStrictWorkspaceSlowHandlersMissNoDeadline(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	w := newWorld(t, func(w *world) {
		w.router.options.AckAfter = 50 * time.Millisecond
		w.router.Command("/access", func(ctx context.Context, command Command) (Answer, error) {
			if command.Text == "request" {
				_, err := w.bot.OpenView(ctx, command.TriggerID, textModal())
				return Answer{}, err
			}
			<-release
			return Answer{Text: "Here at last"}, nil
		})
		w.router.Submission("request_submit", func(context.Context, Submission) (ViewAnswer, error) {
			<-release
			return ViewAnswer{}, errors.New("no")
		})
		w.router.OnError(func(_ context.Context, _ Person, where Surface, err error) { where.Say("Sorry: " + err.Error()) })
	})
	_, err := w.ana.Command("#access", "/access", "mine")
	require.NoError(t, err)
	_, err = w.ana.Command("#access", "/access", "request")
	require.NoError(t, err)
	view, open := w.ana.Top()
	require.True(t, open)
	require.NoError(t, w.ana.Type(view.Target(), "Reason", "The launch"))
	result, err := w.ana.Submit(view)
	require.NoError(t, err)
	require.Equal(t, "updated", result.Result)
	close(release)
	w.until(func() bool {
		view, open := w.ana.Top()
		said := w.ana.Ephemerals("#access")
		return open && strings.Contains(view.Shown(), "Sorry: no") && len(said) == 1 && said[0].Shown() == "Here at last"
	})
	require.Empty(t, w.Errors())
}

func textModal() slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: "request_submit", Title: plain("Request access"), Submit: plain("Request"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("reason", plain("Reason"), nil, slack.NewPlainTextInputBlockElement(nil, "text")),
		}},
	}
}

func TestStrictWorkspaceLargeAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.router.Command("/access", func(ctx context.Context, command Command) (Answer, error) {
			if command.Text == "request" {
				_, err := w.bot.OpenView(ctx, command.TriggerID, textModal())
				return Answer{}, err
			}
			return Answer{Text: "A long list", Blocks: longList()}, nil
		})
		w.router.Submission("request_submit", func(context.Context, Submission) (ViewAnswer, error) {
			large := notice(slack.View{}, "All of it")
			large.Blocks.BlockSet = append(large.Blocks.BlockSet, longList()...)
			return ViewAnswer{Update: large}, nil
		})
	})
	_, err := w.ana.Command("#access", "/access", "mine")
	require.NoError(t, err)
	w.until(func() bool { return len(w.ana.Ephemerals("#access")) == 1 })
	_, err = w.ana.Command("#access", "/access", "request")
	require.NoError(t, err)
	view, _ := w.ana.Top()
	require.NoError(t, w.ana.Type(view.Target(), "Reason", "The launch"))
	_, err = w.ana.Submit(view)
	require.NoError(t, err)
	w.until(func() bool { view, _ := w.ana.Top(); return strings.Contains(view.Shown(), "All of it") })
	require.Empty(t, w.Errors())
}

func longList() []slack.Block {
	var blocks []slack.Block
	for n := range 40 {
		text := fmt.Sprintf("%d %s", n, strings.Repeat("drive ", 100))
		blocks = append(blocks, slack.NewSectionBlock(slack.NewTextBlockObject(slack.PlainTextType, text, false, false), nil, nil))
	}
	return blocks
}

func TestStrictWorkspaceUninstalledAppEndsTheRun(t *testing.T) {
	t.Parallel()
	w := unstarted(t, workspace.Options{})
	w.bot.tempo.shortest = 10 * time.Millisecond
	ended := make(chan error, 1)
	go func() { ended <- w.bot.Run(t.Context(), w.router) }()
	w.until(func() bool { return w.bot.Connected() == 2 })
	require.NoError(t, w.Uninstall(w.app.ID))
	w.DropSockets(w.app.ID)
	require.ErrorIs(t, receive(t, ended), ErrToken)
	require.Zero(t, w.bot.Connected())
}
