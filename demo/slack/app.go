package slack

import (
	"fmt"
	"slices"
)

// App is an installed app. The tokens are what its owner copies into its settings.
type App struct {
	ID, Name           string
	BotUser, BotID     string // "U…" and "B…"
	BotToken, AppToken string // "xoxb-…" and "xapp-…"
	manifest           *manifest
	scopes             []string
	verification       string // the deprecated token that payloads still carry
	sockets            []*socket
	turn               int
	linkDisabled       bool
	everConnected      bool
}

// Install creates an app from a manifest in YAML or JSON, makes its bot user and its two tokens, and grants the
// scopes that the manifest asks for. What Slack's manifest schema refuses is an error that lists all of it.
func (w *Workspace) Install(manifestYAMLorJSON []byte) (App, error) {
	m, err := parseManifest(manifestYAMLorJSON)
	if err != nil {
		return App{}, fmt.Errorf("install the app: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	a := &App{ID: w.newID("A"), Name: m.Display.Name, BotID: w.newID("B"), manifest: m, verification: secret(12)}
	name := m.Display.Name
	if m.Features.BotUser != nil {
		name = m.Features.BotUser.DisplayName
	}
	a.Name, a.scopes = name, append([]string{}, m.OAuth.Scopes.Bot...)
	bot := w.addUser(User{Name: slug(name), RealName: name, Bot: true, Avatar: "#4a154b", botID: a.BotID, appID: a.ID})
	a.BotUser = bot.ID
	a.BotToken = fmt.Sprintf("xoxb-%s-%s-%s", digits(w.team.ID), digits(bot.ID), secret(12))
	a.AppToken = fmt.Sprintf("xapp-1-%s-%s-%s", a.ID, digits(a.ID), secret(32))
	a.linkDisabled = !m.Settings.SocketMode
	w.apps[a.ID] = a
	w.appIDs = append(w.appIDs, a.ID)
	w.tokens[a.BotToken] = &token{kind: botToken, app: a, scopes: a.scopes}
	w.tokens[a.AppToken] = &token{kind: appToken, app: a, scopes: []string{"connections:write"}}
	w.notify(pageEvent{Type: "apps"}, pageEvent{Type: "users"})
	return *a, nil
}

// Uninstall removes the app as its owner would: the tokens stop to work (account_inactive) and, when it follows
// them, it is told with tokens_revoked and app_uninstalled.
func (w *Workspace) Uninstall(appID string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.apps[appID]
	if a == nil {
		return fmt.Errorf("uninstall the app %q: no such app", appID)
	}
	for _, key := range []string{a.BotToken, a.AppToken} {
		w.tokens[key].revoked = true
	}
	w.raise("tokens_revoked", map[string]any{
		"type": "tokens_revoked", "tokens": map[string]any{"bot": []string{a.BotUser}, "oauth": []string{}},
	}, a.ID, nil)
	w.raise("app_uninstalled", map[string]any{"type": "app_uninstalled"}, a.ID, nil)
	w.notify(pageEvent{Type: "apps"})
	return nil
}

// InviteApp makes the app's bot a member of the channel (id or name), as "/invite @bot" does.
func (w *Workspace) InviteApp(appID, channel string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, c := w.apps[appID], w.findChannel(channel)
	if a == nil || c == nil {
		return fmt.Errorf("invite the app %q to %q: no such app or channel", appID, channel)
	}
	c.add(a.BotUser)
	w.raise("member_joined_channel", w.joinedJSON(c, a.BotUser, ""), "", c)
	w.notify(pageEvent{Type: "channels"})
	return nil
}

// Grant gives the app another scope, as a new installation would; Revoke takes one away.
func (w *Workspace) Grant(appID, scope string) { w.rescope(appID, scope, true) }

// Revoke takes a scope away from the app's bot token.
func (w *Workspace) Revoke(appID, scope string) { w.rescope(appID, scope, false) }

func (w *Workspace) rescope(appID, scope string, grant bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.apps[appID]
	if a == nil {
		return
	}
	a.scopes = slices.DeleteFunc(a.scopes, func(s string) bool { return s == scope })
	if grant {
		a.scopes = append(a.scopes, scope)
	}
	w.tokens[a.BotToken].scopes = a.scopes
}

// Connections is how many sockets the app has open.
func (w *Workspace) Connections(appID string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.apps[appID]; a != nil {
		return len(a.sockets)
	}
	return 0
}

func (a *App) can(scope string) bool { return slices.Contains(a.scopes, scope) }

// app finds an app by id, name or bot user; an empty key means the only one.
func (w *Workspace) app(key string) *App {
	for _, id := range w.appIDs {
		a := w.apps[id]
		if key == "" || a.ID == key || a.Name == key || a.BotUser == key {
			return a
		}
	}
	return nil
}

// digits turns an id into the numbers that tokens carry.
func digits(id string) string {
	n := 0
	for _, r := range id {
		n = (n*31 + int(r)) % 1e9
	}
	return fmt.Sprintf("%012d", n)
}
