package slack

import (
	"net/http"
	"slices"
	"strings"
)

type tokenKind string

const (
	botToken  tokenKind = "bot"
	appToken  tokenKind = "app"
	userToken tokenKind = "user"
)

// token is what a bearer may do. A user token acts for a person.
type token struct {
	kind    tokenKind
	app     *App
	user    string
	scopes  []string
	revoked bool
}

// appMethods take the app-level token (xapp) and nothing else.
var appMethods = map[string]bool{"apps.connections.open": true}

// personalMethods need no scope and take a person's token.
var personalMethods = map[string]bool{"auth.test": true, "api.test": true}

// openMethods need no token.
var openMethods = map[string]bool{"api.test": true}

// authenticate finds the caller. Slack takes a token in the Authorization header or in the body field "token",
// the header first; for the app-level token only the header counts.
func (w *Workspace) authenticate(c *call) error {
	key := bearer(c.request)
	if key == "" && !appMethods[c.method] {
		key = c.args.text("token")
	}
	if key == "" {
		if openMethods[c.method] {
			return nil
		}
		return refuse("not_authed")
	}
	t := w.tokens[key]
	switch {
	case t == nil:
		return refuse("invalid_auth")
	case t.revoked, t.kind == userToken && w.users[t.user].Deleted:
		return refuse("account_inactive")
	case (t.kind == appToken) != appMethods[c.method]:
		return refuse("not_allowed_token_type")
	}
	c.token, c.app = t, t.app
	return nil
}

// authorize checks the method's scopes: one of them is enough, as Slack's method pages say. Methods of org admins
// take user tokens only. Messages and views are played by bots alone here, so those methods take no user token.
func (w *Workspace) authorize(c *call, spec methodSpec) error {
	scopes := spec.Scopes
	if c.token.kind == userToken {
		scopes = spec.UserScopes
	}
	scopeless := len(spec.Scopes)+len(spec.UserScopes) == 0
	switch {
	case slices.ContainsFunc(scopes, c.can), scopeless && (c.token.kind != userToken || personalMethods[c.method]):
		return nil
	case len(scopes) > 0:
		return c.missing(scopes[0])
	}
	return refuse("not_allowed_token_type")
}

func (c *call) missing(scope string) error {
	return refuse("missing_scope").with("needed", scope).with("provided", strings.Join(c.token.scopes, ","))
}

// need refuses when the app lacks the scope of a conversation's kind, e.g. "groups:read" for a private channel.
func (c *call) need(ch *channel, suffix string) error {
	if scope := ch.family() + ":" + suffix; !c.can(scope) {
		return c.missing(scope)
	}
	return nil
}

func bearer(r *http.Request) string {
	kind, key, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(key)
}
