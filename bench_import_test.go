package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/pgtest"
)

// importers is how many calls the identity provider makes at once.
const importers = 8

// importWait is how long an import may take until all of it is so.
const importWait = 30 * time.Minute

// BenchmarkFirstImport plays the first weeks of a large company with a process of its own: all people and groups are
// pushed as Okta does, then lists are read, one person changes, a department gets another name, and the night's
// comparison runs. There are USHER_BENCH_PEOPLE people, else 2,000, a twentieth as many groups, and 20 memberships each;
// beside it a tenth of that shows what grows with the company and what does not. The memory is the most that the process
// held in each part.
func BenchmarkFirstImport(b *testing.B) {
	people := 2000
	if text := os.Getenv("USHER_BENCH_PEOPLE"); text != "" {
		var err error
		people, err = strconv.Atoi(text)
		require.NoError(b, err)
	}
	for _, name := range []string{"sqlite", "postgres"} {
		for _, count := range []int{people / 10, people} {
			b.Run(fmt.Sprintf("%s/%d-people", name, count), func(b *testing.B) {
				for b.Loop() {
					newImport(b, name, count).play(b)
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// firstImport is a company whose identity provider tells of all of its people.
type firstImport struct {
	*pushedTo

	r      *replica
	tokens []*provider // each may make a hundred calls a second
	users  []string    // ids
	groups []string    // ids
}

func newImport(b *testing.B, database string, people int) *firstImport {
	b.Helper()
	dsn := ""
	if database == "postgres" {
		dsn = pgtest.Open(b) + "&pool_max_conns=24"
	}
	rules := `approval_chains: [{slug: dana, steps: [{name: Dana, approvers: [dana@acme.example]}]}]
action_chains: [{slug: nothing, kind: provision, scripts: [{name: it, type: none}]}, {slug: nothing-back, kind: deprovision, scripts: [{name: it, type: none}]}]
providers: [{slug: desk, connector: http, owner: dana@acme.example, settings: {base_url: "http://127.0.0.1:9"}}]
entitlements: [{slug: badge, provider: desk, kind: entity, target: badge, name: Badge, owner: dana@acme.example, durations: {default: 8h, choices: [8h]}, approval: [{chain: dana}], provision: nothing, deprovision: nothing-back}]
birthrights:
  - {slug: chiefs, when: "person.title == 'Chief'", entitlements: [badge]}
  - {slug: board, when: "person.department == 'Board' && person.employment == 'employee'", entitlements: [badge]}
  - {slug: nights, when: "'night' in person.groups", entitlements: [badge]}
`
	i := &firstImport{pushedTo: pushed(b, dsn, 1, rules), users: make([]string, people), groups: make([]string, people/20)}
	i.r = i.replicas[0]
	for range 4 * importers {
		i.tokens = append(i.tokens, &provider{token: i.newToken(), addresses: i.provider.addresses})
	}
	return i
}

func (i *firstImport) play(b *testing.B) {
	b.Helper()
	i.part(b, "people", func() { i.atOnce(len(i.users), i.tellPerson) })
	b.ReportMetric(i.settledIn().Seconds(), "people-settled-s")
	i.part(b, "groups", func() { i.atOnce(len(i.groups), i.tellGroup) })
	b.ReportMetric(i.settledIn().Seconds(), "groups-settled-s")
	i.reads(b)
	i.part(b, "ten-changed", func() {
		for n := range 10 {
			i.change(n, n+1, "Office") // one after another, each when the one before is so
		}
	})
	i.part(b, "tenth-renamed", func() { i.change(0, len(i.users)/10, "Trade") })
	i.compared(b)
	i.r.kill()
	require.NotContains(b, i.r.logged(), " ERR ")
}

// part times a part, and asks for the most memory that the process held in it.
func (i *firstImport) part(b *testing.B, name string, do func()) {
	b.Helper()
	i.forgetPeak(b)
	began := time.Now()
	do()
	b.ReportMetric(time.Since(began).Seconds(), name+"-s")
	b.ReportMetric(i.peak(b), name+"-MB")
}

// atOnce makes so many calls, some of them at the same time.
func (i *firstImport) atOnce(calls int, call func(p *provider, n int) error) {
	i.t.Helper()
	var group errgroup.Group
	for worker := range importers {
		group.Go(func() error {
			for n := worker; n < calls; n += importers {
				if err := call(i.tokens[worker+n/importers%4*importers], n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(i.t, group.Wait())
}

func (i *firstImport) tellPerson(p *provider, n int) (err error) {
	name := fmt.Sprintf("person%06d@acme.example", n)
	i.users[n], err = p.make("/Users", "userName", map[string]any{
		"schemas": []string{userOfPushed, enterpriseOfPushed}, "userName": name, "displayName": fmt.Sprint("Person ", n), "title": "Clerk", "active": true,
		"externalId": fmt.Sprintf("00u%06d", n), "name": map[string]any{"givenName": "Person", "familyName": strconv.Itoa(n)},
		"emails":           []any{map[string]any{"value": name, "type": "work", "primary": true}},
		enterpriseOfPushed: map[string]any{"department": fmt.Sprint("Department ", n%40), "employeeNumber": strconv.Itoa(n)},
	}, name)
	return err
}

// tellGroup makes a group, which has nobody in it, and then says who is in it.
func (i *firstImport) tellGroup(p *provider, n int) (err error) {
	name := fmt.Sprint("Group ", n)
	i.groups[n], err = p.make("/Groups", "displayName", map[string]any{"schemas": []string{groupOfPushed}, "displayName": name, "members": []any{}}, name)
	if err != nil {
		return err
	}
	members := make([]any, 0, 400)
	for m := range 400 {
		members = append(members, map[string]any{"value": i.users[(n*97+m*251)%len(i.users)]})
	}
	return p.insist(http.MethodPatch, "/Groups/"+i.groups[n], operation("add", "members", members[:min(len(members), len(i.users)/2)]))
}

// change gives some people another department, and waits until it is so.
func (i *firstImport) change(first, last int, department string) {
	i.t.Helper()
	i.atOnce(last-first, func(p *provider, n int) error {
		return p.insist(http.MethodPatch, "/Users/"+i.users[first+n], operation("replace", enterpriseOfPushed+":department", department))
	})
	i.settledIn()
}

// reads asks what identity providers ask, and how long an answer takes.
func (i *firstImport) reads(b *testing.B) {
	b.Helper()
	m := &measure{took: map[string][]time.Duration{}}
	for n := range 50 {
		at := n * 7919 % len(i.users)
		for what, path := range map[string]string{
			"by-name":     "/Users?" + url.Values{"filter": {fmt.Sprintf(`userName eq "person%06d@acme.example"`, at)}}.Encode(),
			"page":        fmt.Sprintf("/Users?count=100&startIndex=%d", at+1),
			"group":       "/Groups/" + i.groups[n%len(i.groups)],
			"groups-page": "/Groups?count=100&excludedAttributes=members",
		} {
			m.time(what, func() {
				status, err := i.tokens[n%len(i.tokens)].call(http.MethodGet, path, nil, nil)
				require.NoError(b, err)
				require.Equal(b, http.StatusOK, status)
			})
		}
	}
	m.report(b)
}

// compared starts the process anew when the last comparison was yesterday, and waits until the next is made.
func (i *firstImport) compared(b *testing.B) {
	b.Helper()
	i.r.down()
	directory := i.directory()
	yesterday := time.Now().Add(-24 * time.Hour)
	directory.ReconciledAt = db.UTC(yesterday)
	require.NoError(b, db.SaveDirectoryState(i.ctx, i.store, directory))
	i.r.extra = map[string]string{"USHER_RECONCILE": "@every 12h"}
	i.r.up()
	i.forgetPeak(b)
	var began time.Time
	i.soon("the comparison begins", func() bool {
		began = i.directory().ReconciledAt
		return began.After(yesterday.Add(time.Hour))
	})
	var done db.AuditEvent
	i.soon("the directory is compared", func() bool {
		return i.store.NewSelect().Model(&done).Where("action = 'directory.reconciled'").Limit(1).Scan(i.ctx) == nil
	})
	at, err := time.Parse(time.RFC3339Nano, done.At)
	require.NoError(b, err)
	b.ReportMetric(at.Sub(began).Seconds(), "compared-s")
	b.ReportMetric(i.peak(b), "compared-MB")
}

// settledIn waits until all has taken effect, and says for how long.
func (i *firstImport) settledIn() time.Duration {
	i.t.Helper()
	began := time.Now()
	directory := i.directory()
	i.soon("all takes effect", func() bool {
		busy, err := db.DirectoryUnsettled(i.ctx, i.store, directory.ID)
		require.NoError(i.t, err)
		marked, err := db.AnyUnsettled(i.ctx, i.store)
		require.NoError(i.t, err)
		return !busy && !marked
	})
	return time.Since(began)
}

// soon waits for something that comes at any moment.
func (i *firstImport) soon(what string, holds func() bool) {
	i.t.Helper()
	require.Eventually(i.t, holds, importWait, 20*time.Millisecond, what)
}

// forgetPeak lets the system forget the most memory that the process held.
func (i *firstImport) forgetPeak(t testing.TB) {
	t.Helper()
	require.NoError(t, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", i.r.cmd.Process.Pid), []byte("5"), 0o600))
}

// peak is the most memory that the process held, in megabytes.
func (i *firstImport) peak(t testing.TB) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", i.r.cmd.Process.Pid))
	require.NoError(t, err)
	lines := strings.Split(string(status), "\n")
	at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "VmHWM:") })
	require.GreaterOrEqual(t, at, 0)
	kilobytes, err := strconv.ParseFloat(strings.Fields(lines[at])[1], 64)
	require.NoError(t, err)
	return kilobytes / 1000
}
