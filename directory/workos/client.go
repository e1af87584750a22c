package workos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

const (
	// pageSize is how many objects are asked for at once, the most that WorkOS gives.
	pageSize = 100
	// maxBody bounds what is read of an answer, in bytes. A page holds a hundred people with all their attributes.
	maxBody = 16 << 20
	// maxDetail bounds what of an error answer reaches people, in bytes.
	maxDetail = 200
	// callTimeout is how long one call may take.
	callTimeout = 30 * time.Second
	// stateCalls is how many calls for the users of a directory WorkOS takes in a second
	// (https://workos.com/docs/reference/rate-limits).
	stateCalls = 4
)

// Client reads the API of WorkOS. It repeats nothing: an error says whether the same call may succeed later. It is
// safe for concurrent use.
type Client struct {
	http *http.Client
	base string
	key  string
	pace *rate.Limiter // of calls to the state API
}

// NewClient makes a client for the API at an address, DefaultAddress if it is empty, which may also be on this machine.
// The error says what is wrong with the address or the key, and never names the key.
func NewClient(address, key string) (*Client, error) {
	if address == "" {
		address = DefaultAddress
	}
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.User != nil ||
		parsed.RawQuery != "" || parsed.Fragment != "":
		return nil, errors.New("the address must be one such as " + DefaultAddress)
	case key == "" || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New("the API key must be one such as sk_live_…, without spaces")
	}
	// Where the API leads elsewhere, the key does not go along.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := &http.Client{Timeout: callTimeout, CheckRedirect: stay}
	return &Client{http: client, base: strings.TrimRight(address, "/"), key: key, pace: rate.NewLimiter(stateCalls, 1)}, nil
}

// page is one page of a list.
type page[T any] struct {
	Data     []T `json:"data"`
	Metadata struct {
		After string `json:"after"`
	} `json:"list_metadata"`
}

// EventsAfter reads the next events behind one, oldest first; none means that there are no more for now. An error may
// be ErrCursor: WorkOS does not know the event, or does not keep it any more.
func (c *Client) EventsAfter(ctx context.Context, event string) ([]Event, error) {
	return c.events(ctx, url.Values{"after": {event}})
}

// EventsSince reads the first events that were made at a time or later, oldest first.
func (c *Client) EventsSince(ctx context.Context, at time.Time) ([]Event, error) {
	return c.events(ctx, url.Values{"range_start": {at.UTC().Format("2006-01-02T15:04:05.000Z")}})
}

// events reads one page. Order is named since the documentation says that its default is the other one; the API goes
// forward in either case (https://github.com/workos/workos-node/issues/1610).
func (c *Client) events(ctx context.Context, query url.Values) ([]Event, error) {
	query.Set("events", strings.Join(Names(), ","))
	query.Set("limit", strconv.Itoa(pageSize))
	query.Set("order", "asc")
	found, err := list[Event](ctx, c, "/events", query)
	if err != nil {
		return nil, err
	}
	for _, event := range found.Data {
		if event.ID == "" || event.Name == "" {
			return nil, fmt.Errorf("read events: an event without a name or an id: %w", ErrAnswer)
		}
	}
	return found.Data, nil
}

// list reads one page of a list.
func list[T any](ctx context.Context, c *Client, path string, query url.Values) (page[T], error) {
	var found struct {
		page[T]
		Data *[]T `json:"data"`
	}
	_, err := c.get(ctx, path, query, &found)
	if err == nil && found.Data == nil {
		err = fmt.Errorf("no list: %w", ErrAnswer)
	}
	if err != nil {
		return page[T]{}, fmt.Errorf("read %s: %w", strings.TrimPrefix(path, "/"), err)
	}
	found.page.Data = *found.Data
	return found.page, nil
}

// get makes one call and reads its answer, whose header it returns.
func (c *Client) get(ctx context.Context, path string, query url.Values, into any) (http.Header, error) {
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, plain(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Accept", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.unanswered(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, newStatusError(resp, c.detail(body), query.Has("after") && path == "/events")
	case err != nil:
		return nil, c.unanswered(ctx, err)
	case len(body) > maxBody:
		return nil, fmt.Errorf("it is larger than %d MB: %w", maxBody>>20, ErrAnswer)
	case json.Unmarshal(body, into) != nil:
		return nil, fmt.Errorf("it can't be read: %w", ErrAnswer)
	}
	return resp.Header, nil
}

// unanswered is the error of a call that got no answer, or only a part of one.
func (c *Client) unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", ErrTransient, plain(err))
}

// plain takes the address out of an error, since it holds ids.
func plain(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// detail answers the words of WorkOS, short, on one line and without the key.
func (c *Client) detail(body []byte) string {
	var said struct {
		Message     string `json:"message"`
		Description string `json:"error_description"`
		Error       string `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	text := said.Message
	if text == "" {
		text = said.Description
	}
	if text == "" {
		text = said.Error
	}
	text = strings.ReplaceAll(strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " "), c.key, "***")
	if len(text) > maxDetail {
		text = strings.ToValidUTF8(text[:maxDetail], "") + "…"
	}
	return text
}
