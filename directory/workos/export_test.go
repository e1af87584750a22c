package workos

import (
	"time"

	"golang.org/x/time/rate"
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

// EventTime reads the time of an event's id.
var EventTime = eventTime
