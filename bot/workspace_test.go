package bot

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	workspace "github.com/usherhq/usher/demo/slack"
)

// world is a Bot, installed from our own manifest in a strict local workspace.
type world struct {
	*workspace.Workspace
	t      *testing.T
	app    workspace.App
	bot    *Bot
	router *Router
	access string // the ID of #access
	ana    *workspace.Person
}

// newWorld returns a running bot; wire registers what it answers.
func newWorld(t *testing.T, wire func(*world)) *world {
	t.Helper()
	w := unstarted(t, workspace.Options{RecycleLead: 100 * time.Millisecond})
	wire(w)
	w.start()
	return w
}

func unstarted(t *testing.T, options workspace.Options) *world {
	t.Helper()
	slackSide := workspace.New(options)
	_, err := slackSide.Start("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, slackSide.Close()) })
	ana := slackSide.AddUser(workspace.User{Name: "ana", RealName: "Ana Ortiz", Email: "ana@example.com"})
	manifest, err := os.ReadFile(filepath.Join("..", "manifest.yaml"))
	require.NoError(t, err)
	app, err := slackSide.Install(manifest)
	require.NoError(t, err)
	w := &world{
		Workspace: slackSide, t: t, app: app, ana: slackSide.Person(ana.ID), router: testRouter(Options{}),
		access: slackSide.AddChannel(workspace.Channel{Name: "access", Members: []string{ana.ID}}),
	}
	require.NoError(t, slackSide.InviteApp(app.ID, "access"))
	w.bot, err = New(Settings{
		BotToken: app.BotToken, AppToken: app.AppToken, APIURL: slackSide.APIURL(), Connections: 2,
	}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	w.bot.tempo.stagger = 0
	return w
}

func (w *world) start() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.bot.Run(ctx, w.router) }()
	w.t.Cleanup(func() {
		cancel()
		require.NoError(w.t, receive(w.t, ended))
	})
	w.until(func() bool { return w.bot.Connected() == 2 })
}

func (w *world) until(holds func() bool) {
	w.t.Helper()
	require.Eventually(w.t, holds, soon, time.Millisecond)
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, true, false)
}

func card(text, actionID string) []slack.Block {
	blocks := []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, true), nil, nil)}
	if actionID != "" {
		blocks = append(blocks, slack.NewActionBlock("decide", slack.NewButtonBlockElement(actionID, "row-1", plain("Approve"))))
	}
	return blocks
}

func requestModal() slack.ModalViewRequest {
	access := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Type a name"), "access")
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: "request_submit", Title: plain("Request access"), Submit: plain("Request"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("access", plain("Access"), nil, access),
			slack.NewInputBlock("reason", plain("Reason"), nil, slack.NewPlainTextInputBlockElement(nil, "text")),
		}},
	}
}

func TestStrictWorkspaceStory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.router.Command("/access", func(ctx context.Context, command Command) (Answer, error) {
			_, err := w.bot.OpenView(ctx, command.TriggerID, requestModal())
			return Answer{}, err
		})
		w.router.Suggestion("access", func(_ context.Context, suggestion Suggestion) (Choices, error) {
			option := slack.NewOptionBlockObject("ent_1", plain("Drive editors"), nil)
			if !strings.HasPrefix("Drive editors", suggestion.Typed) {
				return Choices{}, nil
			}
			return Choices{Options: []*slack.OptionBlockObject{option}}, nil
		})
		w.router.Submission("request_submit", func(ctx context.Context, submission Submission) (ViewAnswer, error) {
			if strings.TrimSpace(submission.State.Value("reason", "text")) == "" {
				return ViewAnswer{Errors: map[string]string{"reason": "Say why."}}, nil
			}
			text := submission.By.UserID + " asks for " + submission.State.Value("access", "access")
			_, err := w.bot.Post(ctx, Message{Channel: w.access, Text: text, Blocks: card(text, "request_approve"), Key: "card-1"})
			return ViewAnswer{}, err
		})
		w.router.Action("request_approve", func(ctx context.Context, action Action) error {
			text := "Approved by " + action.By.UserID + " of " + action.By.TeamID + ": " + action.Value
			return w.bot.Update(ctx, action.ChannelID, action.MessageTS, Message{Text: text, Blocks: card(text, "")})
		})
	})
	notice, err := w.ana.Command("#access", "/access", "")
	require.NoError(t, err)
	require.Empty(t, notice)
	view := w.fill("  ")
	result, err := w.ana.Submit(view)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"reason": "Say why."}, result.Errors)
	result, err = w.ana.Submit(w.fill("The launch"))
	require.NoError(t, err)
	require.True(t, result.OK(), result.Warning)

	messages := w.ana.Messages("#access")
	require.Len(t, messages, 1)
	require.Contains(t, messages[0].Shown(), w.ana.ID()+" asks for ent_1")
	posted, err := w.bot.FindPosted(t.Context(), w.access, "", "card-1", w.Clock().Now())
	require.NoError(t, err)
	require.Equal(t, messages[0].TS, posted.TS)

	require.NoError(t, w.ana.PressLabel(messages[0].Target(), "Approve"))
	w.until(func() bool {
		shown := w.ana.Messages("#access")[0]
		return len(shown.Buttons()) == 0 && shown.Shown() == "Approved by "+w.ana.ID()+" of "+w.TeamID()+": row-1"
	})
	require.Empty(t, w.Errors())
}

func (w *world) fill(reason string) workspace.View {
	w.t.Helper()
	view, open := w.ana.Top()
	require.True(w.t, open)
	require.NoError(w.t, w.ana.Select(view.Target(), "Access", "Drive editors"))
	require.NoError(w.t, w.ana.Type(view.Target(), "Reason", reason))
	view, _ = w.ana.Top()
	return view
}

func TestStrictWorkspaceDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.router.Event("app_home_opened", func(ctx context.Context, event Event) error {
			home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: card("Hello", "")}}
			return w.bot.PublishHome(ctx, w.ana.ID(), home, "")
		})
	})
	ctx := t.Context()
	identity, err := w.bot.Identify(ctx)
	require.NoError(t, err)
	require.Equal(t, w.app.BotUser, identity.BotUserID)
	require.Equal(t, w.app.ID, identity.AppID)
	require.Len(t, identity.Scopes, len(Scopes))

	require.NoError(t, w.ana.OpenHome(""))
	w.until(func() bool { home, ok := w.ana.Home(""); return ok && strings.TrimSpace(home.Shown()) == "Hello" })

	user, err := w.bot.UserByEmail(ctx, "ana@example.com")
	require.NoError(t, err)
	require.Equal(t, "Ana Ortiz", user.Name)
	require.Equal(t, w.TeamID(), user.TeamID)
	var names []string
	require.NoError(t, w.bot.Users(ctx, func(user User) error { names = append(names, user.Name); return nil }))
	require.Contains(t, names, "Ana Ortiz")

	id, err := w.bot.ChannelID(ctx, "#access")
	require.NoError(t, err)
	require.Equal(t, w.access, id)

	group := w.AddUsergroup(workspace.Usergroup{Handle: "security", Name: "Security", Users: []string{w.ana.ID()}})
	groups, err := w.bot.Usergroups(ctx)
	require.NoError(t, err)
	require.Equal(t, []Usergroup{{ID: group, Handle: "security", Name: "Security"}}, groups)
	members, err := w.bot.UsergroupMembers(ctx, group)
	require.NoError(t, err)
	require.Equal(t, []string{w.ana.ID()}, members)

	dm, err := w.bot.OpenDM(ctx, w.ana.ID())
	require.NoError(t, err)
	root, err := w.bot.Post(ctx, Message{Channel: dm, Text: "Your access ends soon."})
	require.NoError(t, err)
	reply, err := w.bot.Post(ctx, Message{Channel: dm, ThreadTS: root.TS, Text: "It ended.", Key: "ended"})
	require.NoError(t, err)
	found, err := w.bot.FindPosted(ctx, dm, root.TS, "ended", w.Clock().Now())
	require.NoError(t, err)
	require.Equal(t, reply, found)
	require.NoError(t, w.bot.UploadFile(ctx, dm, root.TS, "audit.csv", strings.NewReader("seq,at\n"), 7))
	require.NoError(t, w.bot.Ephemeral(ctx, w.access, w.ana.ID(), Message{Text: "Only you see this."}))
	require.Len(t, w.ana.Ephemerals("#access"), 1)
	link, err := w.bot.Permalink(ctx, dm, root.TS)
	require.NoError(t, err)
	require.NotEmpty(t, link)
	require.NoError(t, w.bot.ValidateBlocks(ctx, card("fine", "")))
	require.NoError(t, w.bot.Delete(ctx, dm, reply.TS))
	require.ErrorIs(t, w.bot.Delete(ctx, dm, reply.TS), ErrNotFound)
	w.Forget() // the second Delete

	for _, finding := range w.bot.Doctor(ctx) {
		require.True(t, finding.OK, "%s: %s", finding.Name, finding.Detail)
	}
	require.Empty(t, w.Errors())
}

func TestStrictWorkspaceLostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(*world) {})
	w.Fault("chat.postMessage", workspace.Fault{Kind: workspace.FaultLost})
	before := w.Clock().Now()
	_, err := w.bot.Post(t.Context(), Message{Channel: w.access, Text: "Card", Key: "card-1"})
	require.ErrorIs(t, err, ErrUnknown)
	posted, err := w.bot.FindPosted(t.Context(), w.access, "", "card-1", before)
	require.NoError(t, err)
	require.Equal(t, w.ana.Messages("#access")[0].TS, posted.TS)
	w.Fault("chat.postMessage", workspace.Fault{Kind: workspace.FaultStatus})
	_, err = w.bot.Post(t.Context(), Message{Channel: w.access, Text: "Card", Key: "card-2"})
	require.ErrorIs(t, err, ErrUnknown)
	_, err = w.bot.FindPosted(t.Context(), w.access, "", "card-2", before)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestStrictWorkspaceLostAnswerWhereTheBotIsNoMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(*world) {})
	public := w.AddChannel(workspace.Channel{Name: "requests", Members: []string{w.ana.ID()}})
	w.Fault("chat.postMessage", workspace.Fault{Kind: workspace.FaultLost})
	before := w.Clock().Now()
	_, err := w.bot.Post(t.Context(), Message{Channel: public, Text: "Card", Key: "card-1"})
	require.ErrorIs(t, err, ErrUnknown)
	posted, err := w.bot.FindPosted(t.Context(), public, "", "card-1", before)
	require.NoError(t, err)
	require.Equal(t, w.ana.Messages("#requests")[0].TS, posted.TS)
}

func TestStrictWorkspaceRecycle(t *testing.T) {
	t.Parallel()
	var presses atomic.Int64
	w := newWorld(t, func(w *world) {
		w.router.Action("request_approve", func(context.Context, Action) error {
			presses.Add(1)
			return nil
		})
	})
	_, err := w.bot.Post(t.Context(), Message{Channel: w.access, Text: "Card", Blocks: card("Card", "request_approve")})
	require.NoError(t, err)
	target := w.ana.Messages("#access")[0].Target()
	for range 5 {
		before := w.bot.openLines(nil)[1:]
		require.Len(t, before, 2)
		w.RecycleWithWarning(w.app.ID) // all sockets at once, which is worse than real
		pressed := int64(0)
		for !closed(before[0].ended) || !closed(before[1].ended) {
			require.NoError(t, w.ana.PressLabel(target, "Approve"))
			pressed++
		}
		require.Equal(t, pressed, presses.Swap(0))
	}
	require.Empty(t, w.Errors())
}
