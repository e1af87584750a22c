package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// callTimeout bounds one HTTP exchange with Slack.
	callTimeout = 20 * time.Second
	// maxAnswer bounds what is read of one answer; the largest real ones are pages of users.
	maxAnswer = 32 << 20
	// patience is the longest a call waits for its turn before it is handed back as *RateLimited.
	patience = 15 * time.Second
	// triggerPatience is the same for calls whose trigger lives for three seconds.
	triggerPatience = time.Second
	// attempts is how often a call that may be repeated is made.
	attempts = 3
)

// gate is the HTTP client that all calls to Slack pass through. It waits for a turn, obeys
// Retry-After, repeats what may be repeated, and says of the rest whether it can have had an effect.
type gate struct {
	client *http.Client
	base   *url.URL
	limits *limits
	// backoff is the pause before the second attempt; later ones double it.
	backoff time.Duration
}

func newGate(base *url.URL) *gate {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	return &gate{
		base: base, limits: newLimits(), backoff: 500 * time.Millisecond,
		client: &http.Client{
			Timeout: callTimeout, Transport: transport,
			// A redirect could carry the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Do makes the call. It implements the client interface of slack-go.
func (g *gate) Do(request *http.Request) (*http.Response, error) {
	method := g.method(request.URL)
	ctx := request.Context()
	for attempt := 1; ; attempt++ {
		if err := g.limits.method(ctx, method, longestWait(method)); err != nil {
			return nil, err
		}
		answer, err := g.once(request, method)
		if err == nil || attempt == attempts || !renewable(request) || !g.again(ctx, method, err, attempt) {
			return answer, err
		}
		if request, err = renew(request); err != nil {
			return nil, err
		}
	}
}

// again reports whether the call is to be made once more, after a pause.
func (g *gate) again(ctx context.Context, method string, err error, attempt int) bool {
	if _, limited := errors.AsType[*RateLimited](err); limited {
		return true // a refused call had no effect, and the pause is kept by limits
	}
	safe := repeatable[method] || errors.Is(err, ErrUnavailable)
	if !safe || ctx.Err() != nil || method == "apps.connections.open" {
		return false
	}
	pause := g.backoff << (attempt - 1)
	return sleep(ctx, pause/2+rand.N(pause)) == nil //nolint:gosec // jitter needs no secrecy
}

// once makes the call one time and sorts what may go wrong below the level of Slack's answers.
func (g *gate) once(request *http.Request, method string) (*http.Response, error) {
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	answer, err := g.client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		return nil, lost(method, sent.Load(), withoutAddress(err))
	}
	switch {
	case answer.StatusCode == http.StatusTooManyRequests:
		discard(answer)
		pause := retryAfter(answer.Header)
		g.limits.pause(method, pause)
		return nil, &RateLimited{Method: method, RetryAfter: pause}
	case answer.StatusCode >= http.StatusInternalServerError:
		discard(answer)
		return nil, lost(method, true, fmt.Errorf("HTTP status %d", answer.StatusCode))
	}
	answer.Body = limitedBody{Reader: io.LimitReader(answer.Body, maxAnswer), Closer: answer.Body}
	return answer, nil
}

// method is the name of the Web API method, or the host for an upload or response address.
func (g *gate) method(address *url.URL) string {
	if address.Host == g.base.Host {
		if name, ok := strings.CutPrefix(address.Path, g.base.Path); ok && !strings.Contains(name, "/") {
			return name
		}
	}
	return "https://" + address.Host
}

func longestWait(method string) time.Duration {
	if method == "views.open" || method == "views.push" {
		return triggerPatience
	}
	return patience
}

// lost says what a missing answer means: nothing happened, may be asked again, or cannot be known.
func lost(method string, sent bool, cause error) error {
	if !sent || repeatable[method] || method == "apps.connections.open" {
		return fmt.Errorf("%w: %w", ErrUnavailable, cause)
	}
	return fmt.Errorf("%w: %w", ErrUnknown, cause)
}

// withoutAddress drops the address from a client error: response addresses are secrets.
func withoutAddress(err error) error {
	if detail, ok := errors.AsType[*url.Error](err); ok {
		return detail.Err
	}
	return err
}

// renewable reports whether the body can be sent once more; that of an upload cannot.
func renewable(request *http.Request) bool {
	return request.Body == nil || request.Body == http.NoBody || request.GetBody != nil
}

func renew(request *http.Request) (*http.Request, error) {
	again := request.Clone(request.Context())
	if request.GetBody == nil {
		return again, nil
	}
	body, err := request.GetBody()
	if err != nil {
		return nil, fmt.Errorf("read request again: %w", err)
	}
	again.Body = body
	return again, nil
}

func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return defaultRetryAfter
	}
	return max(time.Duration(seconds)*time.Second, 100*time.Millisecond)
}

func discard(answer *http.Response) {
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // only so that the connection can be used again
	_ = answer.Body.Close()
}

type limitedBody struct {
	io.Reader
	io.Closer
}
