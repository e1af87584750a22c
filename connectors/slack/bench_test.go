package slack_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/slack"
	workspace "github.com/usherhq/usher/demo/slack"
)

// botScopes are all that the connector can use.
var botScopes = []string{
	"users:read", "users:read.email", "channels:read", "channels:manage", "groups:read", "groups:write", "usergroups:read", "usergroups:write",
}

// adminScopes are all that it can use of an admin's token.
var adminScopes = []string{"admin", "admin.users:write", "admin.users:read"}

// bench is a strict workspace, an app in it, and a provider. Ana is the subject of all calls; the admin token is olga's.
type bench struct {
	*workspace.Workspace
	app      workspace.App
	ana, ben workspace.User
	settings map[string]any
	secrets  []string
	provider connectors.Provider
}

// plan says what a bench differs in from an Enterprise workspace with all scopes.
type plan struct {
	opts     workspace.Options
	bot      []string // scopes of the bot token; nil means all
	admin    []string // scopes of the admin token; nil means all, empty no admin token
	settings map[string]any
	deps     func(connectors.Deps) connectors.Deps
}

func newBench(t *testing.T, with plan) *bench {
	t.Helper()
	if with.opts.Rates == 0 {
		with.opts.Rates = 100
	}
	w := workspace.New(with.opts)
	_, err := w.Start("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	b := &bench{Workspace: w}
	w.AddUser(workspace.User{Name: "olga", Email: "olga@example.com", Owner: true, Admin: true})
	b.ana = w.AddUser(workspace.User{Name: "ana", RealName: "Ana Silva", Email: "ana@example.com"})
	b.ben = w.AddUser(workspace.User{Name: "ben", Email: "ben@example.com"})
	bot := with.bot
	if bot == nil {
		bot = botScopes
	}
	b.app, err = w.Install([]byte("display_information: {name: Usher}\nfeatures: {bot_user: {display_name: Usher}}\n" +
		"oauth_config: {scopes: {bot: ['" + strings.Join(bot, "', '") + "']}}\n"))
	require.NoError(t, err)
	w.AddChannel(workspace.Channel{Name: "design", Members: []string{"ben"}})
	w.AddChannel(workspace.Channel{Name: "secret", Private: true, Members: []string{"ben"}})
	for _, channel := range []string{"design", "secret", "general"} {
		require.NoError(t, w.InviteApp(b.app.ID, channel))
	}
	b.configure(t, with)
	b.provider = b.open(t, with.deps)
	return b
}

func (b *bench) configure(t *testing.T, with plan) {
	t.Helper()
	b.settings = map[string]any{
		"token": secretFile(t, b.app.BotToken), "api_url": b.APIURL(), "scim_url": b.SCIMURL(), "team_id": b.TeamID(), "consistency": "0s",
	}
	b.secrets = []string{b.app.BotToken}
	scopes := with.admin
	if scopes == nil {
		scopes = adminScopes
	}
	if len(scopes) > 0 {
		key, err := b.UserToken(b.app.ID, "olga", scopes...)
		require.NoError(t, err)
		b.secrets = append(b.secrets, key)
		b.settings["admin_token"] = secretFile(t, key)
	}
	maps.Copy(b.settings, with.settings)
}

// open makes one more provider, as another process would.
func (b *bench) open(t *testing.T, change func(connectors.Deps) connectors.Deps) connectors.Provider {
	t.Helper()
	deps := (&connectortest.Wire{}).Deps()
	if change != nil {
		deps = change(deps)
	}
	provider, err := slack.Connector{}.Open(b.settings, deps)
	require.NoError(t, err)
	return provider
}

func secretFile(t *testing.T, secret string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(secret+"\n"), 0o600))
	return "file:" + file
}

// run calls an endpoint for ana unless args name somebody else; target may be empty.
func (b *bench) run(t *testing.T, endpoint, target string, args ...string) connectors.Result {
	t.Helper()
	return b.runAt(t, b.provider, endpoint, target, args...)
}

func (b *bench) runAt(t *testing.T, provider connectors.Provider, endpoint, target string, args ...string) connectors.Result {
	t.Helper()
	call := connectors.Call{Subject: connectors.Person{Email: "ana@example.com", Name: "Ana Silva"}, Target: target, Args: map[string]any{}}
	for i := 0; i < len(args); i += 2 {
		call.Args[args[i]] = args[i+1]
	}
	result := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, endpoint), call)
	connectortest.RequireNoSecret(t, result, b.secrets)
	return result
}

// expect runs and compares the outcome.
func (b *bench) expect(t *testing.T, want connectors.Outcome, endpoint, target string, args ...string) connectors.Result {
	t.Helper()
	result := b.run(t, endpoint, target, args...)
	require.Equal(t, want, result.Outcome, "%s %s: %s", endpoint, target, result.Summary)
	return result
}

// writing are the calls that change something, as the workspace's journal names them.
var writing = []string{
	"conversations.invite", "conversations.kick", "usergroups.create", "usergroups.enable", "usergroups.disable", "usergroups.users.update",
	"admin.users.setAdmin", "admin.users.setOwner", "admin.users.setRegular", "admin.users.session.reset",
	"scim.Users.create", "scim.Users.patch", "scim.Users.delete", "scim.Groups.patch",
}

// writes counts what was sent to be changed, refused calls among it.
func (b *bench) writes() int {
	n := 0
	for _, entry := range b.Journal() {
		if slices.Contains(writing, entry.Method) {
			n++
		}
	}
	return n
}

// groupUsers reads a user group's members as Slack has them.
func (b *bench) groupUsers(t *testing.T, handle string) []string {
	t.Helper()
	group, ok := b.Usergroup(handle)
	require.True(t, ok, handle)
	return group.Users
}

// tap lets a test do something just before a request is sent.
type tap struct {
	next   http.RoundTripper
	before func(method string)
}

// RoundTrip implements http.RoundTripper.
func (t tap) RoundTrip(r *http.Request) (*http.Response, error) {
	t.before(filepath.Base(r.URL.Path))
	return t.next.RoundTrip(r)
}

// tapped are dependencies whose requests pass before.
func tapped(before func(method string)) func(connectors.Deps) connectors.Deps {
	return func(deps connectors.Deps) connectors.Deps {
		made := deps.HTTP
		deps.HTTP = func() *http.Client {
			client := made()
			client.Transport = tap{client.Transport, before}
			return client
		}
		return deps
	}
}

// patience is how long a test waits for a signal that must come.
const patience = 10 * time.Second
