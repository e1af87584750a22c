package directory

import (
	"context"
	"net/http"
	"strings"

	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
)

// discovery is the endpoints that say what the server can do (RFC 7644 section 4). Parameters of the one resource
// ServiceProviderConfig are ignored; a filter on a list is refused, as the RFC wants.
func (c *call) discovery(name, id string) (endpoint, error) {
	if name == "ServiceProviderConfig" {
		if id != "" {
			return nil, errNoEndpoint
		}
		return reads(scim.ServiceProviderConfig(c.base)), nil
	}
	users := mirror.Users(c.directory)
	all := scim.Schemas(c.base, users)
	if name == "ResourceTypes" {
		all = scim.ResourceTypes(c.base, users)
	}
	if id != "" {
		for _, one := range all {
			if text, _ := one["id"].(string); strings.EqualFold(text, id) {
				return reads(one), nil
			}
		}
		return nil, errNoEndpoint
	}
	return endpoint{http.MethodGet: func(context.Context) (answer, error) {
		if c.query.Has("filter") {
			return answer{}, &scim.Error{Status: http.StatusForbidden, Detail: "What the server can do is listed as a whole: leave the filter out."}
		}
		return answer{status: http.StatusOK, body: listed(all, int64(len(all)), 1)}, nil
	}}, nil
}

// reads is an endpoint that can only be read.
func reads(body scim.Resource) endpoint {
	return endpoint{http.MethodGet: func(context.Context) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }}
}

// listed is a list response (RFC 7644 section 3.4.2).
func listed(found []scim.Resource, total, start int64) scim.Resource {
	if found == nil {
		found = []scim.Resource{}
	}
	return scim.Resource{
		"schemas":      []any{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": total, "startIndex": start, "itemsPerPage": len(found), "Resources": found,
	}
}
