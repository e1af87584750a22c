package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
)

// How much is pushed, and how often a process is killed meanwhile; with -short less.
const (
	pushedWrites, fewPushedWrites = 10_000, 600
	pushKills, fewPushKills       = 10, 3
	pushers                       = 8
	peopleOfPusher                = 12
)

// pushedDirectory is a company of which all is known from its identity provider.
const pushedDirectory = `channel: "#access"
admins: [dana@acme.example]
directories:
  - slug: pushed
    name: The identity provider
    kind: scim
    owner: dana@acme.example
    mode: observe
    changes: {user_deleted: observe}
    breaker: {changes: off, percent: off}
`

// TestKilledUnderADirectory kills the process at random moments while an identity provider writes, which says again what
// got no answer. All that was acknowledged is in the journal once, in the order in which it was said; the directory reads
// back what it wrote; and people and groups are as it says. On Postgres two processes share the work.
func TestKilledUnderADirectory(t *testing.T) {
	t.Parallel()
	for name, processes := range map[string]int{"sqlite": 1, "postgres": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := ""
			if name == "postgres" {
				url = dbtest.URL(t, dbtest.Postgres)
			}
			writes, kills := pushedWrites, kills(t, pushKills)
			if testing.Short() {
				writes, kills = fewPushedWrites, fewPushKills
			}
			d := pushed(t, url, processes, "")
			d.pushUnderKills(writes, kills)
			d.settled()
			d.journalIsWhatWasSaid()
			d.mirrorIsWhatWasSaid()
			d.peopleAreAsTheMirror()
			for _, r := range d.replicas {
				r.kill()
				require.NotContains(t, r.logged(), " ERR ")
			}
		})
	}
}

// pushedTo is a company with processes to which an identity provider pushes.
type pushedTo struct {
	*company
	*provider

	replicas []*replica
	pushers  []*pusher
}

// replica is one of the processes.
type replica struct {
	*process

	logs    []*logBook // of each start
	address atomic.Value
}

// pushed starts the processes of a company; more is what its file says besides.
func pushed(t testing.TB, url string, processes int, more string) *pushedTo {
	t.Helper()
	c := found(t, url)
	c.ctx = context.WithoutCancel(c.ctx) // it takes longer than stories do
	require.NoError(t, os.WriteFile(filepath.Join(c.Dir, "usher.yaml"), []byte(pushedDirectory+more), 0o600))
	d := &pushedTo{company: c}
	for range processes {
		r := &replica{process: &process{c: c}}
		r.up()
		d.replicas = append(d.replicas, r)
	}
	var calls atomic.Int64
	d.provider = &provider{token: d.newToken(), addresses: func() string {
		n := int(calls.Add(1))
		for i := range d.replicas {
			if address, _ := d.replicas[(n+i)%len(d.replicas)].address.Load().(string); address != "" {
				return address
			}
		}
		return ""
	}}
	for n := range pushers {
		p := &pusher{provider: d.provider, random: rand.New(rand.NewPCG(uint64(n), 2026)), users: map[string]*toldUser{}, gone: map[string]string{}}
		for i := range peopleOfPusher {
			p.names = append(p.names, fmt.Sprintf("p%d-%d@acme.example", n, i))
		}
		d.pushers = append(d.pushers, p)
	}
	return d
}

// newToken makes a token beside those that there are.
func (d *pushedTo) newToken() string {
	d.t.Helper()
	command := usher(d.t, "directory", "token", "pushed", "--overlap", "24h")
	command.Env = append(command.Env, "DATABASE_URL="+d.database)
	token, err := command.Output()
	require.NoError(d.t, err)
	return strings.TrimSpace(string(token))
}

// up starts the process, and waits until it takes what is written.
func (r *replica) up() {
	r.c.t.Helper()
	log := &logBook{}
	r.logs = append(r.logs, log)
	r.launch(log)
	r.c.until("the process serves", func() bool {
		_, rest, found := strings.Cut(log.String(), "http addr=")
		address, _, complete := strings.Cut(rest, "\n")
		if found && complete {
			r.address.Store("http://" + address + "/scim/v2/pushed")
		}
		return found && complete
	})
}

// down kills the process.
func (r *replica) down() {
	r.kill()
	r.address.Store("")
}

// logged is what the process logged in all of its lives.
func (r *replica) logged() string {
	var all strings.Builder
	for _, log := range r.logs {
		all.WriteString(log.String())
	}
	return all.String()
}

// pushUnderKills lets the provider write, and kills a process in each part of what it writes.
func (d *pushedTo) pushUnderKills(writes, kills int) {
	d.t.Helper()
	group, ctx := errgroup.WithContext(d.ctx)
	began := time.Now()
	for n, p := range d.pushers {
		group.Go(func() error { return p.push(fmt.Sprintf("Group %d", n), writes/len(d.pushers)) })
	}
	for n := range kills {
		part := writes / kills
		moment := int64(part*n + rand.IntN(part*9/10) + 1)
		for d.acked.Load() < moment && ctx.Err() == nil {
			time.Sleep(time.Duration(rand.Int64N(int64(5 * time.Millisecond)))) //nolint:forbidigo // the random moment is what is tested
		}
		if ctx.Err() != nil {
			break // somebody was refused: Wait says what
		}
		r := d.replicas[n%len(d.replicas)]
		r.down()
		r.up()
	}
	require.NoError(d.t, group.Wait())
	took := time.Since(began)
	d.t.Logf("%d writes acknowledged in %v, %.0f a second, with %d kills; %d calls were made again",
		d.acked.Load(), took.Round(time.Millisecond), float64(d.acked.Load())/took.Seconds(), kills, d.again.Load())
	require.EqualValues(d.t, writes/len(d.pushers)*len(d.pushers), d.acked.Load())
	require.NotZero(d.t, d.again.Load(), "no kill was noticed")
}

// settled waits until all that was written has taken effect.
func (d *pushedTo) settled() {
	d.t.Helper()
	began := time.Now()
	directory := d.directory()
	d.until("all takes effect", func() bool {
		busy, err := db.DirectoryUnsettled(d.ctx, d.store, directory.ID)
		require.NoError(d.t, err)
		marked, err := db.AnyUnsettled(d.ctx, d.store)
		require.NoError(d.t, err)
		open, err := d.store.NewSelect().Model((*db.Departure)(nil)).Where("status = ?", db.DepartureOpen).Exists(d.ctx)
		require.NoError(d.t, err)
		return !busy && !marked && !open
	})
	d.t.Logf("all took effect %v behind the last write", time.Since(began).Round(time.Millisecond))
}

func (d *pushedTo) directory() db.Directory {
	d.t.Helper()
	directory, err := db.DirectoryBySlug(d.ctx, d.store, "pushed")
	require.NoError(d.t, err)
	return directory
}

// journalIsWhatWasSaid checks that each write is in the journal once and took effect, and those of each pusher in the
// order in which he said them.
func (d *pushedTo) journalIsWhatWasSaid() {
	d.t.Helper()
	directory := d.directory()
	var rows []db.DirectoryChange
	require.NoError(d.t, d.store.NewSelect().Model(&rows).Where("directory_id = ?", directory.ID).Order("seq").Scan(d.ctx))
	require.EqualValues(d.t, len(rows), directory.Journal)
	whose := map[string]int{}
	for n, p := range d.pushers {
		for _, one := range p.said {
			whose[one.About] = n
		}
	}
	written := make([][]pushedWord, len(d.pushers))
	for n, row := range rows {
		require.EqualValues(d.t, n+1, row.Seq)
		require.Equal(d.t, db.ChangeEffective, row.Status, row.Reason)
		one := pushedWord{Kind: row.Kind, About: row.UserID + row.GroupID}
		one.Text, _ = row.After["title"].(string)
		if len(row.Members) > 0 {
			one.Text = row.Members[0]
		}
		written[whose[one.About]] = append(written[whose[one.About]], one)
	}
	for n, p := range d.pushers {
		require.Equal(d.t, p.said, written[n])
	}
	d.t.Logf("%d changes are in the journal", len(rows))
}

// mirrorIsWhatWasSaid checks that the directory is as its identity provider knows it.
func (d *pushedTo) mirrorIsWhatWasSaid() {
	d.t.Helper()
	var rows []db.DirectoryUser
	require.NoError(d.t, d.store.NewSelect().Model(&rows).Where("directory_id = ?", d.directory().ID).Scan(d.ctx))
	is := map[string]db.DirectoryUser{}
	for _, row := range rows {
		is[row.ID] = row
	}
	for _, p := range d.pushers {
		for _, user := range p.users {
			row := is[user.id]
			var resource map[string]any
			require.NoError(d.t, json.Unmarshal([]byte(row.Resource), &resource))
			require.Equal(d.t, []any{user.name, user.active, user.title, true}, []any{row.UserName, row.Active, resource["title"], row.DeletedAt.IsZero()})
			delete(is, user.id)
		}
		for id := range p.gone {
			require.False(d.t, is[id].DeletedAt.IsZero())
			delete(is, id)
		}
		members, err := db.DirectoryMembers(d.ctx, d.store, p.group)
		require.NoError(d.t, err)
		require.ElementsMatch(d.t, p.members, members)
	}
	require.Empty(d.t, is, "users of whom nobody knows")
}

// peopleAreAsTheMirror checks that what the directory says is so.
func (d *pushedTo) peopleAreAsTheMirror() {
	d.t.Helper()
	for _, p := range d.pushers {
		for _, name := range p.names {
			user, hired := p.users[name]
			person, err := db.PersonByEmail(d.ctx, d.store, name)
			if !hired && !slices.Contains(slices.Collect(maps.Values(p.gone)), name) {
				require.ErrorIs(d.t, err, db.ErrNotFound)
				continue
			}
			require.NoError(d.t, err, name)
			here := hired && user.active
			require.Equal(d.t, []bool{here, here}, []bool{person.Active, person.LeftAt.IsZero()}, name)
			if hired {
				require.Equal(d.t, user.title, person.Title, name)
			}
		}
		d.groupIsAsTheMirror(p)
	}
}

func (d *pushedTo) groupIsAsTheMirror(p *pusher) {
	d.t.Helper()
	row, err := db.AnyDirectoryGroup(d.ctx, d.store, p.group)
	require.NoError(d.t, err)
	people, err := db.MemberIDs(d.ctx, d.store, row.GroupID)
	require.NoError(d.t, err)
	var want []string
	for _, user := range p.users {
		if slices.Contains(p.members, user.id) {
			want = append(want, user.name)
		}
	}
	var are []string
	for _, id := range people {
		person, err := db.PersonByID(d.ctx, d.store, id)
		require.NoError(d.t, err)
		are = append(are, person.Email)
	}
	require.ElementsMatch(d.t, want, are)
}
