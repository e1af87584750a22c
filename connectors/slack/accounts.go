package slack

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/usherhq/usher/connectors"
)

const (
	patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	userSchema  = "urn:ietf:params:scim:schemas:core:2.0:User"
)

// readAccount reads the account by SCIM, which shows deactivated ones too, and lets done judge it.
func (p *provider) readAccount(done func(account) bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		found, err := p.scimAccount(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		return connectors.State{Done: done(found), Summary: found.describe(call), Seen: found, Output: map[string]any{
			"exists": found.exists(), "id": found.id, "active": found.active,
		}}, nil
	}
}

// readBlocked wants the account that is there to be active; none is made.
func (p *provider) readBlocked(ctx context.Context, call connectors.Call) (connectors.State, error) {
	state, err := p.readAccount(func(a account) bool { return a.active })(ctx, call)
	if err == nil && !state.Seen.(account).exists() {
		return connectors.State{}, connectors.Refuse(errors.New(userName(call) + " has no account in Slack: let a create_user step come first"))
	}
	return state, err
}

// createUser makes the account, or activates the one that is there: its e-mail would be refused for another.
func (p *provider) createUser(ctx context.Context, call connectors.Call, found connectors.State) error {
	if seen := found.Seen.(account); seen.exists() {
		return p.setActive(ctx, seen, true)
	}
	return p.scimWrite(ctx, connectors.Request{Method: http.MethodPost, Path: "/Users", Body: newUser(call)})
}

func (p *provider) disableUser(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(account)
	if err := p.setActive(ctx, seen, false); err != nil {
		return err
	}
	return p.resetToo(ctx, seen.id)
}

func (p *provider) deleteUser(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(account)
	if err := p.scimWrite(ctx, connectors.Request{Method: http.MethodDelete, Path: "/Users/" + url.PathEscape(seen.id)}); err != nil {
		return err
	}
	return p.resetToo(ctx, seen.id)
}

func (p *provider) setActive(ctx context.Context, seen account, active bool) error {
	return p.scimPatch(ctx, "/Users/"+url.PathEscape(seen.id), map[string]any{"op": "replace", "path": "active", "value": active})
}

// newUser is the body of a new account. Slack makes a handle of the part before the @. The argument attributes adds to
// it and wins over it.
func newUser(call connectors.Call) map[string]any {
	email := userName(call)
	handle, _, _ := strings.Cut(email, "@")
	given, family := handle, handle
	user := map[string]any{
		"schemas": []any{userSchema}, "userName": handle, "active": true,
		"emails": []any{map[string]any{"value": email, "primary": true}},
	}
	if full := strings.TrimSpace(call.Subject.Name); full != "" && strings.EqualFold(email, call.Subject.Email) {
		user["displayName"] = full
		given, family = full, full
		if space := strings.LastIndex(full, " "); space > 0 {
			given, family = strings.TrimSpace(full[:space]), full[space+1:]
		}
		if call.Subject.Title != "" {
			user["title"] = call.Subject.Title
		}
	}
	user["name"] = map[string]any{"givenName": given, "familyName": family}
	if attributes, ok := call.Args["attributes"].(map[string]any); ok {
		maps.Copy(user, attributes)
	}
	return user
}
