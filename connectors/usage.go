package connectors

import (
	"context"
	"time"
)

// Usage is for providers that know when a person last used his account there. Access reviews show it.
type Usage interface {
	// LastUsed says when, in UTC and as exactly as the system tells; zero is that it does not say. It only reads.
	LastUsed(ctx context.Context, person Person) (time.Time, error)
}
