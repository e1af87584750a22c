package slack

import (
	"net/url"
	"strings"
	"time"
)

const ticketLife = 30 * time.Second

// ticket admits one socket, once and soon.
type ticket struct {
	app     *App
	expires time.Time
}

// appsConnectionsOpen hands out the URL of a socket.
func (w *Workspace) appsConnectionsOpen(c *call) (answer, error) {
	if !strings.EqualFold(c.request.Method, "POST") {
		return nil, invalidArguments("must be called with POST")
	}
	for key, t := range w.tickets {
		if time.Now().After(t.expires) {
			delete(w.tickets, key)
		}
	}
	key := secret(16)
	w.tickets[key] = &ticket{app: c.app, expires: time.Now().Add(ticketLife)}
	query := url.Values{"ticket": {key}, "app_id": {c.app.ID}}
	return answer{"url": "ws" + strings.TrimPrefix(w.url, "http") + "/link/?" + query.Encode()}, nil
}

// admit spends a ticket.
func (w *Workspace) admit(key string) *App {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.tickets[key]
	delete(w.tickets, key)
	if t == nil || time.Now().After(t.expires) {
		return nil
	}
	return t.app
}
