package gitlab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// The states of an account (https://docs.gitlab.com/api/users/) that we know what to do with. A deactivated account
// comes to life again when its owner signs in, so it counts as one that can be used.
const (
	active      = "active"
	deactivated = "deactivated"
	blocked     = "blocked"
)

func (p *provider) userEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg}
	out := outputs(connectors.Field{Name: "active", Type: connectors.TypeBool, Doc: "whether the account can be used"})
	return []connectors.Endpoint{
		{
			Name: "get_user", Doc: "Reads a person's account", Effect: connectors.Reads, Args: args, Outputs: out,
			Read: p.readUser(func(*api.User) bool { return true }),
		},
		{
			Name: "create_user", Doc: "Creates a person's account, or lets a blocked one in again; needs an administrator's token", Effect: connectors.Grants,
			Undo: "disable_user", Outputs: out,
			Args: []connectors.Field{userArg, {Name: "attributes", Type: connectors.TypeMap, Doc: "further attributes of a new account, as in GitLab's API, for example username or external"}},
			Read: p.readUser(func(u *api.User) bool { return u != nil && u.State == active }), Write: p.createUser,
			Did: func(call connectors.Call) string { return "Gave " + userName(call) + " an active account" },
		},
		{
			Name: "enable_user", Doc: "Lets a person use a blocked account again, refused if there is none; needs an administrator's token", Effect: connectors.Grants,
			Undo: "disable_user", Args: args, Outputs: out, Read: p.readBlocked,
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.wake(ctx, found.Seen.(*api.User))
			},
			Did: func(call connectors.Call) string { return "Unblocked the account of " + userName(call) },
		},
		{
			Name: "disable_user", Doc: "Blocks a person's account; needs an administrator's token", Effect: connectors.Revokes,
			Undo: "create_user", Args: args, Outputs: out,
			Read: p.readUser(func(u *api.User) bool { return u == nil || !usable(u) }),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.act(ctx, "block", found.Seen.(*api.User), p.client.api.Users.BlockUser)
			},
			Did: func(call connectors.Call) string { return "Blocked the account of " + userName(call) },
		},
		{
			Name: "delete_user", Doc: "Deletes a person's account for good; what they wrote stays, as the ghost user's; needs an administrator's token", Effect: connectors.Revokes,
			Undo: "create_user", Args: args, Outputs: out,
			Read: p.readUser(func(u *api.User) bool { return u == nil }),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				err := p.act(ctx, "delete", found.Seen.(*api.User), p.client.api.Users.DeleteUser)
				if absent(err) {
					return nil
				}
				return err
			},
			Did: func(call connectors.Call) string { return "Deleted the account of " + userName(call) },
		},
	}
}

// readUser reads the account and lets done judge it; done is given nil if there is no account.
func (p *provider) readUser(done func(*api.User) bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		user, err := p.find(ctx, userName(call))
		if err != nil {
			return connectors.State{}, err
		}
		summary := userName(call) + " has no account"
		if user != nil {
			summary = fmt.Sprintf("The account of %s is %s", userName(call), user.State)
		}
		return connectors.State{Done: done(user), Summary: summary, Seen: user, Output: map[string]any{
			"exists": user != nil, "id": userID(user), connectors.OutputURL: userURL(user), "active": user != nil && usable(user),
		}}, nil
	}
}

// readBlocked wants the account that is there to be active; none is made.
func (p *provider) readBlocked(ctx context.Context, call connectors.Call) (connectors.State, error) {
	state, err := p.readUser(func(u *api.User) bool { return u != nil && u.State == active })(ctx, call)
	if err == nil && state.Seen.(*api.User) == nil {
		return connectors.State{}, refuse(userName(call) + " has no account: let a create_user step come first")
	}
	return state, err
}

// usable reports whether somebody can sign in to an account, if need be by waking it.
func usable(user *api.User) bool { return slices.Contains([]string{active, deactivated}, user.State) }

// createUser makes the account, or wakes the one that is there. GitLab sends a new person a mail to set a password.
func (p *provider) createUser(ctx context.Context, call connectors.Call, found connectors.State) error {
	if user := found.Seen.(*api.User); user != nil {
		return p.wake(ctx, user)
	}
	account, err := newUser(call)
	if err != nil {
		return err
	}
	_, err = write(ctx, p.client, func(o api.RequestOptionFunc) (*api.User, *api.Response, error) {
		return p.client.api.Users.CreateUser(account, o)
	})
	if err != nil {
		return fmt.Errorf("create the account: %w", err)
	}
	return nil
}

// wake lets an account in again, where that is what its state needs.
func (p *provider) wake(ctx context.Context, user *api.User) error {
	switch user.State {
	case blocked:
		return p.act(ctx, "unblock", user, p.client.api.Users.UnblockUser)
	case deactivated:
		return p.act(ctx, "activate", user, p.client.api.Users.ActivateUser)
	}
	return refuse(fmt.Sprintf("the account %s is %s: an administrator of GitLab has to decide about it there", user.Username, user.State))
}

// act does one of GitLab's deeds to an account.
func (p *provider) act(ctx context.Context, verb string, user *api.User, do func(int64, ...api.RequestOptionFunc) (*api.Response, error)) error {
	err := send(ctx, p.client, func(o api.RequestOptionFunc) (*api.Response, error) { return do(user.ID, o) })
	if err != nil {
		return fmt.Errorf("%s account %s: %w", verb, user.Username, err)
	}
	return nil
}

// newUser is a new account. The argument attributes adds to it and wins over it; one that GitLab does not have is
// refused rather than dropped.
func newUser(call connectors.Call) (*api.CreateUserOptions, error) {
	name := userName(call)
	local, _, isAddress := strings.Cut(name, "@")
	if !isAddress {
		return nil, refuse(name + " has no account, and a new one needs an e-mail address in the argument user")
	}
	full := strings.TrimSpace(call.Subject.Name)
	if full == "" || !strings.EqualFold(name, call.Subject.Email) {
		full = local
	}
	account := &api.CreateUserOptions{
		Email: &name, Username: new(handle(local)), Name: &full, ResetPassword: new(true), SkipConfirmation: new(true),
	}
	attributes, err := json.Marshal(call.Args["attributes"])
	if err != nil {
		return nil, connectors.Refuse(fmt.Errorf("argument attributes: %w", err))
	}
	decoder := json.NewDecoder(bytes.NewReader(attributes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(account); err != nil {
		return nil, connectors.Refuse(fmt.Errorf("argument attributes: %w", err))
	}
	return account, nil
}

// handle makes a user name out of the part of an address before the @: GitLab takes letters, digits, _, - and . in
// the middle (https://docs.gitlab.com/user/reserved_names/).
func handle(local string) string {
	clean := strings.Map(func(r rune) rune {
		if alphanumeric(r) || strings.ContainsRune("_-.", r) {
			return r
		}
		return '-'
	}, local)
	return strings.Trim(clean, "-.")
}
