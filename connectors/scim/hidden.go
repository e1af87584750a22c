package scim

import (
	"context"
	"net/http"
	"slices"

	"github.com/usherhq/usher/connectors"
)

// hiddenMember asks whether a user is in a group that lists no members. Somebody whom nobody knows is asked about, too:
// a target that finds that one ignores the filter, and its answers mean nothing.
func (c *client) hiddenMember(ctx context.Context, group, user string) (bool, error) {
	found, err := c.memberFilter(ctx, group, user)
	if err != nil || !found {
		return false, err
	}
	stranger, err := c.memberFilter(ctx, group, "usher-control-"+user)
	return !stranger, err
}

// memberFilter looks for the group by a filter on its members. A target that cannot read the filter finds nothing.
func (c *client) memberFilter(ctx context.Context, group, user string) (bool, error) {
	page, err := c.page(ctx, groups, equals("id", group)+" and "+equals("members", user), 1)
	if status := connectors.StatusOf(err); status == http.StatusBadRequest || status == http.StatusNotFound || status == http.StatusNotImplemented {
		return false, nil
	}
	return slices.ContainsFunc(page.resources, func(r resource) bool { return r.id() == group }), err
}
