package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
	"github.com/usherhq/usher/connectors/mail/mailtest"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/demo/slack"
)

// targets are the systems around a company whose process is killed. Each is slow at random before and behind its work,
// so that a kill meets every moment of a call.
type targets struct {
	desk   *frontDesk
	gitlab *gitlabtest.Server
	mail   *mailtest.Server
	admin  *pgx.Conn
	env    map[string]string

	deskURL, gitlabURL, scimURL, slackToken string
	company                                 *company
}

// surround starts the targets.
func surround(t *testing.T, c *company) *targets {
	t.Helper()
	s := &targets{desk: &frontDesk{tickets: map[string]string{}, hooks: map[string]map[string]any{}}, gitlab: lab(), mail: mailtest.Start(t), company: c}
	s.deskURL = slowly(t, s.desk)
	s.gitlab.AddUser(gitlabtest.User{Username: "ana", Name: "Ana Diaz", Email: "ana@acme.example"})
	s.gitlab.SetMember("acme", "ana", gitlabtest.Member{Level: 20})
	s.gitlabURL = slowly(t, s.gitlab)
	target, err := url.Parse(c.TargetURL)
	require.NoError(t, err)
	s.scimURL = slowly(t, httputil.NewSingleHostReverseProxy(target)) + "/scim/v2"
	s.slackToken, err = c.Workspace.UserToken(c.App.ID, "dana", "channels:read", "channels:write", "users:read", "users:read.email")
	require.NoError(t, err)
	address := pgtest.Open(t)
	s.admin, err = pgx.Connect(c.ctx, address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.admin.Close(c.ctx)) })
	c.Workspace.AddChannel(slack.Channel{Name: "wing", Members: []string{c.person("dana").ID()}})
	s.env = map[string]string{
		"USHER_HTTP_ADDR": freeAddress(t),
		"LAB_TOKEN":       "glpat-usher", "HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "CHAT_TOKEN": s.slackToken,
		"TARGET_DATABASE": address, "SMTP_URL": s.mail.URL(), "USHER_PUBLIC_URL": "https://usher.acme.example",
	}
	return s
}

// freeAddress is one that nothing listens at. It is below the ports that the kernel hands out, so that no other test is
// given it before the process that is killed has come back.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 12000+rand.N(18000))
		if port, err := net.Listen("tcp", address); err == nil {
			require.NoError(t, port.Close())
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// providers are the targets as the configuration names them.
func (s *targets) providers() string {
	return strings.NewReplacer("DESK", s.deskURL, "GITLAB", s.gitlabURL, "SCIM", s.scimURL, "SLACK", s.company.Workspace.APIURL()).Replace(`  - slug: front
    connector: http
    settings: {base_url: "DESK"}
    endpoints:
      - name: open_ticket
        effect: grants
        method: POST
        path: /tickets
        args: {title: {type: string, required: true}}
        body: {title: "{{ args.title }}"}
        check: {path: /tickets, query: {title: "{{ args.title }}"}, done: "response.body.total > 0"}
      - name: open_once
        effect: grants
        method: POST
        path: /tickets
        args: {title: {type: string, required: true}}
        body: {title: "{{ args.title }}"}
        idempotency_header: Idempotency-Key
      - {webhook: badge, url: "DESK/hooks", secret: "env:HOOK_SECRET", event: badge.wanted, body: {later: false}}
      - {webhook: later, url: "DESK/hooks", secret: "env:HOOK_SECRET", event: badge.wanted, body: {later: true}}
  - slug: lab
    connector: gitlab
    settings: {base_url: "GITLAB", token: "env:LAB_TOKEN", project: acme/access, consistency: 200ms}
  - slug: slow
    connector: scim
    settings: {base_url: "SCIM", token: "file:` + s.company.Dir + `/drive-token", consistency: 200ms}
  - slug: chat
    connector: slack
    settings: {token: "env:CHAT_TOKEN", api_url: "SLACK", consistency: 200ms}
  - slug: base
    connector: postgres
    settings: {url: "env:TARGET_DATABASE", consistency: 200ms}
`)
}

// slowly serves a handler that takes a while before and behind its work.
func slowly(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dawdle()
		recorded := httptest.NewRecorder()
		handler.ServeHTTP(recorded, r)
		dawdle()
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(recorded.Body.Bytes()) // the caller may have been killed
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func dawdle() {
	time.Sleep(rand.N(15 * time.Millisecond)) //nolint:forbidigo // a slow target is what is wanted
}

// frontDesk makes tickets and takes webhooks.
type frontDesk struct {
	mu      sync.Mutex
	tickets map[string]string         // by idempotency key, or by number where there is none: the title
	hooks   map[string]map[string]any // by webhook-id: the message
}

// ServeHTTP answers /tickets and /hooks.
func (d *frontDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(content, &body) // an empty body is a question
	d.mu.Lock()
	defer d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path == "/hooks":
		d.hooks[r.Header.Get("Webhook-Id")] = body
		if data, _ := body["data"].(map[string]any); isTrue(data["later"]) {
			w.WriteHeader(http.StatusAccepted)
		}
		_, _ = io.WriteString(w, "{}")
	case r.Method == http.MethodPost:
		key := firstOf(r.Header.Get("Idempotency-Key"), fmt.Sprint("ticket ", len(d.tickets)))
		d.tickets[key], _ = body["title"].(string)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "{}")
	default:
		_, _ = fmt.Fprintf(w, `{"total": %d}`, d.titled(r.URL.Query().Get("title")))
	}
}

// titled counts the tickets of a title. The lock is held.
func (d *frontDesk) titled(title string) int {
	n := 0
	for _, one := range d.tickets {
		if one == title {
			n++
		}
	}
	return n
}

func isTrue(value any) bool {
	is, _ := value.(bool)
	return is
}
