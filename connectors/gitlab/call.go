package gitlab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// read makes one call that changes nothing. Its error is marked.
func read[T any](ctx context.Context, c *client, do func(api.RequestOptionFunc) (T, *api.Response, error)) (T, *api.Response, error) {
	value, resp, err := do(api.WithContext(ctx))
	return value, resp, c.mark(resp, err, false)
}

// write makes one call that changes something. Its error is marked: Unsure once the request had left the house.
func write[T any](ctx context.Context, c *client, do func(api.RequestOptionFunc) (T, *api.Response, error)) (T, error) {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	value, resp, err := do(api.WithContext(ctx))
	if err != nil && resp == nil {
		return value, connectors.MarkTransport(err, sent.Load())
	}
	return value, c.mark(resp, err, true)
}

// send is write for calls whose answer has no body.
func send(ctx context.Context, c *client, do func(api.RequestOptionFunc) (*api.Response, error)) error {
	_, err := write(ctx, c, func(o api.RequestOptionFunc) (struct{}, *api.Response, error) {
		resp, err := do(o)
		return struct{}{}, resp, err
	})
	return err
}

// mark says what an error means for the outcome. A write is done with its status: what follows does not matter.
func (c *client) mark(resp *api.Response, err error, writes bool) error {
	switch {
	case err == nil:
		return nil
	case resp == nil:
		return connectors.MarkTransport(err, false)
	case resp.StatusCode >= 200 && resp.StatusCode <= 299:
		if writes {
			return nil
		}
		return unreadable(err)
	}
	if resp.Header.Get("Retry-After") == "" {
		resp.Header.Set("Retry-After", reset(resp.Header))
	}
	return connectors.MarkAnswer(resp.Response, said(err, resp.StatusCode), []string{c.token}, writes)
}

// unreadable is a 2xx answer that the library could not read: a lost connection, or something that is no GitLab.
func unreadable(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) {
		return connectors.Refuse(errors.New("the answer is not GitLab's; check the provider's base_url"))
	}
	return connectors.Retry(fmt.Errorf("read the answer: %w", err), 0)
}

// reset reads GitLab's own header about when a rate limit ends, in seconds since 1970
// (https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/), as a date for Retry-After.
func reset(header http.Header) string {
	seconds, err := strconv.ParseInt(header.Get("RateLimit-Reset"), 10, 64)
	if err != nil {
		return ""
	}
	return time.Unix(seconds, 0).UTC().Format(http.TimeFormat)
}
