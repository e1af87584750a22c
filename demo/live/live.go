// Package live is what the pages of the demo's systems share: they load their own files only, and show what is so as it changes.
package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	// keepAlive is how often a quiet stream says that it is there, so that no proxy closes it.
	keepAlive = 20 * time.Second
	// policy lets a page load its own files and its stream and nothing else.
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// Secured lets a page load what is its own and nothing else.
func Secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// Stream sends what there is to see, at once and after each change (server-sent events). See returns that as what becomes
// JSON, and what is closed when there is something else to see. A slow reader misses pictures in between, never the last one.
func Stream[T any](see func() (T, <-chan struct{})) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-store")
		alive := time.NewTicker(keepAlive)
		defer alive.Stop()
		for {
			shown, changes := see()
			body, err := json.Marshal(shown)
			if err != nil {
				return
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", body); err != nil {
				return
			}
			if !flushUntil(w, r, changes, alive.C) {
				return
			}
		}
	})
}

// flushUntil sends what is written and waits for a change. It reports false when the reader is gone.
func flushUntil(w http.ResponseWriter, r *http.Request, changes <-chan struct{}, alive <-chan time.Time) bool {
	for {
		if http.NewResponseController(w).Flush() != nil {
			return false
		}
		select {
		case <-r.Context().Done():
			return false
		case <-changes:
			return true
		case <-alive:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return false
			}
		}
	}
}
