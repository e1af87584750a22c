package workos_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
)

// hook serves the bundle's webhooks and returns who sends some.
func (b *bundle) hook(t testing.TB) workostest.Sender {
	t.Helper()
	server := httptest.NewServer(workos.NewWebhook(b.options).At(b.server.Now))
	t.Cleanup(server.Close)
	return workostest.Sender{URL: server.URL, Secret: secret, Clock: b.server.Now}
}

// TestWebhooksWake has webhooks come in any order and more than once: each event counts once, in its order.
func TestWebhooksWake(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		sender := b.hook(t)
		sender.Shuffle = rand.New(rand.NewPCG(1, 2)) // the same order in each run
		b.ReadDirectoriesWith(b.reader)
		b.work(t)
		for range 3 {
			crowd(b, 5)
			events := b.server.Events()
			tries, err := sender.Send(t.Context(), append(events, events[len(events)-5:]...))
			require.NoError(t, err)
			require.NotContains(t, tries, 0)
			newest := events[len(events)-1]["id"]
			b.until(t, func() bool { return b.row(t).Cursor == newest })
		}
		b.until(t, func() bool { return b.jobs(t) == 0 })
		after := b.row(t).Journal
		b.isTaken(t, before)
		_, err := sender.Send(t.Context(), b.server.Events())
		require.NoError(t, err)
		b.until(t, func() bool { return b.jobs(t) == 0 })
		require.Empty(t, b.told(t, after), "what was read is not read again")
	})
}

// TestWebhooksAreNotBelieved reads what WorkOS has, and nothing of what a webhook says.
func TestWebhooksAreNotBelieved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		ana := b.server.CreateUser(b.acme, "ana@example.com")
		before := b.begin(t)
		lie := b.server.Get(ana)
		lie["state"] = "inactive"
		for _, body := range []any{workostest.Object{"id": "event_1", "event": workos.UserUpdated, "data": lie}, "nonsense", nil} {
			text, err := json.Marshal(body)
			require.NoError(t, err)
			status, err := b.hook(t).Post(t.Context(), text, workostest.Sign(text, secret, b.server.Now()))
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, status, "it is from WorkOS")
		}
		require.Equal(t, 1, b.jobs(t))
		b.read(t)
		require.Empty(t, b.told(t, before))
		require.True(t, b.knows(t, ana))
	})
}

// TestWebhooksAreRefused that are not from WorkOS, and wake nothing.
func TestWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.begin(t)
		body := []byte(`{"id":"event_1","event":"dsync.user.created"}`)
		right := workostest.Sign(body, secret, b.server.Now())
		large := bytes.Repeat([]byte(" "), 1<<20+1)
		for name, tc := range map[string]struct {
			method, signature string
			body              []byte
			want              int
		}{
			"no signature":        {"POST", "", body, 401},
			"another secret":      {"POST", workostest.Sign(body, "whsec_other", b.server.Now()), body, 401},
			"another body":        {"POST", right, append(body, ' '), 401},
			"an old one":          {"POST", workostest.Sign(body, secret, b.server.Now().Add(-4*time.Minute)), body, 401},
			"one to come":         {"POST", workostest.Sign(body, secret, b.server.Now().Add(4*time.Minute)), body, 401},
			"too large":           {"POST", workostest.Sign(large, secret, b.server.Now()), large, 413},
			"another method":      {"GET", right, nil, 405},
			"a header like a war": {"POST", strings.Repeat("t=1,v1=0,", 500), body, 401},
		} {
			r := httptest.NewRequestWithContext(t.Context(), tc.method, "/webhooks/workos", bytes.NewReader(tc.body))
			r.Header.Set(workos.SignatureHeader, tc.signature)
			w := httptest.NewRecorder()
			workos.NewWebhook(b.options).At(b.server.Now).ServeHTTP(w, r)
			require.Equal(t, tc.want, w.Code, name)
			require.NotContains(t, w.Body.String(), secret, name)
		}
		require.Zero(t, b.jobs(t))
	})
}

// TestWebhooksOfSomeDirectories wakes those whose secret signed, and no directory that is switched off or has none.
func TestWebhooksOfSomeDirectories(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		body := []byte(`{}`)
		post := func() int {
			status, err := b.hook(t).Post(t.Context(), body, workostest.Sign(body, secret, b.server.Now()))
			require.NoError(t, err)
			return status
		}
		row := b.row(t)
		for _, wrong := range []string{"", "env:MISSING", keyReference} {
			row.Settings.WorkOS.WebhookSecret = wrong
			require.NoError(t, db.UpdateDirectory(t.Context(), b.store, row))
			require.Equal(t, http.StatusUnauthorized, post(), wrong)
		}
		row.Settings.WorkOS.WebhookSecret, row.Active = secretReference, false
		require.NoError(t, db.UpdateDirectory(t.Context(), b.store, row))
		require.Equal(t, http.StatusUnauthorized, post())
		require.Zero(t, b.jobs(t))
		row.Active = true
		require.NoError(t, db.UpdateDirectory(t.Context(), b.store, row))
		b.directory(t, "beta", "directory_2")
		require.Equal(t, http.StatusOK, post())
		require.Equal(t, 2, b.jobs(t), "both have this secret")
	})
}

// counting is a database that counts what it is asked.
type counting struct {
	bun.IDB

	asked atomic.Int64
}

func (c *counting) NewSelect() *bun.SelectQuery { c.asked.Add(1); return c.IDB.NewSelect() }

// TestManyWrongWebhooks are refused without the database, and then without a look at them; whoever is right goes on
// when it is quiet again, and a new secret holds at once.
func TestManyWrongWebhooks(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.begin(t)
		store := &counting{IDB: b.store}
		options := b.options
		options.Store = store
		hook := workos.NewWebhook(options).At(b.server.Now)
		body := []byte(`{}`)
		post := func(key string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/webhooks/workos", bytes.NewReader(body))
			r.Header.Set(workos.SignatureHeader, workostest.Sign(body, key, b.server.Now()))
			w := httptest.NewRecorder()
			hook.ServeHTTP(w, r)
			return w
		}
		codes := map[int]int{}
		for range 1000 {
			got := post("whsec_wrong")
			codes[got.Code]++
			if got.Code == http.StatusTooManyRequests {
				require.Equal(t, "1", got.Header().Get("Retry-After"))
			}
		}
		require.Equal(t, map[int]int{http.StatusUnauthorized: 200, http.StatusTooManyRequests: 800}, codes)
		require.EqualValues(t, 1, store.asked.Load(), "of all these, the database hears once")
		require.Equal(t, http.StatusTooManyRequests, post(secret).Code)
		require.Zero(t, b.jobs(t))
		b.server.Advance(4 * time.Second)
		for range 100 {
			require.Equal(t, http.StatusUnauthorized, post("whsec_wrong").Code)
		}
		require.EqualValues(t, 2, store.asked.Load())
		require.Equal(t, http.StatusOK, post(secret).Code)
		require.Equal(t, 1, b.jobs(t))
		b.server.Advance(4 * time.Second)
		row := b.row(t)
		row.Active = false
		require.NoError(t, db.UpdateDirectory(t.Context(), b.store, row))
		b.directory(t, "beta", "directory_2")
		require.Equal(t, http.StatusOK, post(secret).Code)
		b.server.Advance(time.Minute)
		row.Active, row.Settings.WorkOS.WebhookSecret = true, keyReference
		require.NoError(t, db.UpdateDirectory(t.Context(), b.store, row))
		require.Equal(t, http.StatusOK, post(workostest.Key).Code, "a new secret")
	})
}

// TestAWebhookComesAgain when the database was away.
func TestAWebhookComesAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.begin(t)
		b.server.CreateUser(b.acme, "ana@example.com")
		away := 3
		working := workos.NewWebhook(b.options).At(b.server.Now)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if away--; away >= 0 {
				http.Error(w, "away", http.StatusServiceUnavailable)
				return
			}
			working.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		sender := workostest.Sender{URL: server.URL, Secret: secret, Clock: b.server.Now}
		tries, err := sender.Send(t.Context(), b.server.Events()[1:])
		require.NoError(t, err)
		require.Equal(t, []int{4}, tries)
		require.Equal(t, 1, b.jobs(t))
	})
}

// FuzzEvents looks for a payload that can't be put into the mirror as JSON, or that ends the program.
func FuzzEvents(f *testing.F) {
	f.Add(`{"id":"directory_user_1","directory_id":"directory_1","email":null,"emails":[{"value":"a@b"},{}],"roles":[{"slug":"x"}]}`)
	f.Add(`{"id":"1","directory_id":"d","custom_attributes":{"a":[{"b":"\u0000"}],"manager_email":7,"username":"\u0000"},"first_name":"\ud800"}`)
	f.Add(`{"directory_id":"d","user":{"id":"1"},"group":{"id":"2","name":"` + strings.Repeat("ä", 2000) + `"}}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, data string) {
		for _, name := range workos.Names() {
			e := workos.Event{ID: "event_1", Name: name, Data: json.RawMessage(data)}
			_ = e.DirectoryID()
			_, _ = e.Directory()
			_, _ = e.Group()
			_, _ = e.Membership()
			user, err := e.User()
			if err != nil {
				continue
			}
			text, err := json.Marshal(workos.UserResource(user))
			require.NoError(t, err)
			require.NotContains(t, strings.ReplaceAll(string(text), `\\`, ""), `\u0000`)
			names := workos.UserNames(user)
			for _, name := range names {
				require.LessOrEqual(t, len(name), 1024)
				require.NotEmpty(t, name)
			}
		}
	})
}
