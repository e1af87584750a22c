package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/usherhq/usher/connectors"
)

// The resource types that we use, as in their addresses.
const (
	users  = "Users"
	groups = "Groups"
)

// pageSize is how many resources we ask for at once.
const pageSize = 100

// maxPages bounds a list without a filter: 100,000 resources.
const maxPages = 1000

// client speaks SCIM to one service provider.
type client struct {
	http *connectors.JSONClient

	mu sync.Mutex
	// patch and schemas are nil until the service provider was asked.
	patch   *bool
	schemas schemas
}

// setPatch takes the setting "patch".
func (c *client) setPatch(value string) error {
	switch value {
	case "", "auto":
	case "on", "off", "true", "false":
		on := value == "on" || value == "true"
		c.patch = &on
	default:
		return fmt.Errorf("setting %q: %q is none of auto, on, off", "patch", value)
	}
	return nil
}

// get reads one resource; nil means that there is none.
func (c *client) get(ctx context.Context, kind, id string) (resource, error) {
	body, err := c.http.Do(ctx, connectors.Request{Method: http.MethodGet, Path: path(kind, id)})
	if connectors.StatusOf(err) == http.StatusNotFound {
		var none resource
		return none, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", kind, err)
	}
	r, err := decode(body)
	if err == nil && r.id() != id {
		err = errNotSCIM
	}
	if err != nil {
		return nil, connectors.Refuse(fmt.Errorf("read %s: %w", kind, err))
	}
	return r, nil
}

// find lists the resources whose attribute equals value, exactly if there is such a one, else without regard to case:
// userName and displayName ignore case, but the filters of some targets do not, so the lower-case form is tried too.
func (c *client) find(ctx context.Context, kind, attribute, value string) ([]resource, error) {
	found, err := c.named(ctx, kind, attribute, value)
	if lower := strings.ToLower(value); err == nil && len(found) == 0 && lower != value {
		found, err = c.named(ctx, kind, attribute, lower)
	}
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", kind, err)
	}
	return found, nil
}

// named lists by one filter and applies it again on our side, since some targets ignore filters. Where a target cannot
// read the filter, all are listed.
func (c *client) named(ctx context.Context, kind, attribute, value string) ([]resource, error) {
	all, err := c.list(ctx, kind, equals(attribute, value))
	if connectors.StatusOf(err) == http.StatusBadRequest {
		all, err = c.list(ctx, kind, "")
	}
	return called(all, attribute, value), err
}

// called are the resources whose attribute equals a value: exactly if there is such a one, else without regard to case.
func called(all []resource, attribute, value string) []resource {
	var exact, similar []resource
	for _, r := range all {
		switch name := r.text(attribute); {
		case name == value:
			exact = append(exact, r)
		case strings.EqualFold(name, value):
			similar = append(similar, r)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return similar
}

// list reads all pages.
func (c *client) list(ctx context.Context, kind, filter string) ([]resource, error) {
	var all []resource
	seen := map[string]bool{}
	for range maxPages {
		page, err := c.page(ctx, kind, filter, len(all)+1)
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, r := range page.resources {
			if !seen[r.id()] {
				seen[r.id()] = true
				all = append(all, r)
			}
		}
		if len(all) >= page.total {
			return all, nil
		}
		if len(all) == before {
			return nil, connectors.Retry(fmt.Errorf("the target announced %d but listed only %d", page.total, before), 0)
		}
	}
	return nil, connectors.Refuse(errors.New("the target lists more than can be read"))
}

func (c *client) page(ctx context.Context, kind, filter string, start int) (list, error) {
	query := url.Values{"count": {strconv.Itoa(pageSize)}}
	if filter != "" {
		query.Set("filter", filter)
	}
	if start > 1 {
		query.Set("startIndex", strconv.Itoa(start))
	}
	body, err := c.http.Do(ctx, connectors.Request{Method: http.MethodGet, Path: "/" + kind, Query: query})
	if err != nil {
		return list{}, err
	}
	page, err := decodeList(body)
	if err != nil {
		return list{}, connectors.Refuse(err)
	}
	return page, nil
}

// create makes a resource. The answer is not looked at: the read-back finds what was made.
func (c *client) create(ctx context.Context, kind string, r resource) error {
	_, err := c.http.Do(ctx, connectors.Request{Method: http.MethodPost, Path: "/" + kind, Body: r})
	return err
}

// remove deletes a resource. One that is gone already is as good.
func (c *client) remove(ctx context.Context, kind, id string) error {
	_, err := c.http.Do(ctx, connectors.Request{Method: http.MethodDelete, Path: path(kind, id)})
	if connectors.StatusOf(err) == http.StatusNotFound {
		return nil
	}
	return err
}

func path(kind, id string) string { return "/" + kind + "/" + url.PathEscape(id) }
