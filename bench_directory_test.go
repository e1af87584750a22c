package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/demo/target"
)

// leavers is how many people leave, one after another, for each figure.
const leavers = 12

// BenchmarkLeaver measures how long it takes from an identity provider's word that somebody is gone, until the last of
// their sessions has ended, by the clocks of the systems in which they were: one system, and twenty. Everybody has an
// account, a grant and a session in each.
func BenchmarkLeaver(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		for _, systems := range []int{1, 20} {
			b.Run(fmt.Sprintf("%s/%d-systems", name, systems), func(b *testing.B) {
				for b.Loop() {
					url := ""
					if name == "postgres" {
						url = pgtest.Open(b) + "&pool_max_conns=24"
					}
					l := leaving(b, url, systems)
					m := &measure{took: map[string][]time.Duration{}}
					for n := range leavers {
						l.leave(fmt.Sprintf("leaver%02d@acme.example", n), m)
					}
					l.stop()
					m.report(b)
				}
			})
		}
	}
}

// leaver is a company whose people come from an identity provider, and work in systems of their own.
type leaver struct {
	*company
	*provider

	systems []*target.Target
	stop    func()
}

// leaving starts the company and its systems. Everybody whom the identity provider tells of gets access to all of them.
func leaving(b *testing.B, url string, systems int) *leaver {
	b.Helper()
	l := &leaver{company: found(b, url)}
	var providers, entitlements, chains, all strings.Builder
	for n := range systems {
		system := target.New(target.Options{Name: fmt.Sprint("System ", n), Token: "secret", Groups: []target.Group{{Name: "Staff"}}})
		server := httptest.NewServer(system.Handler())
		b.Cleanup(server.Close)
		l.systems = append(l.systems, system)
		fmt.Fprintf(&providers, "  - {slug: s%d, name: System %d, connector: scim, owner: dana@acme.example, workers: 4, rate: 100/s, settings: {base_url: %q, token: \"file:%s/token\"}}\n",
			n, n, server.URL+"/scim/v2", l.Dir)
		fmt.Fprintf(&entitlements, "  - {slug: staff%d, provider: s%d, kind: group, target: Staff, name: Staff %d, owner: dana@acme.example, durations: {default: 30d, choices: [30d]}, approval: [{chain: dana}], provision: in%d, deprovision: out%d}\n",
			n, n, n, n, n)
		fmt.Fprintf(&chains, "  - {slug: in%d, kind: provision, scripts: [{name: account, type: s%d_api_create_user}, {name: join, type: s%d_api_add_user_to_group}]}\n", n, n, n)
		fmt.Fprintf(&chains, "  - {slug: out%d, kind: deprovision, scripts: [{name: leave, type: s%d_api_remove_user_from_group}]}\n", n, n)
		fmt.Fprintf(&all, "staff%d, ", n)
	}
	text := `channel: "#access"
admins: [dana@acme.example]
directories: [{slug: pushed, kind: scim, owner: dana@acme.example, breaker: {changes: off, percent: off}}]
birthrights: [{slug: staff, when: "person.department == 'Staff'", entitlements: [` + strings.TrimSuffix(all.String(), ", ") + `]}]
approval_chains: [{slug: dana, steps: [{name: Dana, approvers: [dana@acme.example]}]}]
providers:
` + providers.String() + "entitlements:\n" + entitlements.String() + "action_chains:\n" + chains.String()
	require.NoError(b, os.WriteFile(filepath.Join(l.Dir, "usher.yaml"), []byte(text), 0o600))
	require.NoError(b, os.WriteFile(filepath.Join(l.Dir, "token"), []byte("secret"), 0o600))
	l.stop = l.serve(nil)
	token, err := l.flows.NewDirectoryToken(l.ctx, "pushed", 0)
	require.NoError(b, err)
	address := "http://" + l.log.httpAddress() + "/scim/v2/pushed"
	l.provider = &provider{token: token, addresses: func() string { return address }}
	return l
}

// leave lets somebody come, sign in everywhere, and leave.
func (l *leaver) leave(email string, m *measure) {
	l.t.Helper()
	id, err := l.make("/Users", "userName", map[string]any{
		"schemas": []string{userOfPushed}, "userName": email, "displayName": "Lea Ver", "active": true,
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": map[string]any{"department": "Staff"},
	}, email)
	require.NoError(l.t, err)
	l.until("all access is there", func() bool {
		n, err := l.store.NewSelect().Model((*db.Grant)(nil)).Where("status = ?", db.Active).Count(l.ctx)
		require.NoError(l.t, err)
		return n == int64(len(l.systems))
	})
	for _, system := range l.systems {
		_, ok := system.SignIn(email)
		require.True(l.t, ok)
	}
	began := time.Now()
	require.NoError(l.t, l.insist(http.MethodPatch, "/Users/"+id, operation("replace", "", map[string]any{"active": false})))
	m.took["answer"] = append(m.took["answer"], time.Since(began))
	l.until("all sessions have ended", func() bool { return !slices.Contains(l.ends(email), time.Time{}) })
	m.took["last-session"] = append(m.took["last-session"], slices.MaxFunc(l.ends(email), time.Time.Compare).Sub(began))
	person, err := db.PersonByEmail(l.ctx, l.store, email)
	require.NoError(l.t, err)
	var departure db.Departure
	l.until("all access is gone", func() bool {
		departure, err = db.LastDepartureOf(l.ctx, l.store, person.ID)
		require.NoError(l.t, err)
		return departure.Status == db.DepartureDone
	})
	m.took["all-gone"] = append(m.took["all-gone"], departure.DoneAt.Sub(began))
}

// ends are when the sessions of somebody ended; zero is not yet.
func (l *leaver) ends(email string) []time.Time {
	var ends []time.Time
	for _, system := range l.systems {
		for _, session := range system.Sessions(email) {
			ends = append(ends, session.Ended)
		}
	}
	return ends
}
