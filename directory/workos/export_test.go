package workos

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/usherhq/usher/flows"
)

// Unhurried lets a client of a test's own server call as often as it likes.
func (c *Client) Unhurried() *Client {
	c.pace.SetLimit(rate.Inf)
	return c
}

// Within bounds how long a call may take.
func (c *Client) Within(limit time.Duration) *Client {
	c.http.Timeout = limit
	return c
}

// With lets a reader use a client for an address and a key.
func (r *Reader) With(address, key string, client *Client) *Reader {
	r.clients[[2]string{address, key}] = client
	return r
}

// Between lets a test do something before each transaction of a reader; an error takes the transaction's place.
func (r *Reader) Between(do func() error) *Reader {
	r.flows = between{r.flows, do}
	return r
}

type between struct {
	Directories

	do func() error
}

func (b between) WriteDirectory(ctx context.Context, id string, write func(context.Context, *flows.Journal) error) error {
	if err := b.do(); err != nil {
		return err
	}
	return b.Directories.WriteDirectory(ctx, id, write)
}

// At lets a webhook have a clock.
func (h *Webhook) At(clock func() time.Time) *Webhook {
	h.clock = clock
	return h
}

// What tests look at.
var (
	EventTime    = eventTime
	RestFor      = restFor
	UserResource = userResource
	UserNames    = userNames
)
