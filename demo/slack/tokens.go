package slack

import (
	"net/http"
	"slices"
	"strings"
)

type tokenKind string

const (
	botToken tokenKind = "bot"
	appToken tokenKind = "app"
)

// token is what a bearer may do.
type token struct {
	kind    tokenKind
	app     *App
	scopes  []string
	revoked bool
}

// appMethods take the app-level token (xapp) and nothing else.
var appMethods = map[string]bool{"apps.connections.open": true}

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
	case t.revoked:
		return refuse("account_inactive")
	case (t.kind == appToken) != appMethods[c.method]:
		return refuse("not_allowed_token_type")
	}
	c.token, c.app = t, t.app
	return nil
}

// authorize checks the method's scopes: one of them is enough, as Slack's method pages say.
func (w *Workspace) authorize(c *call, spec methodSpec) error {
	if len(spec.UserScopes) > 0 {
		return refuse("not_allowed_token_type") // methods of org admins take user tokens only
	}
	if len(spec.Scopes) == 0 || slices.ContainsFunc(spec.Scopes, c.app.can) {
		return nil
	}
	return c.missing(spec.Scopes[0])
}

func (c *call) missing(scope string) error {
	return refuse("missing_scope").with("needed", scope).with("provided", strings.Join(c.token.scopes, ","))
}

// need refuses when the app lacks the scope of a conversation's kind, e.g. "groups:read" for a private channel.
func (c *call) need(ch *channel, suffix string) error {
	if scope := ch.family() + ":" + suffix; !c.app.can(scope) {
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
