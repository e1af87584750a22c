package scim

import (
	"context"
	"fmt"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// wish is how an account is to be, as far as the service provider keeps that, and how it is: found is nil if it is not
// there, and differs what has to be mended.
type wish struct {
	wanted, found resource
	differs       []difference
}

func (p *provider) syncEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "sync_user", Effect: connectors.Grants, Undo: "disable_user",
		Doc: "Makes a person's account what a SCIM user resource says, and creates it if there is none; what the resource does not name stays",
		Args: []connectors.Field{
			{Name: "user", Type: connectors.TypeString, Doc: "userName that the account is to have; the resource's userName, else the subject's e-mail, if absent"},
			{Name: "resource", Type: connectors.TypeMap, Required: true, Doc: "the SCIM user: attributes as in RFC 7643; null or an empty list takes one away"},
			{Name: "previous_user", Type: connectors.TypeString, Doc: "userName that the account had before, if that changed"},
		},
		Outputs: outputs(connectors.Field{Name: "active", Type: connectors.TypeBool, Doc: "whether the account can be used"}),
		Read:    p.readWish, Write: p.fulfil,
		Did: func(call connectors.Call) string {
			return "Wrote the account of " + wishedName(call) + " as the directory has it"
		},
	}}
}

func (p *provider) readWish(ctx context.Context, call connectors.Call) (connectors.State, error) {
	wanted, err := wished(call)
	if err != nil {
		return connectors.State{}, err
	}
	found, err := p.renamed(ctx, call)
	if err != nil {
		return connectors.State{}, err
	}
	known, err := p.client.knownSchemas(ctx)
	if err != nil {
		return connectors.State{}, err
	}
	wanted, left := p.possible(wanted, known)
	seen := wish{wanted: wanted, found: found, differs: differences(found, wanted)}
	return connectors.State{
		Done: found != nil && len(seen.differs) == 0, Seen: seen, Summary: seen.describe(wishedName(call), left),
		Output: map[string]any{"exists": found != nil, "id": found.id(), "active": found != nil && found.active()},
	}, nil
}

// renamed answers the person's account under its previous name, or under the wanted one, or nil.
func (p *provider) renamed(ctx context.Context, call connectors.Call) (resource, error) {
	name := wishedName(call)
	found, err := p.find(ctx, users, "userName", name)
	old := call.Text("previous_user", name)
	if err != nil || strings.EqualFold(old, name) {
		return p.whole(ctx, users, found, err)
	}
	before, err := p.find(ctx, users, "userName", old)
	switch {
	case err != nil || before == nil:
		return p.whole(ctx, users, found, err)
	case found != nil && found.id() != before.id():
		return nil, connectors.Refuse(fmt.Errorf("both %s and %s have an account: delete one, or rename it", old, name))
	}
	return p.whole(ctx, users, before, nil)
}

func (w wish) describe(name string, left []string) string {
	summary := "The account of " + name + " is as the directory says"
	switch {
	case w.found == nil:
		summary = name + " has no account"
	case len(w.differs) > 0:
		summary = "The account of " + name + " differs in " + paths(w.differs)
	}
	if len(left) > 0 {
		summary += "; not kept there: " + strings.Join(left, ", ")
	}
	return summary
}

// fulfil makes the account, or changes what differs.
func (p *provider) fulfil(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(wish)
	if seen.found == nil {
		return p.client.create(ctx, users, seen.wanted.body())
	}
	operations := make([]any, len(seen.differs))
	for i, d := range seen.differs {
		operations[i] = d.operation()
	}
	return p.client.apply(ctx, change{
		kind: users, found: seen.found, operations: operations,
		wanted: merged("", seen.found, seen.wanted).withSchemas(userSchema),
	})
}
