package http_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	usherhttp "github.com/usherhq/usher/connectors/http"
)

const token = "token-of-the-desk"

// desk is a ticket desk with an HTTP API: tickets are kept by their key. It honours Idempotency-Key.
type desk struct {
	mu sync.Mutex
	// tickets are states by key.
	tickets map[string]string
	// made counts changes, seen lists the requests, keys the idempotency keys in their order.
	made int
	seen []*http.Request
	keys []string
	// replies are the answers by idempotency key.
	replies map[string]string
	// bodies are what was sent.
	bodies []string
	// trick may answer instead; before and after the change.
	before, after func(w http.ResponseWriter, r *http.Request) (answered bool)
}

// newDesk starts a desk.
func newDesk(t testing.TB) (*desk, string) {
	t.Helper()
	d := &desk{tickets: map[string]string{}, replies: map[string]string{}}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	return d, server.URL
}

// with looks at the desk, or changes it, between two requests.
func (d *desk) with(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

// ServeHTTP answers one request.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	d.seen, d.bodies, d.keys = append(d.seen, r), append(d.bodies, string(body)), append(d.keys, r.Header.Get("Idempotency-Key"))
	if r.Header.Get("Authorization") != "Bearer "+token {
		http.Error(w, `{"message":"who are you?"}`, http.StatusUnauthorized)
		return
	}
	if d.before != nil && d.before(w, r) {
		return
	}
	status, answer := d.answer(r, body)
	if d.after != nil && d.after(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, answer)
}

func (d *desk) answer(r *http.Request, body []byte) (int, string) {
	key, found := strings.CutPrefix(r.URL.Path, "/tickets/")
	if !found && r.Method != http.MethodPost {
		return http.StatusNotFound, `{"message":"no such page"}`
	}
	state, known := d.tickets[key]
	switch {
	case r.Method == http.MethodPost:
		return d.create(r, body)
	case !known:
		return http.StatusNotFound, `{"message":"no such ticket"}`
	case r.Method == http.MethodDelete:
		delete(d.tickets, key)
		d.made++
		return http.StatusNoContent, ""
	}
	return http.StatusOK, ticket(key, state)
}

// create opens a ticket; the same idempotency key gets the same answer and no second ticket.
func (d *desk) create(r *http.Request, body []byte) (int, string) {
	var sent struct{ Key, Title string }
	if err := json.Unmarshal(body, &sent); err != nil || sent.Key == "" {
		return http.StatusUnprocessableEntity, `{"errors":[{"detail":"key is missing"}]}`
	}
	once := r.Header.Get("Idempotency-Key")
	if reply, again := d.replies[once]; again && once != "" {
		return http.StatusCreated, reply
	}
	d.tickets[sent.Key] = "open"
	d.made++
	d.replies[once] = ticket(sent.Key, "open")
	return http.StatusCreated, d.replies[once]
}

func ticket(key, state string) string {
	return fmt.Sprintf(`{"id":9007199254740993,"key":%q,"state":%q,"web_url":"https://desk.example.com/%s"}`, key, state, key)
}

// lose is a trick: the connection ends without an answer to a write.
func lose(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet {
		return false
	}
	connection, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		err = connection.Close()
	}
	return err == nil
}

// Declarations of the desk.
func declared() []any {
	return []any{
		map[string]any{
			"name": "open_ticket", "effect": "grants", "undo": "close_ticket", "doc": "Opens a ticket",
			"args": map[string]any{
				"key":   map[string]any{"default": "{{ subject.email }}", "doc": "which ticket"},
				"title": map[string]any{"default": "Access to {{ target }}"},
			},
			"method": "POST", "path": "/tickets", "body": map[string]any{"key": "{{ args.key }}", "title": "{{ args.title }}"},
			"success": []any{201}, "check": ticketCheck("response.body.state == 'open'"),
		},
		map[string]any{
			"name": "close_ticket", "effect": "revokes", "undo": "open_ticket", "doc": "Closes a ticket", "method": "DELETE",
			"args": map[string]any{"key": map[string]any{"default": "{{ subject.email }}"}},
			"path": "/tickets/{{ args.key }}", "success": []any{204, 404}, "check": ticketCheck("response.body.state == 'closed'"),
		},
		map[string]any{
			"name": "read_ticket", "effect": "reads", "args": map[string]any{"key": map[string]any{"required": true}},
			"path": "/tickets/{{ args.key }}", "outputs": map[string]any{"state": "{{ response.body.state }}", "whole": "{{ response.body }}"},
		},
		map[string]any{
			"name": "page_somebody", "effect": "grants", "method": "POST", "path": "/tickets", "idempotency_header": "Idempotency-Key",
			"body":    map[string]any{"key": "{{ target }}"},
			"outputs": map[string]any{"id": "{{ response.body.id }}", "type": "{{ response.headers.content_type }}"},
		},
	}
}

func ticketCheck(done string) map[string]any {
	return map[string]any{
		"path": "/tickets/{{ args.key }}", "absent": []any{404}, "done": done, "consistency": "0s",
		"outputs": map[string]any{"id": "{{ response.body.id }}", "url": "{{ response.body.web_url }}"},
	}
}

func settings(t testing.TB, address string) map[string]any {
	t.Helper()
	file := t.TempDir() + "/token"
	writeFile(t, file, token)
	return map[string]any{"base_url": address, "token": "file:" + file}
}

// open makes a provider with declared endpoints.
func open(t testing.TB, address string, endpoints []any) connectors.Provider {
	t.Helper()
	deps := connectortest.WithTemplates((&connectortest.Wire{}).Deps())
	provider, err := connectors.NewRegistry(usherhttp.Connector{}).WithDeps(deps).Open("desk", "http", settings(t, address), endpoints)
	require.NoError(t, err)
	return provider
}

var ana = connectors.Person{Email: "ana@example.com", Name: "Ana", Department: "Design"}

func call(args map[string]any) connectors.Call {
	return connectors.Call{Subject: ana, Target: "Editors", Args: args, IdempotencyKey: "scr_1"}
}
