package gitlab

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// find answers the account of this e-mail address or user name; nil means that there certainly is none.
//
// GitLab searches names, too, and everybody chooses their own: so only an account that shows the very address counts.
// Administrators' tokens see all addresses, others only those that people made public
// (https://docs.gitlab.com/api/users/). To such a token, nobody found does not mean that there is nobody: that is
// refused, since an account that is not seen would not be closed.
func (p *provider) find(ctx context.Context, name string) (*api.User, error) {
	if name == "" {
		return nil, refuse("the person has no e-mail address, which names the account")
	}
	if !strings.Contains(strings.TrimPrefix(name, "@"), "@") {
		return p.byUserName(ctx, strings.TrimPrefix(name, "@"))
	}
	user, err := p.search(ctx, &api.ListUsersOptions{Search: &name}, func(u *api.User) bool {
		return strings.EqualFold(u.Email, name) || strings.EqualFold(u.PublicEmail, name)
	})
	if err != nil || user != nil {
		return user, err
	}
	admin, err := p.client.isAdmin(ctx)
	if err != nil {
		return nil, err
	}
	if !admin {
		return nil, connectors.Refuse(fmt.Errorf(
			"no account shows the address %s, and the token is not an administrator's, so it may be hidden: name the GitLab user name in the argument user", name,
		))
	}
	return user, nil
}

func (p *provider) byUserName(ctx context.Context, name string) (*api.User, error) {
	return p.search(ctx, &api.ListUsersOptions{Username: &name}, func(u *api.User) bool {
		return strings.EqualFold(u.Username, name)
	})
}

// search lists accounts and answers the first that is meant, or nil.
func (p *provider) search(ctx context.Context, by *api.ListUsersOptions, meant func(*api.User) bool) (*api.User, error) {
	var found *api.User
	by.PerPage = perPage
	err := pages(ctx, p.client, func(options ...api.RequestOptionFunc) ([]*api.User, *api.Response, error) {
		return p.client.api.Users.ListUsers(by, options...)
	}, func(user *api.User) bool {
		if meant(user) {
			found = user
		}
		return found != nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the account: %w", err)
	}
	return found, nil
}

// mustFind is find for those who need the account.
func (p *provider) mustFind(ctx context.Context, name string) (*api.User, error) {
	user, err := p.find(ctx, name)
	if err == nil && user == nil {
		return nil, refuse(name + " has no account at this GitLab")
	}
	return user, err
}

func userID(user *api.User) string {
	if user == nil {
		return ""
	}
	return strconv.FormatInt(user.ID, 10)
}

func userURL(user *api.User) string {
	if user == nil {
		return ""
	}
	return user.WebURL
}
