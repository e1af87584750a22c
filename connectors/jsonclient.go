package connectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
)

// maxBody bounds what is read of an answer, in bytes.
const maxBody = 16 << 20

// maxDetail bounds what of an error answer reaches people, in bytes.
const maxDetail = 300

// JSONClient speaks JSON over HTTP to one target and marks every error with the outcome that it stands for.
type JSONClient struct {
	HTTP *http.Client
	// Base is the address under which all paths lie, without a slash at the end.
	Base string
	// Media is the content type sent and accepted, for example "application/json".
	Media string
	// Header goes with every request, for example Authorization.
	Header http.Header
	// Secrets are taken out of whatever the target writes back.
	Secrets []string
	// Detail finds the sentence for people in an error body. Nil means that the body is not shown.
	Detail func(body []byte) string
}

// Request is one HTTP request. Path begins with a slash and is already escaped. Body is sent as JSON unless nil.
type Request struct {
	Method, Path string
	Query        url.Values
	Body         any
	Header       http.Header
}

// Answer is what a target answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends one request and answers the body of a 2xx answer. GET and HEAD count as reads, all else as writes. The
// error is marked by [Refuse], [Conflict], [Retry] or [Unsure]; where the target answered at all it holds a
// [StatusError].
func (c *JSONClient) Do(ctx context.Context, r Request) ([]byte, error) {
	answer, err := c.exchange(ctx, r, isSuccess)
	return answer.Body, err
}

// exchange is Do for callers who say themselves which statuses are a success.
func (c *JSONClient) exchange(ctx context.Context, r Request, success func(status int) bool) (Answer, error) {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	req, err := c.request(ctx, r)
	if err != nil {
		return Answer{}, Refuse(fmt.Errorf("make request: %w", err))
	}
	writes := r.Method != http.MethodGet && r.Method != http.MethodHead
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return Answer{}, transportError(err, writes && sent.Load())
	}
	defer func() { _ = resp.Body.Close() }()
	body, readErr := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if !success(resp.StatusCode) {
		return Answer{}, unexpected(resp, c.detail(body), writes)
	}
	body, err = c.accept(body, readErr, writes)
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}, err
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

// unexpected marks an answer that is no success. A 2xx that a configuration does not count as one leaves open what the
// target did.
func unexpected(resp *http.Response, detail string, writes bool) error {
	if !isSuccess(resp.StatusCode) {
		return statusError(resp, detail, writes)
	}
	err := fmt.Errorf("%w, which is not among success", &StatusError{Status: resp.StatusCode, Detail: detail})
	if writes {
		return Unsure(err)
	}
	return Refuse(err)
}

// accept judges the body of a success. A write is done with its status: what follows does not matter.
func (c *JSONClient) accept(body []byte, err error, writes bool) ([]byte, error) {
	switch {
	case writes:
		return body, nil
	case err != nil:
		return nil, Retry(fmt.Errorf("read the answer: %w", plain(err)), 0)
	case len(body) > maxBody:
		return nil, Refuse(fmt.Errorf("the answer is larger than %d MB", maxBody>>20))
	}
	return body, nil
}

func (c *JSONClient) request(ctx context.Context, r Request) (*http.Request, error) {
	address := c.Base + r.Path
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	var body io.Reader
	if r.Body != nil {
		var buffer bytes.Buffer
		encoder := json.NewEncoder(&buffer)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(r.Body); err != nil {
			return nil, err
		}
		body = &buffer
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, address, body)
	if err != nil {
		return nil, plain(err)
	}
	req.Header.Set("Accept", c.Media)
	if body != nil {
		req.Header.Set("Content-Type", c.Media)
	}
	for _, header := range []http.Header{c.Header, r.Header} {
		for name, values := range header {
			req.Header[name] = values
		}
	}
	return req, nil
}

// detail answers the target's own words, short, on one line and without secrets.
func (c *JSONClient) detail(body []byte) string {
	if c.Detail == nil {
		return ""
	}
	text := strings.Join(strings.Fields(strings.ToValidUTF8(c.Detail(body), "")), " ")
	text = scrub(text, c.Secrets)
	if len(text) > maxDetail {
		text = strings.ToValidUTF8(text[:maxDetail], "") + "…"
	}
	return text
}

// plain takes the address out of an error of net/http: it may hold what people typed.
func plain(err error) error {
	var urlErr *url.Error
	if errors.As(err, &urlErr) {
		return urlErr.Err
	}
	return err
}
