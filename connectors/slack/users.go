package slack

import (
	"context"
	"errors"
	"regexp"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// The workspace roles as endpoints name them.
const (
	roleMember = "member"
	roleAdmin  = "admin"
	roleOwner  = "owner"
	roleGuest  = "guest"
)

// account is a person's account as it was read just now. The zero value means that there is none.
type account struct {
	id     string
	active bool
	// role is one of the four, and empty when unknown or without meaning.
	role string
}

func (a account) exists() bool { return a.id != "" }

// userID is the form of Slack's ids of accounts.
var userID = regexp.MustCompile(`^[UW][A-Z0-9]{7,}$`)

// errNoName means that nobody is named.
var errNoName = errors.New("the person has no e-mail address, which names the account")

func (p *provider) userEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg}
	active := connectors.Field{Name: "active", Type: connectors.TypeBool, Doc: "whether the account can be used"}
	role := connectors.Field{Name: "role", Type: connectors.TypeString, Doc: "member, admin, owner or guest; empty if there is no active account"}
	return []connectors.Endpoint{
		{
			Name: "get_user", Effect: connectors.Reads, Args: args, Outputs: outputs(active, role), Read: p.readUser,
			Doc: "Reads a person's account; a deactivated one is found only with an admin token that may use SCIM",
		},
		{
			Name: "create_user", Effect: connectors.Grants, Undo: "disable_user", Outputs: outputs(active),
			Doc:   "Creates a person's account by SCIM, or activates a deactivated one",
			Args:  []connectors.Field{userArg, {Name: "attributes", Type: connectors.TypeMap, Doc: "further SCIM attributes of a new account, for example userName"}},
			Read:  p.readAccount(func(a account) bool { return a.active }),
			Write: p.createUser,
			Did:   func(call connectors.Call) string { return "Gave " + userName(call) + " an active Slack account" },
		},
		{
			Name: "enable_user", Effect: connectors.Grants, Undo: "disable_user", Args: args, Outputs: outputs(active),
			Doc:  "Activates a person's deactivated account by SCIM; refused if there is none",
			Read: p.readBlocked,
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.setActive(ctx, found.Seen.(account), true)
			},
			Did: func(call connectors.Call) string { return "Activated the Slack account of " + userName(call) },
		},
		{
			Name: "disable_user", Effect: connectors.Revokes, Undo: "create_user", Args: args, Outputs: outputs(active),
			Doc:   "Deactivates a person's account by SCIM. Then sessions are reset where the admin token may; end_sessions is the one that looks whether they ended",
			Read:  p.readAccount(func(a account) bool { return !a.active }),
			Write: p.disableUser,
			Did:   func(call connectors.Call) string { return "Deactivated the Slack account of " + userName(call) },
		},
		{
			Name: "delete_user", Effect: connectors.Revokes, Undo: "create_user", Args: args, Outputs: outputs(active),
			Doc:   "Deactivates a person's account by SCIM's DELETE: Slack never erases accounts, and the e-mail stays taken",
			Read:  p.readAccount(func(a account) bool { return !a.active }),
			Write: p.deleteUser,
			Did:   func(call connectors.Call) string { return "Deactivated the Slack account of " + userName(call) },
		},
	}
}

// readUser looks among the active accounts and, with an admin token, among all. An admin token that may not use SCIM,
// but may for example set roles, is as good as none here.
func (p *provider) readUser(ctx context.Context, call connectors.Call) (connectors.State, error) {
	found, err := p.account(ctx, call)
	if err == nil && !found.exists() && p.scim != nil {
		found, err = p.scimAccount(ctx, call)
		if noSCIM(err) {
			found, err = account{}, nil
		}
	}
	if err != nil {
		return connectors.State{}, err
	}
	return connectors.State{Done: true, Summary: found.describe(call), Seen: found, Output: map[string]any{
		"exists": found.exists(), "id": found.id, "active": found.active, "role": found.role,
	}}, nil
}

func (a account) describe(call connectors.Call) string {
	switch {
	case !a.exists():
		return userName(call) + " has no account in Slack"
	case !a.active:
		return userName(call) + " has a deactivated account in Slack"
	case a.role == "":
		return userName(call) + " has an active account in Slack"
	}
	return userName(call) + " has an active account in Slack, as " + a.role
}

// account looks a person up by the Web API: by e-mail, which finds active accounts only, or by Slack id.
func (p *provider) account(ctx context.Context, call connectors.Call) (account, error) {
	name := userName(call)
	if name == "" {
		return account{}, connectors.Refuse(errNoName)
	}
	var user *slackgo.User
	method, look := "users.lookupByEmail", p.web.GetUserByEmailContext
	if userID.MatchString(name) {
		method = "users.info"
		look = func(ctx context.Context, id string) (*slackgo.User, error) { return p.web.GetUserInfoContext(ctx, id) }
	}
	err := read(ctx, method, func(ctx context.Context) (err error) {
		user, err = look(ctx, name)
		return err
	})
	switch code := codeOf(err); {
	case code == "users_not_found" || code == "user_not_found":
		return account{}, nil
	case err != nil:
		return account{}, err
	}
	return accountOf(user), nil
}

func accountOf(user *slackgo.User) account {
	found := account{id: user.ID, active: !user.Deleted}
	switch {
	case user.Deleted:
	case user.IsOwner || user.IsPrimaryOwner:
		found.role = roleOwner
	case user.IsAdmin:
		found.role = roleAdmin
	case user.IsRestricted || user.IsUltraRestricted:
		found.role = roleGuest
	default:
		found.role = roleMember
	}
	return found
}
