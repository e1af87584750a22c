package flows_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/flows"
)

// onBoth runs a test on SQLite and on Postgres.
func onBoth(t *testing.T, test func(t *testing.T, b *bundle)) {
	t.Helper()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) { test(t, setup(t, store)) })
}

// clock is a time that a test moves. It runs on by itself too, as the demo's does.
type clock struct {
	mu  sync.Mutex
	off time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}

func (c *clock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += by
}

// heard is a notifier that remembers the events and sends nothing.
type heard struct {
	mu     sync.Mutex
	events []db.AuditEvent
	news   chan struct{}
}

func (h *heard) Record(_ context.Context, _ bun.IDB, events []db.AuditEvent) ([]string, error) {
	h.mu.Lock()
	h.events = append(h.events, events...)
	h.mu.Unlock()
	select {
	case h.news <- struct{}{}:
	default:
	}
	return nil, nil
}

// lately is what happened last, for the output of a test that gives up.
func (h *heard) lately() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for _, event := range h.events[max(0, len(h.events)-20):] {
		all = append(all, strings.Join([]string{event.Action, event.Request, event.Script, event.Outcome}, " "))
	}
	return strings.Join(all, "; ")
}

func (h *heard) Flush(context.Context, string) (time.Duration, error) { return 0, nil }

// bundle is everything that a flow test needs: real rows, a real SCIM target, and time in the test's hand.
type bundle struct {
	*flows.Flows

	ctx    context.Context
	store  *db.Store
	clock  *clock
	target *target.Target
	heard  *heard
	people map[string]string // first name to id

	options flows.Options
	url     string // of the target
	text    string // of the configuration
}

const (
	hour   = time.Hour
	minute = time.Minute
)

// patience is how long a test waits for any one thing: a loaded machine is slow.
const patience = time.Minute

const testToken = "token-of-the-target"

func setup(t testing.TB, store *db.Store) *bundle {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b := &bundle{ctx: ctx, store: store, clock: &clock{}, heard: &heard{news: make(chan struct{}, 1)}, people: map[string]string{}}
	b.target = target.New(target.Options{Name: "Drive", Token: testToken, Clock: b.clock.Now, Groups: []target.Group{{Name: "Editors"}, {Name: "Admins"}, {Name: "Crowded"}, {Name: "Crossed"}, {Name: "Desk"}}})
	server := httptest.NewServer(b.target.Handler())
	t.Cleanup(server.Close)
	registry := connectors.NewRegistry(scim.Connector{}).WithDeps(connectors.Deps{
		HTTP: connectors.NewHTTPClient, Secret: func(string) (string, error) { return testToken, nil },
	})
	var err error
	b.options = flows.Options{Store: store, Registry: registry, Notifier: b.heard, Clock: b.clock.Now, Admins: []string{"ada@example.com"}}
	b.Flows, err = flows.New(b.options)
	require.NoError(t, err)
	b.url = server.URL + "/scim/v2"
	b.apply(t, configuration)
	b.join(t)
	t.Cleanup(cancel)
	return b
}

// work runs the jobs and the clock in this process until the test ends.
func (b *bundle) work(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithCancel(b.ctx)
	done, ready := make(chan error, 1), make(chan struct{})
	go func() { done <- b.Run(ctx, cron.Every(time.Second), func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-done:
		require.NoError(t, err)
	}
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
}

// entitlement is the id of the entitlement with the slug, or nothing.
func (b *bundle) entitlement(slug string) string {
	row, err := db.EntitlementBySlug(b.ctx, b.store, slug)
	if err != nil {
		return ""
	}
	return row.ID
}

// rows counts the rows of a table.
func (b *bundle) rows(t testing.TB, table string) int64 {
	t.Helper()
	n, err := b.store.NewSelect().Table(table).Count(b.ctx)
	require.NoError(t, err)
	return n
}

// second is what another process has: Flows of its own on the same database.
func (b *bundle) second(t testing.TB) *flows.Flows {
	t.Helper()
	other, err := flows.New(b.options)
	require.NoError(t, err)
	return other
}

// ask makes a request for the entitlement with the slug, with a submission of its own.
func (b *bundle) ask(t testing.TB, name, slug, duration string) db.Sheet {
	t.Helper()
	request, err := b.Request(b.ctx, b.form(t, name, slug, duration))
	require.NoError(t, err)
	return b.sheet(t, request.ID)
}

func (b *bundle) form(t testing.TB, name, slug, duration string) flows.Ask {
	t.Helper()
	entitlement, err := db.EntitlementBySlug(b.ctx, b.store, slug)
	require.NoError(t, err)
	length, err := db.ParseDuration(duration)
	require.NoError(t, err)
	return flows.Ask{
		By: b.people[name], Reason: "I need it", Submission: db.NewID("sub"),
		Items: []flows.AskItem{{EntitlementID: entitlement.ID, Duration: length}},
	}
}

func (b *bundle) sheet(t testing.TB, requestID string) db.Sheet {
	t.Helper()
	sheet, err := db.ReadSheet(b.ctx, b.store, requestID)
	require.NoError(t, err)
	return sheet
}

// actions are the audit actions of a request in order.
func (b *bundle) actions(t testing.TB, requestID string) []string {
	t.Helper()
	events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{Request: requestID}, 1000)
	require.NoError(t, err)
	var actions []string
	for _, event := range events {
		actions = append(actions, event.Action)
	}
	return actions
}

// until waits for a condition on the rows, looked at anew after each change.
func (b *bundle) until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-b.heard.news:
		case <-time.After(50 * time.Millisecond): // rows of another process make no news here
		case <-deadline:
			t.Fatalf("waited %v for %s; the log ends with %s", patience, what, b.heard.lately())
		}
	}
}

func (b *bundle) untilGrant(t testing.TB, requestID, status string) db.Sheet {
	t.Helper()
	b.until(t, "the grant to be "+status, func() bool {
		sheet := b.sheet(t, requestID)
		return sheet.Items[0].Grant != nil && sheet.Items[0].Grant.Status == status
	})
	return b.sheet(t, requestID)
}

const configuration = `
channel: "#access"
people:
  - {email: ana@example.com, name: Ana, manager: ben@example.com, department: Design}
  - {email: carl@example.com, name: Carl, manager: ben@example.com, department: Sales}
  - {email: ben@example.com, name: Ben, manager: dana@example.com}
  - {email: dana@example.com, name: Dana}
providers:
  - slug: drive
    name: Acme Drive
    connector: scim
    owner: dana@example.com
    settings: {base_url: "%s", token: "env:DRIVE_TOKEN", consistency: "100ms"}
approval_chains:
  - slug: manager
    steps:
      - {name: Manager, approvers: [manager], need: 1, remind: 1h, timeout: 4h, on_timeout: {escalate: [owner]}}
  - slug: two
    steps:
      - {name: Manager, approvers: [manager], need: 1}
      - {name: Owners, approvers: [owner, eve@example.com, carl@example.com], need: 2}
  - slug: auto
    steps: []
  - slug: anybody
    steps: [{name: Anybody, approvers: [ana@example.com, carl@example.com, owner00@example.com, owner01@example.com, owner02@example.com, owner03@example.com, owner04@example.com, owner05@example.com, owner06@example.com, owner07@example.com, owner08@example.com, owner09@example.com, owner10@example.com, owner11@example.com, owner12@example.com, owner13@example.com, owner14@example.com, owner15@example.com, owner16@example.com, owner17@example.com, owner18@example.com, owner19@example.com, owner20@example.com, owner21@example.com, owner22@example.com, owner23@example.com, owner24@example.com, owner25@example.com, owner26@example.com, owner27@example.com, owner28@example.com, owner29@example.com, owner30@example.com, owner31@example.com, owner32@example.com, owner33@example.com, owner34@example.com, owner35@example.com, owner36@example.com, owner37@example.com, owner38@example.com, owner39@example.com, owner40@example.com, owner41@example.com, owner42@example.com, owner43@example.com, owner44@example.com, owner45@example.com, owner46@example.com, owner47@example.com, owner48@example.com, owner49@example.com]}]
action_chains:
  - slug: editors-in
    kind: provision
    scripts:
      - {name: find, type: drive_api_get_user}
      - {name: account, type: drive_api_create_user, when: "!find.exists"}
      - {name: join, type: drive_api_add_user_to_group, args: {group: "{{ entitlement.target }}"}, retry: {attempts: 3, backoff: 1s}}
  - slug: editors-out
    kind: deprovision
    scripts:
      - {name: leave, type: drive_api_remove_user_from_group, retry: {attempts: 2, backoff: 1s}}
  - slug: by-hand
    kind: provision
    scripts:
      - {name: desk, type: manual_task, args: {to: "{{ subject.manager }}", text: "Make room for {{ subject.email }}"}}
      - {name: account, type: drive_api_create_user}
      - {name: join, type: drive_api_add_user_to_group, args: {group: "{{ entitlement.target }}"}}
entitlements:
  - {slug: open, provider: drive, kind: group, target: Editors, name: Open drive, description: For everybody, owner: dana@example.com, risk: low, durations: {default: 8h, max: 30d, choices: [8h]}, approval: [{chain: auto}], provision: editors-in, deprovision: editors-out}
  - {slug: by-hand, provider: drive, kind: group, target: Desk, name: Drive by hand, description: With a person, owner: dana@example.com, risk: low, durations: {default: 8h, max: 30d, choices: [8h]}, approval: [{chain: auto}], provision: by-hand, deprovision: editors-out}
  - {slug: editors, provider: drive, kind: group, target: Editors, name: Drive editors, description: Edit shared drives, owner: dana@example.com, risk: medium, durations: {default: 8h, max: 30d, choices: [1m, 1h, 8h, 30d]}, approval: [{chain: auto, when: "subject.department == 'Design' && duration <= duration('1h')"}, {chain: manager}], provision: editors-in, deprovision: editors-out}
  - {slug: admins, provider: drive, kind: group, target: Admins, name: Drive admins, description: Run the drive, owner: dana@example.com, risk: high, durations: {default: 1h, max: 8h, choices: [1h, 8h]}, requestable_by: "requester.department == 'Sales'", approval: [{chain: two}], provision: editors-in, deprovision: editors-out}
  - {slug: crowded, provider: drive, kind: group, target: Crowded, name: Drive crowd, description: For everybody, owner: dana@example.com, risk: low, durations: {default: 8h, max: 30d, choices: [8h]}, approval: [{chain: anybody}], provision: editors-in, deprovision: editors-out}
  - {slug: crossed, provider: drive, kind: group, target: Crossed, name: Drive cross, description: For everybody, owner: dana@example.com, risk: low, durations: {default: 8h, max: 30d, choices: [8h]}, approval: [{chain: anybody}], provision: editors-in, deprovision: editors-out}
`
