package slack

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Options describe a workspace. Every field may be left empty.
type Options struct {
	Team         string        // the workspace's name, "Acme" by default; its domain follows from it
	Clock        *Clock        // shared with whoever also moves time; a new clock by default
	Log          *slog.Logger  // where errors of the journal are echoed; silent by default
	PublicURL    string        // how clients reach the workspace, e.g. "http://127.0.0.1:8484"; Start fills it in
	AckDeadline  time.Duration // real time an app has to acknowledge, 3 s by default
	TriggerLife  time.Duration // how long a trigger opens a modal, 3 s by default
	PingEvery    time.Duration // between WebSocket pings, 5 s by default
	RecycleLead  time.Duration // between the warning and the refresh of a recycled socket, 10 s by default
	SocketLife   time.Duration // until a socket is recycled, 5 h by default
	FreePlan     bool          // a plan without user groups: plan_upgrade_required
	BusinessPlus bool          // a plan with the SCIM API
	Enterprise   bool          // an Enterprise organization of this one workspace: the SCIM API and admin.users.*
	Rates        float64       // multiplies Slack's rate limits, 1 by default; a test of something else may want more
}

// Workspace is one Slack workspace, all of it in memory. Its methods may be called from any goroutine.
type Workspace struct {
	opts  Options
	clock *Clock
	team  team
	http  *http.Server

	ctx    context.Context //nolint:containedctx // the workspace's own life, ended by Close
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	changed  chan struct{}
	watchers map[*watcher]bool
	lastID   int
	lastTS   int64
	url      string

	enterprise string               // the organization's id, "E…"
	sessions   map[string][]session // person -> where they are signed in
	users      map[string]*User
	userIDs    []string
	channels   map[string]*channel
	channelID  []string
	groups     map[string]*usergroup
	groupIDs   []string
	apps       map[string]*App
	appIDs     []string
	links      []Link
	tokens     map[string]*token
	stacks     map[string][]*view          // person -> open modals, the top one last
	homes      map[string]map[string]*view // app -> person -> Home
	triggers   map[string]*trigger
	hooks      map[string]*responseURL
	files      map[string]*file
	tickets    map[string]*ticket
	pending    map[string]*envelope
	acked      map[string]bool
	buckets    map[string]*bucket
	faults     map[string][]*Fault
	journal    []Entry
	journalID  int
}

type team struct{ ID, Name, Domain string }

// New makes an empty workspace with the channel #general. It does not listen yet: see [Workspace.Handler] and
// [Workspace.Start].
func New(opts Options) *Workspace {
	opts = opts.withDefaults()
	w := &Workspace{
		opts: opts, clock: opts.Clock, url: opts.PublicURL,
		changed: make(chan struct{}), watchers: map[*watcher]bool{},
		users: map[string]*User{}, channels: map[string]*channel{}, groups: map[string]*usergroup{},
		apps: map[string]*App{}, tokens: map[string]*token{}, stacks: map[string][]*view{}, homes: map[string]map[string]*view{},
		triggers: map[string]*trigger{}, hooks: map[string]*responseURL{}, files: map[string]*file{},
		tickets: map[string]*ticket{}, pending: map[string]*envelope{}, acked: map[string]bool{},
		buckets: map[string]*bucket{}, faults: map[string][]*Fault{}, sessions: map[string][]session{},
	}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.team = team{ID: w.newID("T"), Name: opts.Team, Domain: slug(opts.Team)}
	w.enterprise = "E" + w.team.ID[1:]
	w.addChannel(Channel{Name: "general"}).general = true
	w.clock.OnAdvance(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notify(pageEvent{Type: "clock"})
	})
	return w
}

func (o Options) withDefaults() Options {
	if o.Team == "" {
		o.Team = "Acme"
	}
	if o.Rates <= 0 {
		o.Rates = 1
	}
	if o.Clock == nil {
		o.Clock = NewClock()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&o.AckDeadline, 3 * time.Second},
		{&o.TriggerLife, 3 * time.Second},
		{&o.PingEvery, 5 * time.Second},
		{&o.RecycleLead, 10 * time.Second},
		{&o.SocketLife, 5 * time.Hour},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return o
}

// Clock is the workspace's clock.
func (w *Workspace) Clock() *Clock { return w.clock }

// TeamID is the workspace's own id, "T…".
func (w *Workspace) TeamID() string { return w.team.ID }

// URL is how clients reach the workspace; APIURL is what a Slack client takes as the base of its Web API.
func (w *Workspace) URL() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.url
}

// SCIMURL is the base of the SCIM API, with a trailing slash: ".../scim/v2/".
func (w *Workspace) SCIMURL() string { return w.URL() + "/scim/v2/" }

// APIURL is the base of the Web API, with the trailing slash that clients want: ".../api/".
func (w *Workspace) APIURL() string { return w.URL() + "/api/" }
