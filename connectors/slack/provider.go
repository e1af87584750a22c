package slack

import (
	"context"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// provider is one opened workspace.
type provider struct {
	web *slackgo.Client
	// admin and scim are nil without an admin token.
	admin, scim *connectors.JSONClient
	teamID      string
	consistency time.Duration

	mu sync.Mutex
	// locks has a place for one writer for each user group, by id.
	locks map[string]chan struct{}
}

// described lists the endpoints without their functions.
func described() []connectors.Endpoint {
	endpoints := (&provider{}).Endpoints()
	for i := range endpoints {
		endpoints[i].Read, endpoints[i].Write = nil, nil
	}
	return endpoints
}

// Endpoints lists what can be done.
func (p *provider) Endpoints() []connectors.Endpoint {
	var all []connectors.Endpoint
	for _, some := range [][]connectors.Endpoint{
		p.userEndpoints(), p.memberEndpoints(), p.groupEndpoints(), p.channelEndpoints(), p.roleEndpoints(),
		p.sessionEndpoints(), p.idpEndpoints(),
	} {
		all = append(all, some...)
	}
	for i := range all {
		all[i].Consistency = p.consistency
	}
	return all
}

// lock waits until nobody else in this process changes the user group, and answers how to let the next one in.
func (p *provider) lock(ctx context.Context, group string) (unlock func(), err error) {
	p.mu.Lock()
	place := p.locks[group]
	if place == nil {
		place = make(chan struct{}, 1)
		p.locks[group] = place
	}
	p.mu.Unlock()
	select {
	case place <- struct{}{}:
		return func() { <-place }, nil
	case <-ctx.Done():
		return nil, connectors.Retry(ctx.Err(), 0)
	}
}

func userName(call connectors.Call) string {
	return call.Text("user", strings.TrimSpace(call.Subject.Email))
}

func groupName(call connectors.Call) string {
	return strings.TrimPrefix(call.Text("group", strings.TrimSpace(call.Target)), "@")
}

func roleName(call connectors.Call) string {
	return strings.ToLower(call.Text("role", strings.TrimSpace(call.Target)))
}

// channelName is what the call names as entity or as channel: endpoints have one of the two arguments.
func channelName(call connectors.Call) string {
	return call.Text("entity", call.Text("channel", strings.TrimSpace(call.Target)))
}

// userArg is the argument that every endpoint about a person has.
var userArg = connectors.Field{Name: "user", Type: connectors.TypeString, Doc: "e-mail of the account, or its Slack id; the subject's e-mail if absent"}

// memberOutput and userIDOutput are what endpoints about a membership tell besides.
var (
	memberOutput = connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the person is in it"}
	userIDOutput = connectors.Field{Name: "user_id", Type: connectors.TypeString, Doc: "the account's id; empty if there is none"}
)

// outputs is what every endpoint tells, and more.
func outputs(more ...connectors.Field) []connectors.Field {
	return append([]connectors.Field{
		{Name: "exists", Type: connectors.TypeBool, Doc: "whether it is there"},
		{Name: "id", Type: connectors.TypeString, Doc: "Slack's own id; empty if it is not there"},
	}, more...)
}
