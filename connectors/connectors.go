// Package connectors changes other systems. A connector is the code for one kind of system (SCIM, a database, a
// directory); a provider is one such system, opened with its settings; an endpoint is one thing that can be done
// there, such as add_user_to_group.
//
// An endpoint says how to read the present state and how to write the wanted one. It never decides, retries, sleeps or
// logs: [Run] reads, decides, writes and reads back, for every connector alike, and answers with exactly one
// [Outcome]. The package knows no database and no Slack.
package connectors

import (
	"context"
	"fmt"
	"strings"
)

// Outcome is how one run of an endpoint ended. The values are stored and never change.
type Outcome string

// The five outcomes.
const (
	// Applied means that the state was different, we wrote, and the read-back shows the wanted state. A run of an
	// endpoint that only reads is Applied when the read succeeded.
	Applied Outcome = "applied"
	// Already means that the wanted state was there without us; nothing was written by us.
	Already Outcome = "already"
	// Refused means that the target, or the connector, said no for good: a person has to change something.
	Refused Outcome = "refused"
	// Transient means that nothing was written and that trying again makes sense.
	Transient Outcome = "transient"
	// Unknown means that a write was sent and that nobody knows what came of it. Run again with Call.Settle.
	Unknown Outcome = "unknown"
)

// Person is whom a call is about. Email is the name under which targets know the person.
type Person struct {
	Email, Name, Department, Title string
	Attributes                     map[string]any
}

// Call is one request to an endpoint.
type Call struct {
	// Args are the script's arguments after its placeholders were filled in.
	Args map[string]any
	// Subject is the person who gains or loses access.
	Subject Person
	// Target is what the entitlement is called at the provider, for example a group's name.
	Target string
	// IdempotencyKey is the same for every attempt at the same script. Only targets that understand one get it.
	IdempotencyKey string
	// Settle says that an earlier attempt ended Unknown: Run looks for the whole of the consistency window before it
	// writes again.
	Settle bool
}

// Text answers the argument called name as text, or fallback where it is absent or blank.
func (c Call) Text(name, fallback string) string {
	value, ok := c.Args[name]
	if !ok || value == nil {
		return fallback
	}
	if text := strings.TrimSpace(fmt.Sprint(value)); text != "" {
		return text
	}
	return fallback
}

// State is what a read found. Done says that the wanted state is there; Output is what later scripts may use; Summary
// is one plain sentence about what was found, such as "ana@example.com is not in group Editors".
type State struct {
	Done    bool
	Output  map[string]any
	Summary string
	// Seen is for the connector itself: what Read learned and Write needs. It never leaves the process.
	Seen any
}

// Info describes a connector without opening anything, so that a configuration can be checked offline.
type Info struct {
	Name, Doc string
	Settings  []Field
	Endpoints []Endpoint
	// Hooks are the webhooks that a configuration declares, see [Registry.Describe]. Connectors have none of their own.
	Hooks []Hook
	// Calls says that the connector's providers are a [Caller]: declared calls then need no address of their own.
	Calls bool
}

// Hook finds a webhook's description by its name.
func (i Info) Hook(name string) (Hook, bool) {
	for _, h := range i.Hooks {
		if h.Name == name {
			return h, true
		}
	}
	return Hook{}, false
}

// Endpoint finds an endpoint's description by its name.
func (i Info) Endpoint(name string) (Endpoint, bool) {
	for _, e := range i.Endpoints {
		if e.Name == name {
			return e, true
		}
	}
	return Endpoint{}, false
}

// Connector is the code for one kind of system.
type Connector interface {
	Info() Info
	// Open checks the settings and makes a provider. It makes no call to the target.
	Open(settings map[string]any, deps Deps) (Provider, error)
}

// Provider is one opened system. It is safe for use by many goroutines.
type Provider interface {
	Endpoints() []Endpoint
	// Check makes one harmless call; its error says what is wrong and how to mend it.
	Check(ctx context.Context) error
}
