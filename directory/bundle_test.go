package directory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/directory"
	"github.com/usherhq/usher/flows"
)

// onBoth runs a test on SQLite and on Postgres.
func onBoth(t *testing.T, test func(t *testing.T, b *bundle)) {
	t.Helper()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) { test(t, setup(t, store)) })
}

// silent is a notifier that sends nothing.
type silent struct{}

func (silent) Record(context.Context, bun.IDB, []db.AuditEvent) ([]string, error) { return nil, nil }
func (silent) Flush(context.Context, string) (time.Duration, error)               { return 0, nil }

// clock is a time that a test moves. It stands still by itself.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// lines is a log that tests read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// bundle is a SCIM server over real rows, as an identity provider of one directory sees it.
type bundle struct {
	t     testing.TB
	ctx   context.Context
	store *db.Store
	flows *flows.Flows
	clock *clock
	log   *lines
	url   string // of the server

	handler http.Handler
	token   string
	row     db.Directory
}

const (
	core       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	groupURN   = "urn:ietf:params:scim:schemas:core:2.0:Group"
	patchURN   = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

func setup(t testing.TB, store *db.Store) *bundle {
	t.Helper()
	b := &bundle{
		t: t, ctx: context.Background(), store: store, log: &lines{},
		clock: &clock{at: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)},
	}
	var err error
	b.flows, err = flows.New(flows.Options{
		Store: store, Registry: connectors.NewRegistry(), Notifier: silent{}, Clock: b.clock.Now, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	require.NoError(t, err)
	b.row = b.directory("okta", db.SCIMDirectory)
	b.token, err = b.flows.NewDirectoryToken(b.ctx, "okta", 0)
	require.NoError(t, err)
	b.url = b.serve(b.flows)
	return b
}

// serve starts a server on the rows.
func (b *bundle) serve(writer directory.Writer) string {
	b.t.Helper()
	made := directory.New(directory.Options{
		Writer: writer, Store: b.store, Clock: b.clock.Now, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	mux := http.NewServeMux()
	made.Register(mux)
	b.handler = made
	server := httptest.NewServer(mux)
	b.t.Cleanup(server.Close)
	return server.URL
}

// directory adds a directory.
func (b *bundle) directory(slug, kind string) db.Directory {
	b.t.Helper()
	row := db.Directory{
		ID: db.NewID("dir"), Slug: slug, Name: strings.ToUpper(slug), Kind: kind, PersonID: db.NewID("per"), Active: true, UpdatedAt: db.UTC(b.clock.Now()),
	}
	require.NoError(b.t, db.InsertDirectory(b.ctx, b.store, row))
	return row
}

// answer is what came back. Body is nil where there was none.
type answer struct {
	Status int
	Header http.Header
	Body   map[string]any
	Text   string
}

// send makes a call to the directory as its identity provider. A body that is no text is sent as JSON.
func (b *bundle) send(method, path string, body any, header ...string) answer {
	b.t.Helper()
	return b.call(method, b.url+"/scim/v2/okta"+path, body, append([]string{"Authorization", "Bearer " + b.token}, header...)...)
}

// call makes any call. The header is names and values in turn.
func (b *bundle) call(method, url string, body any, header ...string) answer {
	b.t.Helper()
	var text []byte
	switch body := body.(type) {
	case nil:
	case string:
		text = []byte(body)
	default:
		var err error
		text, err = json.Marshal(body)
		require.NoError(b.t, err)
	}
	r, err := http.NewRequestWithContext(b.ctx, method, strings.ReplaceAll(url, " ", "%20"), bytes.NewReader(text))
	require.NoError(b.t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(b.t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	got := answer{Status: response.StatusCode, Header: response.Header, Text: string(content)}
	if len(content) > 0 {
		require.Equal(b.t, "application/scim+json", response.Header.Get("Content-Type"), got.Text)
		require.NoError(b.t, json.Unmarshal(content, &got.Body), got.Text)
	}
	return got
}

// is requires a status.
func (b *bundle) is(status int, got answer) answer {
	b.t.Helper()
	require.Equal(b.t, status, got.Status, got.Text)
	return got
}

// refused requires a SCIM error.
func (b *bundle) refused(status int, scimType string, got answer) {
	b.t.Helper()
	b.is(status, got)
	require.Equal(b.t, []any{"urn:ietf:params:scim:api:messages:2.0:Error"}, got.Body["schemas"])
	require.Equal(b.t, http.StatusText(status), http.StatusText(got.Status))
	require.IsType(b.t, "", got.Body["status"])
	require.NotEmpty(b.t, got.Body["detail"])
	if scimType == "" {
		require.NotContains(b.t, got.Body, "scimType")
		return
	}
	require.Equal(b.t, scimType, got.Body["scimType"], got.Text)
}

func (a answer) id() string {
	id, _ := a.Body["id"].(string)
	return id
}

// found are the resources of a list.
func (a answer) found() []map[string]any {
	var all []map[string]any
	list, _ := a.Body["Resources"].([]any)
	for _, one := range list {
		all = append(all, one.(map[string]any))
	}
	return all
}

// object is a JSON object.
type object = map[string]any

// user makes a user with a name and returns its id.
func (b *bundle) user(name string) string {
	b.t.Helper()
	return b.is(http.StatusCreated, b.send(http.MethodPost, "/Users", object{
		"schemas": []string{core}, "userName": name, "active": true,
		"emails": []object{{"value": name, "type": "work", "primary": true}},
	})).id()
}

// group makes a group with members and returns its id.
func (b *bundle) group(name string, members ...string) string {
	b.t.Helper()
	return b.is(http.StatusCreated, b.send(http.MethodPost, "/Groups", object{
		"schemas": []string{groupURN}, "displayName": name, "members": values(members...),
	})).id()
}

// values is a list of members.
func values(ids ...string) []object {
	list := make([]object, 0, len(ids))
	for _, id := range ids {
		list = append(list, object{"value": id})
	}
	return list
}

// members are who is in a group as it is read.
func (b *bundle) members(group string) []string {
	b.t.Helper()
	got := b.is(http.StatusOK, b.send(http.MethodGet, "/Groups/"+group, nil))
	ids := []string{}
	list, _ := got.Body["members"].([]any)
	for _, one := range list {
		ids = append(ids, one.(map[string]any)["value"].(string))
	}
	return ids
}

// patch is the body of a PATCH.
func patch(operations ...object) object {
	return object{"schemas": []string{patchURN}, "Operations": operations}
}

// changes is the journal from a number on.
func (b *bundle) changes(after int64) []db.DirectoryChange {
	b.t.Helper()
	var rows []db.DirectoryChange
	err := b.store.NewSelect().Model(&rows).Where("directory_id = ?", b.row.ID).Where("seq > ?", after).Order("seq").Scan(b.ctx)
	require.NoError(b.t, err)
	return rows
}

// journal is the number of the newest change.
func (b *bundle) journal() int64 {
	b.t.Helper()
	row, err := db.DirectoryByID(b.ctx, b.store, b.row.ID)
	require.NoError(b.t, err)
	return row.Journal
}

// kinds are the kinds of changes and whom or what they are about.
func kinds(changes []db.DirectoryChange) []string {
	all := []string{}
	for _, one := range changes {
		all = append(all, one.Kind+" "+one.Label)
	}
	return all
}
