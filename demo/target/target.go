// Package target is a small system that people have access to: a SCIM 2.0 service provider (RFC 7643, RFC 7644) that
// keeps users and groups in memory, and a page on which one sees access come and go.
//
// It imports nothing of Usher's and knows it only by the protocol, so what works here works because SCIM was spoken.
package target

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say what a target is and what it holds at the start.
type Options struct {
	// Name stands on the page, for example "Acme Drive".
	Name string
	// Token is the bearer token of the SCIM side.
	Token string
	// Clock tells the time; time.Now if nil.
	Clock func() time.Time
	// Users and Groups are there from the start. A group's members are e-mail addresses of Users.
	Users  []User
	Groups []Group
	// NoPatch takes PATCH away, as some service providers do.
	NoPatch bool
	// Delay is how long every SCIM request takes.
	Delay time.Duration
}

// User is an account. Licenses are what SCIM calls entitlements. At the start only Email, Name and Title count, and the account is active.
type User struct {
	ID, Email, Name, Title  string
	Active                  bool
	Groups, Roles, Licenses []string
}

// Group is a group with its members' e-mail addresses.
type Group struct {
	Name    string
	Members []string
}

// Target is the system. It is safe for use by many goroutines.
type Target struct {
	options Options

	mu        sync.Mutex
	users     *table
	groups    *table
	history   []entry
	sessions  []Session
	mode      Mode
	failures  int
	failWith  int
	changed   chan struct{}
	requests  int
	mutations int
}

// New makes a target and fills it.
func New(options Options) *Target {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	t := &Target{
		options: options, users: newTable(userKind), groups: newTable(groupKind),
		mode: Online, changed: make(chan struct{}),
	}
	for _, u := range options.Users {
		t.seedUser(u)
	}
	for _, g := range options.Groups {
		t.seedGroup(g)
	}
	return t
}

// Handler serves the page at / and SCIM below /scim/v2.
func (t *Target) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/scim/v2/", t.scim())
	t.page(mux)
	return mux
}

// Members lists the e-mail addresses of a group's members in alphabetical order; nil if there is no such group.
func (t *Target) Members(group string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	row := t.groups.named(group)
	if row == nil {
		return nil
	}
	return t.emails(row)
}

// User finds an account by its e-mail address.
func (t *Target) User(email string) (User, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	row := t.users.named(email)
	if row == nil {
		return User{}, false
	}
	return t.view(row), true
}

// Mutations counts the SCIM requests that changed something.
func (t *Target) Mutations() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mutations
}

// Requests counts the SCIM requests so far.
func (t *Target) Requests() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.requests
}

// Changes is closed at the next change of anything that the page shows. Take it before looking, then wait.
func (t *Target) Changes() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed
}

// Wait returns when done is true, looking again after each change, or with the context's error.
func (t *Target) Wait(ctx context.Context, done func() bool) error {
	for {
		changes := t.Changes()
		if done() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changes:
		}
	}
}

// announce wakes whoever waits for a change. The lock is held.
func (t *Target) announce() {
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *Target) now() time.Time { return t.options.Clock().UTC() }

// authorized compares the bearer token in constant time.
func (t *Target) authorized(r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(given), []byte(t.options.Token)) == 1
}
