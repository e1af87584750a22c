package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// longestWait bounds what Slack may ask for by Retry-After.
const longestWait = time.Hour

// errNotSlack means that something answered which is not Slack.
var errNotSlack = errors.New("the answer is not Slack's; check the provider's api_url")

// read makes one call of slack-go that changes nothing.
func read(ctx context.Context, method string, do func(context.Context) error) error {
	return marked(method, do(ctx), false)
}

// write makes one call of slack-go that changes something. Once its request has left the house, whatever is not an
// answer leaves open what came of it.
func write(ctx context.Context, method string, do func(context.Context) error) error {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	err := do(ctx)
	return marked(method, err, sent.Load())
}

// marked says by kind what an error of slack-go means. Wrote says that a write was sent.
func marked(method string, err error, wrote bool) error {
	var limited *slackgo.RateLimitedError
	var status slackgo.StatusCodeError
	var said slackgo.SlackErrorResponse
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return connectors.Retry(fmt.Errorf("Slack allows no more calls of %s for now", method), min(limited.RetryAfter, longestWait)) //nolint:staticcheck // Slack is a name
	case errors.As(err, &said):
		return (&codeError{method: method, code: said.Err, needed: said.Needed}).marked(wrote)
	case errors.As(err, &status):
		return statusMark(method, status.Code, wrote)
	case wrote:
		return connectors.Unsure(fmt.Errorf("%s: no answer that can be read: %w", method, plain(err)))
	case notJSON(err):
		return connectors.Refuse(fmt.Errorf("%s: %w", method, errNotSlack))
	}
	return connectors.Retry(fmt.Errorf("%s: %w", method, plain(err)), 0)
}

func statusMark(method string, status int, wrote bool) error {
	err := fmt.Errorf("%s: %w", method, &connectors.StatusError{Status: status})
	switch {
	case status == http.StatusTooManyRequests:
		return connectors.Retry(err, 0)
	case status < http.StatusInternalServerError:
		return connectors.Refuse(fmt.Errorf("%w; check the provider's api_url", err))
	case wrote:
		return connectors.Unsure(err)
	}
	return connectors.Retry(err, 0)
}

func notJSON(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, io.EOF)
}

// plain takes the address out of an error of net/http: it adds nothing for people.
func plain(err error) error {
	var urlErr *url.Error
	if errors.As(err, &urlErr) {
		return urlErr.Err
	}
	return err
}

// asAdmin calls a method of admin.users, which slack-go lacks, and decodes the answer into body unless that is nil.
func (p *provider) asAdmin(ctx context.Context, method string, args map[string]any, body any) error {
	if p.admin == nil {
		return connectors.Refuse(fmt.Errorf("%s needs the setting admin_token: a user token (xoxp) of an organization's admin", method))
	}
	raw, err := p.admin.Do(ctx, connectors.Request{Method: http.MethodPost, Path: "/" + method, Body: args})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	var said slackgo.SlackResponse
	if err := json.Unmarshal(raw, &said); err != nil {
		return connectors.Unsure(fmt.Errorf("%s: %w", method, errNotSlack))
	}
	if !said.Ok {
		return (&codeError{method: method, code: said.Error, needed: said.Needed}).marked(true)
	}
	if body == nil {
		return nil
	}
	if err := json.Unmarshal(raw, body); err != nil {
		return connectors.Unsure(fmt.Errorf("%s: %w", method, errNotSlack))
	}
	return nil
}
