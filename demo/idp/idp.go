// Package idp is a small identity provider: it knows who works at a company, has a page on which one plays its
// administrator, and pushes each change by SCIM 2.0 (RFC 7644) to one service provider, in the manner of Okta: it looks
// a user up before it makes one, replaces profiles as a whole, never gives up, and changes nobody out of turn.
//
// It imports nothing of Usher's and knows it only by the protocol.
package idp

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Options say what an identity provider is called and whom it knows at the start.
type Options struct {
	// Name stands on the page, for example "Acme ID".
	Name string
	// Clock tells the time; time.Now if nil.
	Clock func() time.Time
	// People and Groups are there from the start; all people are active.
	People []Person
	Groups []Group
}

// Person is somebody who works at the company.
type Person struct {
	Email      string `json:"email"`
	Name       string `json:"name"`
	Title      string `json:"title"`
	Department string `json:"department"`
	Manager    string `json:"manager"` // e-mail address
	Active     bool   `json:"active"`
}

// Group is a group with its members' e-mail addresses.
type Group struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// Provider is the identity provider. It is safe for use by many goroutines.
type Provider struct {
	options Options
	client  *client

	mu      sync.Mutex
	people  []Person
	groups  []Group
	queue   []task // what is to be pushed, the oldest first
	history []entry
	changed chan struct{}
	awake   chan struct{} // has room for one word that there is something to push
}

// New makes an identity provider that pushes nothing yet.
func New(o Options) *Provider {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	p := &Provider{options: o, changed: make(chan struct{}), awake: make(chan struct{}, 1), client: newClient()}
	for _, person := range o.People {
		person.Active = true
		p.people = append(p.people, person)
		p.queue = append(p.queue, task{kind: userTask, key: person.Email})
	}
	for _, group := range o.Groups {
		p.groups = append(p.groups, group)
		p.queue = append(p.queue, task{kind: groupTask, key: group.Name})
	}
	return p
}

// Push pushes all that there is, and then each change, to the service provider whose SCIM endpoints are below an address,
// until ctx ends.
func (p *Provider) Push(ctx context.Context, address, token string) {
	p.client.connect(address, token)
	p.wake()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.awake:
		}
		p.pushAll(ctx)
	}
}

// Wait waits until everything was pushed.
func (p *Provider) Wait(ctx context.Context) error {
	for {
		p.mu.Lock()
		done, changed := len(p.queue) == 0, p.changed
		p.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// Handler serves the page.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	p.page(mux)
	return mux
}

func (p *Provider) wake() {
	select {
	case p.awake <- struct{}{}:
	default: // it has been told
	}
}

// announce tells those who look that something changed. The lock is held.
func (p *Provider) announce() {
	close(p.changed)
	p.changed = make(chan struct{})
}
