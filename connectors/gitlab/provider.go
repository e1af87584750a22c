package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// provider is one opened GitLab.
type provider struct {
	client      *client
	project     string
	consistency time.Duration
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
	all := slices.Concat(
		p.createEndpoints(), p.commentEndpoints(), p.labelEndpoints(), p.closeEndpoints(), p.assignEndpoints(),
		p.userEndpoints(), p.tokenEndpoints(), p.memberEndpoints(groupKind), p.memberEndpoints(entityKind), p.groupEndpoints(),
	)
	for i := range all {
		all[i].Consistency = p.consistency
	}
	return all
}

// Caller is for the calls that a configuration declares: their paths begin below /api/v4.
func (p *provider) Caller() *connectors.JSONClient { return p.client.plain }

// Check looks whether the token works and has the scope api, and whether it sees the project of the settings. A GitLab
// that cannot tell about the token (before 15.5, or an OAuth token) is asked for its user instead.
func (p *provider) Check(ctx context.Context) error {
	token, _, err := read(ctx, p.client, func(o api.RequestOptionFunc) (*api.PersonalAccessToken, *api.Response, error) {
		return p.client.api.PersonalAccessTokens.GetSinglePersonalAccessToken(o)
	})
	switch {
	case absent(err):
		_, err = p.client.isAdmin(ctx)
	case err == nil && !slices.Contains(token.Scopes, "api"):
		return fmt.Errorf("the token has the scopes %s; one with the scope api is needed", strings.Join(token.Scopes, ", "))
	}
	switch {
	case absent(err):
		return errors.New("there is no GitLab at base_url: it is the address without /api/v4")
	case err != nil:
		return fmt.Errorf("read the token: %w", err)
	case p.project == "":
		return nil
	}
	return p.checkProject(ctx)
}

func (p *provider) checkProject(ctx context.Context) error {
	project, _, err := read(ctx, p.client, func(o api.RequestOptionFunc) (*api.Project, *api.Response, error) {
		return p.client.api.Projects.GetProject(p.project, nil, o)
	})
	switch {
	case connectors.StatusOf(err) == http.StatusNotFound:
		return fmt.Errorf("setting %q: there is no project %s, or the token may not see it", "project", p.project)
	case err != nil:
		return fmt.Errorf("read project %s: %w", p.project, err)
	case project.IssuesAccessLevel == api.DisabledAccessControl:
		return fmt.Errorf("setting %q: issues are switched off in project %s", "project", p.project)
	}
	return nil
}

// projectOf is the path or id of the project that a call is about.
func (p *provider) projectOf(call connectors.Call) (string, error) {
	if project := call.Text("project", p.project); project != "" {
		return project, nil
	}
	return "", refuse("no project is named: set the argument project or the provider's setting project")
}

// userName is the e-mail address or user name that a call is about.
func userName(call connectors.Call) string {
	return call.Text("user", strings.TrimSpace(call.Subject.Email))
}

var (
	userArg    = connectors.Field{Name: "user", Type: connectors.TypeString, Doc: "e-mail address or user name of the account; the subject's e-mail if absent"}
	projectArg = connectors.Field{Name: "project", Type: connectors.TypeString, Doc: "path or id of the project; the provider's setting project if absent"}
)

// outputs is what every endpoint tells, and more.
func outputs(more ...connectors.Field) []connectors.Field {
	return append([]connectors.Field{
		{Name: "exists", Type: connectors.TypeBool, Doc: "whether it is there"},
		{Name: "id", Type: connectors.TypeString, Doc: "GitLab's own id; empty if it is not there"},
		{Name: connectors.OutputURL, Type: connectors.TypeString, Doc: "address of its page; empty if it is not there"},
	}, more...)
}
