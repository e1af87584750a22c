package connectortest

import (
	"net/http"
	"sync/atomic"

	"github.com/usherhq/usher/connectors"
)

// Wire counts the requests of a provider on their way to the target.
type Wire struct{ reads, writes atomic.Int64 }

// Deps are the usual dependencies, with this wire in between.
func (w *Wire) Deps() connectors.Deps {
	return connectors.Deps{Secret: connectors.ResolveSecret, HTTP: func() *http.Client {
		client := connectors.NewHTTPClient()
		client.Transport = tap{w, client.Transport}
		return client
	}}
}

// Reads counts GET and HEAD requests.
func (w *Wire) Reads() int { return int(w.reads.Load()) }

// Writes counts all other requests.
func (w *Wire) Writes() int { return int(w.writes.Load()) }

// tap is the wire's place in an HTTP client.
type tap struct {
	wire *Wire
	next http.RoundTripper
}

// RoundTrip counts and passes on.
func (t tap) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		t.wire.reads.Add(1)
	} else {
		t.wire.writes.Add(1)
	}
	return t.next.RoundTrip(r)
}
