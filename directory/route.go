package directory

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"

	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
)

// endpoint is what can be done at an address, by method.
type endpoint map[string]func(context.Context) (answer, error)

// methods are those of an endpoint, in the order in which they are listed everywhere.
func (e endpoint) methods() []string {
	var all []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if e[method] != nil || method == http.MethodHead && e[http.MethodGet] != nil {
			all = append(all, method)
		}
	}
	return append(all, http.MethodOptions)
}

// route calls what stands at the path.
func (c *call) route(ctx context.Context) (answer, error) {
	at, err := c.endpoint()
	if err != nil {
		return answer{}, err
	}
	method := c.request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	does := at[method]
	switch {
	case method == http.MethodOptions:
		return answer{status: http.StatusNoContent, header: http.Header{"Allow": {strings.Join(at.methods(), ", ")}}}, nil
	case does == nil:
		return answer{}, notAllowed(at.methods())
	}
	return does(ctx)
}

// endpoint finds what stands at the path.
func (c *call) endpoint() (endpoint, error) {
	name, id := "", ""
	switch len(c.path) {
	case 2:
		name, id = c.path[0], c.path[1]
	case 1:
		name = c.path[0]
	}
	for _, known := range []string{"Users", "Groups", "ServiceProviderConfig", "ResourceTypes", "Schemas", "Me", "Bulk"} {
		if strings.EqualFold(name, known) {
			name = known // Microsoft's clients write /users too
		}
	}
	switch name {
	case "Users":
		return c.resources(users{mirror.Users(c.directory)}, id), nil
	case "Groups":
		return c.resources(groups{}, id), nil
	case "ServiceProviderConfig", "ResourceTypes", "Schemas":
		return c.discovery(name, id)
	case "Me", "Bulk", ".search":
		return nil, notImplemented("/" + name)
	}
	return nil, errNoEndpoint
}

// body reads the body of a call, at most limit bytes.
func (c *call) body(limit int64) ([]byte, error) {
	if declared := c.request.Header.Get("Content-Type"); declared != "" {
		kind, _, err := mime.ParseMediaType(declared)
		if err != nil || kind != media && kind != "application/json" {
			return nil, errMedia
		}
	}
	text, err := io.ReadAll(http.MaxBytesReader(c.out, c.request.Body, limit))
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = scim.InvalidSyntax("The body did not arrive as a whole.")
		}
		return nil, err
	}
	return text, nil
}
