package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
)

// provider is one opened service provider.
type provider struct {
	client         *client
	consistency    time.Duration
	deleteDisables bool
	removeByValue  bool
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
	for _, some := range [][]connectors.Endpoint{p.userEndpoints(), p.memberEndpoints(), p.groupEndpoints(), p.roleEndpoints()} {
		all = append(all, some...)
	}
	for i := range all {
		all[i].Consistency = p.consistency
	}
	return all
}

// Check reads one page of users and the service provider's configuration.
func (p *provider) Check(ctx context.Context) error {
	_, err := p.client.page(ctx, users, "", 1)
	switch status := connectors.StatusOf(err); {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("list users: %w", err)
	case status == http.StatusNotFound:
		return errors.New("there is no SCIM service at base_url: it often ends with /scim/v2")
	case err != nil:
		return fmt.Errorf("list users: %w", err)
	}
	if _, err := p.client.canPatch(ctx); err != nil {
		return fmt.Errorf("read ServiceProviderConfig: %w", err)
	}
	return nil
}

// findUser answers the person's account, or nil.
func (p *provider) findUser(ctx context.Context, call connectors.Call) (resource, error) {
	name := userName(call)
	if name == "" {
		return nil, connectors.Refuse(errors.New("the person has no e-mail address, which names the account"))
	}
	return p.one(ctx, users, "userName", name)
}

// findGroup answers the group with its members, or nil.
func (p *provider) findGroup(ctx context.Context, call connectors.Call) (resource, error) {
	name := groupName(call)
	if name == "" {
		return nil, connectors.Refuse(errors.New("no group is named: set the entitlement's target or the argument group"))
	}
	return p.one(ctx, groups, "displayName", name)
}

// one finds a resource by its name and reads it by its id, since lists may leave attributes out.
func (p *provider) one(ctx context.Context, kind, attribute, name string) (resource, error) {
	found, err := p.client.find(ctx, kind, attribute, name)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if len(found) > 1 {
		return nil, connectors.Refuse(fmt.Errorf("%d %s are called %s: rename all but one", len(found), strings.ToLower(kind), name))
	}
	return p.client.get(ctx, kind, found[0].id())
}

func userName(call connectors.Call) string {
	return call.Text("user", strings.TrimSpace(call.Subject.Email))
}

func groupName(call connectors.Call) string {
	return call.Text("group", strings.TrimSpace(call.Target))
}

func roleName(call connectors.Call) string {
	return call.Text("role", strings.TrimSpace(call.Target))
}

// userArg is the argument that every endpoint about a person has.
var userArg = connectors.Field{Name: "user", Type: connectors.TypeString, Doc: "userName of the account; the subject's e-mail if absent"}

// outputs is what every endpoint tells, and more.
func outputs(more ...connectors.Field) []connectors.Field {
	return append([]connectors.Field{
		{Name: "exists", Type: connectors.TypeBool, Doc: "whether it is there"},
		{Name: "id", Type: connectors.TypeString, Doc: "the target's own id; empty if it is not there"},
	}, more...)
}
