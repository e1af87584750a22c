package gitlab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// maxBody bounds what is read of an answer, in bytes.
const maxBody = 16 << 20

// perPage is how many entries we ask for at once, GitLab's most; maxPages bounds a list.
const (
	perPage  = 100
	maxPages = 500
)

// client speaks to one GitLab.
type client struct {
	api   *api.Client
	token string
	// plain is for the calls that a configuration declares.
	plain *connectors.JSONClient

	mu sync.Mutex
	// owner is nil until GitLab was asked whose token it is.
	owner *api.User
}

// newClient makes a client without what the library does by itself: it neither retries nor waits for rate limits.
func newClient(base, token string, shared *http.Client) (*client, error) {
	own := *shared
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = bounded{own.Transport}
	library, err := api.NewClient(
		token,
		api.WithURLWarningLogger(slog.New(slog.DiscardHandler)), api.WithBaseURL(base), api.WithHTTPClient(&own),
		api.WithoutRetries(), api.WithCustomLimiter(unlimited{}), api.WithUserAgent("usher"),
	)
	if err != nil {
		return nil, err
	}
	return &client{api: library, token: token, plain: &connectors.JSONClient{
		HTTP: shared, Base: base + "/api/v4", Media: "application/json", Detail: words,
		Header: http.Header{"Private-Token": {token}}, Secrets: []string{token},
	}}, nil
}

// unlimited never waits: Usher limits the rate of each provider itself.
type unlimited struct{}

// Wait returns at once.
func (unlimited) Wait(context.Context) error { return nil }

// bounded cuts bodies that are too long.
type bounded struct{ next http.RoundTripper }

// RoundTrip passes on.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err == nil {
		resp.Body = cut{io.LimitReader(resp.Body, maxBody), resp.Body}
	}
	return resp, err
}

type cut struct {
	io.Reader
	io.Closer
}

// pages lists page by page, along GitLab's Link headers, until visit has seen enough or all was seen.
func pages[T any](ctx context.Context, c *client, list func(...api.RequestOptionFunc) ([]T, *api.Response, error), visit func(T) (enough bool)) error {
	next := ""
	for range maxPages {
		found, resp, err := read(ctx, c, func(o api.RequestOptionFunc) ([]T, *api.Response, error) {
			if next == "" {
				return list(o)
			}
			return list(o, api.WithKeysetPaginationParameters(next))
		})
		if err != nil {
			return err
		}
		for _, one := range found {
			if visit(one) {
				return nil
			}
		}
		if resp.NextLink == "" {
			return nil
		}
		next = resp.NextLink
	}
	return connectors.Refuse(errors.New("GitLab lists more than can be read"))
}

// isAdmin reports whether the token is an administrator's.
func (c *client) isAdmin(ctx context.Context) (bool, error) {
	self, err := c.self(ctx)
	if err != nil {
		return false, err
	}
	return self.IsAdmin, nil
}

// self asks GitLab, once, whose token it is. Several callers may ask at first: none waits for another's call.
func (c *client) self(ctx context.Context) (*api.User, error) {
	c.mu.Lock()
	known := c.owner
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	self, _, err := read(ctx, c, func(o api.RequestOptionFunc) (*api.User, *api.Response, error) {
		return c.api.Users.CurrentUser(o)
	})
	if err != nil {
		return nil, fmt.Errorf("read the token's user: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owner = self
	return self, nil
}
