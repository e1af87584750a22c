package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
)

const (
	patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	userSchema  = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group"
)

// notByPatch are the answers to a PATCH that mean "not in this form" and leave PUT to try: nothing was changed.
var notByPatch = []int{http.StatusMethodNotAllowed, http.StatusNotImplemented}

// change is one alteration of a resource in both of its forms.
type change struct {
	kind string
	// found is the resource as it was read just now.
	found resource
	// operations are those of a PATCH, wanted is the whole resource for a PUT; nil means that only PATCH will do.
	operations []any
	wanted     resource
}

// apply makes a change by PATCH if the service provider knows it, else by PUT of the complete resource.
func (c *client) apply(ctx context.Context, ch change) error {
	patch, err := c.canPatch(ctx)
	if err != nil {
		return err
	}
	if patch {
		err := c.send(ctx, http.MethodPatch, ch, map[string]any{
			"schemas": []string{patchSchema}, "Operations": ch.operations,
		})
		if !slices.Contains(notByPatch, connectors.StatusOf(err)) && !badPath(err) {
			return err
		}
	}
	if ch.wanted == nil {
		return connectors.Refuse(errors.New("the target hides members and does not accept PATCH, so one cannot be changed alone"))
	}
	return c.send(ctx, http.MethodPut, ch, ch.wanted.without("meta", "groups"))
}

// badPath reports whether the target did not understand the path of a PATCH.
func badPath(err error) bool {
	return connectors.StatusOf(err) == http.StatusBadRequest && strings.Contains(err.Error(), "invalidPath")
}

// send writes. Where the resource has a version, a change by somebody else in between makes the target refuse
// (412, transient) instead of losing that change.
func (c *client) send(ctx context.Context, method string, ch change, body any) error {
	request := connectors.Request{Method: method, Path: path(ch.kind, ch.found.id()), Body: body}
	if meta, ok := ch.found.get("meta").(map[string]any); ok && method == http.MethodPut {
		if version := resource(meta).text("version"); version != "" {
			request.Header = http.Header{"If-Match": {version}}
		}
	}
	_, err := c.http.Do(ctx, request)
	return err
}

// canPatch asks the service provider, once, whether it knows PATCH (RFC 7643 section 5). One without a
// ServiceProviderConfig is taken not to. Several callers may ask at first: none waits for another's call.
func (c *client) canPatch(ctx context.Context) (bool, error) {
	c.mu.Lock()
	known := c.patch
	c.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	body, err := c.http.Do(ctx, connectors.Request{Method: http.MethodGet, Path: "/ServiceProviderConfig"})
	status := connectors.StatusOf(err)
	if err != nil && status != http.StatusNotFound && status != http.StatusNotImplemented {
		return false, fmt.Errorf("read ServiceProviderConfig: %w", err)
	}
	supported := advertised(body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.patch = &supported
	return supported, nil
}

// advertised reads whether a ServiceProviderConfig names PATCH. Anything else does not.
func advertised(body []byte) bool {
	config, err := decode(body)
	if err != nil {
		return false
	}
	patch, ok := config.get("patch").(map[string]any)
	return ok && strings.EqualFold(resource(patch).text("supported"), "true")
}
