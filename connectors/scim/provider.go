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
	// leaveOut are attributes that sync_user leaves alone.
	leaveOut []string
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
		p.userEndpoints(), p.syncEndpoints(), p.memberEndpoints(), p.rosterEndpoints(), p.groupEndpoints(), p.renameEndpoints(),
		p.roleEndpoints(), p.licenseEndpoints(),
	} {
		all = append(all, some...)
	}
	for i := range all {
		all[i].Consistency = p.consistency
	}
	return all
}

// Caller answers the client for calls that the configuration declares.
func (p *provider) Caller() *connectors.JSONClient { return p.client.http }

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
	_, err = p.client.canPatch(ctx)
	return err
}

// findUser answers the person's account as the target lists it, or nil. Its id and userName can be relied on.
func (p *provider) findUser(ctx context.Context, call connectors.Call) (resource, error) {
	name := userName(call)
	if name == "" {
		return nil, connectors.Refuse(errors.New("the person has no e-mail address, which names the account"))
	}
	return p.find(ctx, users, "userName", name)
}

// wholeUser answers the person's account with all that the target shows of it, or nil.
func (p *provider) wholeUser(ctx context.Context, call connectors.Call) (resource, error) {
	user, err := p.findUser(ctx, call)
	return p.whole(ctx, users, user, err)
}

// findGroup answers the group as the target lists it, or nil. Its id and displayName can be relied on.
func (p *provider) findGroup(ctx context.Context, call connectors.Call) (resource, error) {
	name := groupName(call)
	if name == "" {
		return nil, connectors.Refuse(errors.New("no group is named: set the entitlement's target or the argument group"))
	}
	return p.find(ctx, groups, "displayName", name)
}

// wholeGroup answers the group with its members, or nil.
func (p *provider) wholeGroup(ctx context.Context, call connectors.Call) (resource, error) {
	group, err := p.findGroup(ctx, call)
	return p.whole(ctx, groups, group, err)
}

// find answers the one resource of this name as it is listed, or nil.
func (p *provider) find(ctx context.Context, kind, attribute, name string) (resource, error) {
	found, err := p.client.find(ctx, kind, attribute, name)
	if err != nil {
		return nil, err
	}
	return only(kind, name, found)
}

// only is the one resource that was found by a name, or nil.
func only(kind, name string, found []resource) (resource, error) {
	switch len(found) {
	case 0:
		var none resource
		return none, nil
	case 1:
		return found[0], nil
	}
	return nil, connectors.Refuse(fmt.Errorf("%d %s are called %s: rename all but one", len(found), strings.ToLower(kind), name))
}

// whole reads a listed resource by its id, since lists may leave attributes out.
func (p *provider) whole(ctx context.Context, kind string, listed resource, err error) (resource, error) {
	if err != nil || listed == nil {
		return nil, err
	}
	return p.client.get(ctx, kind, listed.id())
}

func userName(call connectors.Call) string {
	return call.Text("user", strings.TrimSpace(call.Subject.Email))
}

func groupName(call connectors.Call) string {
	return call.Text("group", strings.TrimSpace(call.Target))
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
