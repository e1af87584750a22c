package workos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
	"github.com/usherhq/usher/flows"
)

// onBoth runs a test on SQLite and on Postgres.
func onBoth(t *testing.T, test func(t *testing.T, b *bundle)) {
	t.Helper()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) { test(t, setup(t, store)) })
}

// quiet is a notifier that tells nobody.
type quiet struct{}

func (quiet) Record(context.Context, bun.IDB, []db.AuditEvent) ([]string, error) { return nil, nil }
func (quiet) Flush(context.Context, string) (time.Duration, error)               { return 0, nil }

// said is a log that can be read while it is written.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// bundle is a directory that WorkOS syncs, with a WorkOS whose clock is ours.
type bundle struct {
	*flows.Flows

	store   *db.Store
	server  *workostest.Server
	options workos.Options
	reader  *workos.Reader
	said    *said
	id      string // of the directory
	acme    string // what WorkOS calls it
}

const keyReference, secretReference = "env:WORKOS_API_KEY", "env:WORKOS_WEBHOOK_SECRET"

// resolve reads a secret that settings refer to.
func resolve(reference string) (string, error) {
	known := map[string]string{keyReference: workostest.Key, secretReference: secret}
	if known[reference] == "" {
		return "", fmt.Errorf("%s is not set", reference)
	}
	return known[reference], nil
}

func setup(t testing.TB, store *db.Store) *bundle {
	t.Helper()
	b := &bundle{store: store, server: workostest.Start(t, start), said: &said{}}
	log := slog.New(slog.NewTextHandler(b.said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	b.Flows, err = flows.New(flows.Options{Store: store, Registry: connectors.NewRegistry(), Notifier: quiet{}, Clock: b.server.Now, Log: log})
	require.NoError(t, err)
	b.options = workos.Options{Flows: b.Flows, Store: store, Secret: resolve, Log: log}
	b.reader = b.another(t)
	b.acme = b.server.CreateDirectory("Acme")
	b.id = b.directory(t, "acme", b.acme)
	return b
}

// another is another process that reads the same directories.
func (b *bundle) another(t testing.TB) *workos.Reader {
	t.Helper()
	return workos.NewReader(b.options).With(b.server.URL, workostest.Key, client(t, b.server.URL))
}

// directory configures a directory of WorkOS and returns its id.
func (b *bundle) directory(t testing.TB, slug, workosID string) string {
	t.Helper()
	row := db.Directory{
		ID: db.NewID("dir"), Slug: slug, Name: slug, Kind: db.WorkOSDirectory, PersonID: db.NewID("per"), Active: true, UpdatedAt: b.Now(),
		Settings: db.DirectorySettings{WorkOS: db.WorkOSSettings{
			DirectoryID: workosID, URL: b.server.URL, APIKey: keyReference, WebhookSecret: secretReference,
		}},
	}
	require.NoError(t, db.InsertDirectory(t.Context(), b.store, row))
	return row.ID
}

// row is the directory as it is now.
func (b *bundle) row(t testing.TB) db.Directory {
	t.Helper()
	row, err := db.DirectoryByID(t.Context(), b.store, b.id)
	require.NoError(t, err)
	return row
}

// read reads the directory with a reader, or the bundle's own, to its end.
func (b *bundle) read(t testing.TB, readers ...*workos.Reader) {
	t.Helper()
	reader := append(readers, b.reader)[0]
	require.NoError(t, reader.Read(t.Context(), b.row(t)))
}

// begin reads what there is, and returns the number of the newest change then.
func (b *bundle) begin(t testing.TB) int64 {
	t.Helper()
	b.read(t)
	require.Empty(t, b.row(t).PollError)
	return b.row(t).Journal
}

// change is what the journal says of a change, as far as tests look at it.
type change struct {
	Kind, Label, Status string
}

// changes are the changes behind one, in their order.
func (b *bundle) changes(t testing.TB, after int64) []db.DirectoryChange {
	t.Helper()
	var rows []db.DirectoryChange
	require.NoError(t, b.store.NewSelect().Model(&rows).Where("directory_id = ?", b.id).Where("seq > ?", after).Order("seq").Scan(t.Context()))
	return rows
}

// told is what the journal says behind a change.
func (b *bundle) told(t testing.TB, after int64) []change {
	t.Helper()
	all := []change{}
	for _, row := range b.changes(t, after) {
		all = append(all, change{row.Kind, row.Label, row.Status})
	}
	return all
}

// user is a user as the mirror has him.
func (b *bundle) user(t testing.TB, id string) (db.DirectoryUser, scim.Resource) {
	t.Helper()
	row, err := db.DirectoryUserByExternalID(t.Context(), b.store, b.id, id)
	require.NoError(t, err)
	resource, err := mirror.User(row)
	require.NoError(t, err)
	return row, resource
}

// knows says whether the mirror has a user.
func (b *bundle) knows(t testing.TB, id string) bool {
	t.Helper()
	_, err := db.DirectoryUserByExternalID(t.Context(), b.store, b.id, id)
	if !errors.Is(err, db.ErrNotFound) {
		require.NoError(t, err)
	}
	return err == nil
}

// mirror is all that the mirror has, in words that can be compared between databases: names of users with whether they
// are active, and of groups with who is in them.
func (b *bundle) mirror(t testing.TB) map[string]any {
	t.Helper()
	var users []db.DirectoryUser
	var groups []db.DirectoryGroup
	require.NoError(t, b.store.NewSelect().Model(&users).Where("directory_id = ?", b.id).Where("deleted_at IS NULL").Scan(t.Context()))
	require.NoError(t, b.store.NewSelect().Model(&groups).Where("directory_id = ?", b.id).Where("deleted_at IS NULL").Scan(t.Context()))
	all, names := map[string]any{}, map[string]string{}
	for _, user := range users {
		all[user.UserName], names[user.ID] = user.Active, user.UserName
	}
	for _, group := range groups {
		ids, err := db.DirectoryMembers(t.Context(), b.store, group.ID)
		require.NoError(t, err)
		members := map[string]bool{}
		for _, id := range ids {
			members[names[id]] = true
		}
		all["@"+group.DisplayName] = members
	}
	return all
}

// jobs counts the jobs that read directories and are not done.
func (b *bundle) jobs(t testing.TB) int {
	t.Helper()
	n := 0
	query := "SELECT count(*) FROM river_job WHERE kind = 'directory_read' AND state NOT IN ('completed', 'discarded', 'cancelled')"
	require.NoError(t, b.store.NewRaw(query).Scan(t.Context(), &n))
	return n
}

// work runs the jobs until the test ends.
func (b *bundle) work(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done, ready := make(chan error, 1), make(chan struct{})
	go func() { done <- b.Run(ctx, cron.Every(time.Hour), func() { close(ready) }) }()
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

// until waits for something that jobs do.
func (b *bundle) until(t testing.TB, holds func() bool) {
	t.Helper()
	ticker, deadline := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer ticker.Stop()
	for !holds() {
		select {
		case <-ticker.C:
		case <-deadline:
			require.FailNow(t, "it did not happen", "the log says: %s", b.said)
		}
	}
}

// event is what WorkOS shows of an object, for events that a test makes up.
func event(t testing.TB, object any) workostest.Object {
	t.Helper()
	text, err := json.Marshal(object)
	require.NoError(t, err)
	var copied workostest.Object
	require.NoError(t, json.Unmarshal(text, &copied))
	return copied
}
