package scim

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// schemas are the attributes that a service provider keeps, as it says itself: each by its path in lower case, for
// example "name.givenname". Empty means that it does not say.
type schemas map[string]bool

// always are attributes that need not be named to be kept: two that nobody could do without, and one that is common to
// all resources and so stands in no schema (RFC 7643 section 3.1).
var always = []string{"username", "active", "externalid"}

// keeps reports whether the attribute at a path is kept.
func (s schemas) keeps(path string) bool {
	path = strings.ToLower(path)
	attribute, _ := cutPath(path)
	if len(s) == 0 || s[path] || slices.Contains(always, attribute) {
		return true
	}
	return path != attribute && s[attribute] && !s[attribute+"."] // the parts of this one are not told
}

// cutPath cuts off the part of a complex attribute. An extension's URN has dots of its own.
func cutPath(path string) (attribute, part string) {
	urn := strings.LastIndex(path, ":") + 1
	attribute, part, _ = strings.Cut(path[urn:], ".")
	return path[:urn] + attribute, part
}

// knownSchemas asks the service provider, once, which attributes it keeps (RFC 7644 section 4). One that does not say
// is taken to keep everything.
func (c *client) knownSchemas(ctx context.Context) (schemas, error) {
	c.mu.Lock()
	known := c.schemas
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	body, err := c.http.Do(ctx, connectors.Request{Method: http.MethodGet, Path: "/Schemas"})
	read := schemas{}
	switch status := connectors.StatusOf(err); {
	case err != nil && (status == 0 || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable):
		return nil, fmt.Errorf("read Schemas: %w", err)
	case status >= http.StatusInternalServerError:
		return read, nil // perhaps its habit, perhaps only now: the next call asks again
	}
	if page, decodeErr := decodeList(body); err == nil && decodeErr == nil {
		for _, schema := range page.resources {
			read.add(schema)
		}
	}
	if !read[strings.ToLower(userSchema)] {
		read = schemas{} // what it says is not about accounts
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.schemas = read
	return read, nil
}

// add takes in the attributes of one schema that may be written (RFC 7643 section 7).
func (s schemas) add(schema resource) {
	prefix := strings.ToLower(schema.id())
	s[prefix] = true
	if prefix += ":"; strings.EqualFold(schema.id(), userSchema) {
		prefix = ""
	}
	s.addAttributes(prefix, schema.elements("attributes"))
}

func (s schemas) addAttributes(prefix string, attributes []any) {
	for _, element := range attributes {
		object, _ := element.(map[string]any)
		attribute := resource(object)
		if attribute.text("name") == "" || strings.EqualFold(attribute.text("mutability"), "readOnly") {
			continue
		}
		path := prefix + strings.ToLower(attribute.text("name"))
		s[path] = true
		if parts := attribute.elements("subAttributes"); len(parts) > 0 {
			s[path+"."] = true
			s.addAttributes(path+".", parts)
		}
	}
}
