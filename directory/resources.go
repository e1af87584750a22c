package directory

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// kind is a kind of resource: users or groups.
type kind interface {
	typ() *scim.Type
	// limit is how many bytes a body may have.
	limit() int64
	// related is the attribute that is made from other rows: a user's groups, a group's members.
	related() string
	read(ctx context.Context, q bun.IDB, directoryID, id string) (entry, error)
	lock(ctx context.Context, j *flows.Journal, id string) (entry, error)
	page(ctx context.Context, q bun.IDB, filter db.DirectoryFilter) ([]entry, error)
	total(ctx context.Context, q bun.IDB, filter db.DirectoryFilter) (int64, error)
	// column is what an equality of a filter is in the database, and whether it says all that the equality does.
	column(equality scim.Equality) (found db.DirectoryEqual, exact, ok bool)
	// attach gives entries their related attribute.
	attach(ctx context.Context, q bun.IDB, base string, entries []entry) error
	// save writes an entry: a new one if was has no id. Members are of groups alone.
	save(ctx context.Context, j *flows.Journal, was entry, resource scim.Resource, members []scim.MemberOp) (entry, error)
	remove(ctx context.Context, j *flows.Journal, was entry) error
}

// entry is a user or a group as it was read.
type entry struct {
	id               string
	version          int64
	created, changed time.Time
	resource         scim.Resource
	user             db.DirectoryUser
	group            db.DirectoryGroup
}

// ids are written as we write them; whatever else is asked for is not looked up.
var ids = regexp.MustCompile(`^[a-z]{3}_[0-9a-z]{10,30}$`)

// resources is the endpoint of all resources of a kind or, with an id, of one.
func (c *call) resources(k kind, id string) endpoint {
	switch id {
	case "":
		return endpoint{
			http.MethodGet:  func(ctx context.Context) (answer, error) { return c.list(ctx, k) },
			http.MethodPost: func(ctx context.Context) (answer, error) { return c.create(ctx, k) },
		}
	case ".search":
		return endpoint{http.MethodPost: func(ctx context.Context) (answer, error) { return c.searchByBody(ctx, k) }}
	}
	return endpoint{
		http.MethodGet:    func(ctx context.Context) (answer, error) { return c.get(ctx, k, id) },
		http.MethodPut:    func(ctx context.Context) (answer, error) { return c.replace(ctx, k, id) },
		http.MethodPatch:  func(ctx context.Context) (answer, error) { return c.patch(ctx, k, id) },
		http.MethodDelete: func(ctx context.Context) (answer, error) { return c.remove(ctx, k, id) },
	}
}

func (c *call) get(ctx context.Context, k kind, id string) (answer, error) {
	selection, err := c.selection(k)
	if err != nil {
		return answer{}, err
	}
	if !ids.MatchString(id) {
		return answer{}, missing(k)
	}
	found, err := k.read(ctx, c.store, c.directory.ID, id)
	if err != nil {
		return answer{}, absent(k, err)
	}
	if unchanged(c.request, found.version) {
		return answer{status: http.StatusNotModified, header: c.header(k, found)}, nil
	}
	return c.shown(ctx, k, http.StatusOK, found, selection)
}

// create makes a resource. Members that it names are added to it.
func (c *call) create(ctx context.Context, k kind) (answer, error) {
	selection, resource, err := c.given(k)
	if err != nil {
		return answer{}, err
	}
	var made entry
	err = c.write(ctx, func(ctx context.Context, j *flows.Journal) error {
		made, err = k.save(ctx, j, entry{}, resource, membersOf(resource))
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return c.shown(ctx, k, http.StatusCreated, made, selection)
}

// replace is PUT. What it does not name is cleared, except for what would end somebody's access: whether a user is
// active and who is in a group stay as they are where a body does not speak of them (RFC 7644 section 3.5.1 allows that).
func (c *call) replace(ctx context.Context, k kind, id string) (answer, error) {
	selection, resource, err := c.given(k)
	if err != nil {
		return answer{}, err
	}
	var is entry
	err = c.change(ctx, k, id, func(ctx context.Context, j *flows.Journal, was entry) error {
		is, err = k.save(ctx, j, was, resource, membersOf(resource))
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return c.shown(ctx, k, http.StatusOK, is, selection)
}

// patch answers with the user; of a group, which may have many members, only where the caller says what he wants to see.
func (c *call) patch(ctx context.Context, k kind, id string) (answer, error) {
	selection, err := c.selection(k)
	if err != nil {
		return answer{}, err
	}
	body, err := c.body(k.limit())
	if err != nil {
		return answer{}, err
	}
	patch, err := scim.ParsePatch(k.typ(), body)
	if err != nil {
		return answer{}, err
	}
	var is entry
	err = c.change(ctx, k, id, func(ctx context.Context, j *flows.Journal, was entry) error {
		resource, _, err := patch.Apply(was.resource)
		if err != nil {
			return err
		}
		is, err = k.save(ctx, j, was, resource, patch.Members())
		return err
	})
	if err != nil {
		return answer{}, err
	}
	if k.typ() == scim.Groups() && !c.query.Has("attributes") {
		return answer{status: http.StatusNoContent, header: c.header(k, is)}, nil
	}
	return c.shown(ctx, k, http.StatusOK, is, selection)
}

func (c *call) remove(ctx context.Context, k kind, id string) (answer, error) {
	err := c.change(ctx, k, id, func(ctx context.Context, j *flows.Journal, was entry) error { return k.remove(ctx, j, was) })
	return answer{status: http.StatusNoContent}, err
}

// given reads what the caller wants to see, and what he sends.
func (c *call) given(k kind) (scim.Selection, scim.Resource, error) {
	selection, err := c.selection(k)
	if err != nil {
		return selection, nil, err
	}
	body, err := c.body(k.limit())
	if err != nil {
		return selection, nil, err
	}
	resource, err := scim.Read(k.typ(), body)
	return selection, resource, err
}

func (c *call) selection(k kind) (scim.Selection, error) {
	return scim.ParseSelection(k.typ(), c.query.Get("attributes"), c.query.Get("excludedAttributes"))
}

func (c *call) write(ctx context.Context, do func(ctx context.Context, j *flows.Journal) error) error {
	return c.writer.WriteDirectory(ctx, c.directory.ID, do)
}

// change lets do change a resource, if it is the version that the caller means.
func (c *call) change(ctx context.Context, k kind, id string, do func(ctx context.Context, j *flows.Journal, was entry) error) error {
	if !ids.MatchString(id) {
		return missing(k)
	}
	return c.write(ctx, func(ctx context.Context, j *flows.Journal) error {
		was, err := k.lock(ctx, j, id)
		if err != nil {
			return absent(k, err)
		}
		if stale(c.request, was.version) {
			return errStale
		}
		return do(ctx, j, was)
	})
}

// shown answers with a resource.
func (c *call) shown(ctx context.Context, k kind, status int, one entry, selection scim.Selection) (answer, error) {
	if selection.Wants(k.related()) {
		if err := k.attach(ctx, c.store, c.base, []entry{one}); err != nil {
			return answer{}, err
		}
	}
	return answer{status: status, body: selection.Of(k.typ(), c.whole(k, one)), header: c.header(k, one)}, nil
}

// whole adds to a resource what the server knows.
func (c *call) whole(k kind, one entry) scim.Resource {
	one.resource["id"] = one.id
	one.resource["meta"] = scim.Resource{
		"resourceType": k.typ().Name, "location": c.location(k, one), "version": etag(one.version),
		"created": one.created.UTC().Format(timeForm), "lastModified": one.changed.UTC().Format(timeForm),
	}
	return one.resource
}

// timeForm is a dateTime of SCIM (RFC 7643 section 2.3.5), always with as many digits, as some clients want.
const timeForm = "2006-01-02T15:04:05.000Z"

func (c *call) location(k kind, one entry) string { return c.base + k.typ().Endpoint + "/" + one.id }

func (c *call) header(k kind, one entry) http.Header {
	return http.Header{"Etag": {etag(one.version)}, "Location": {c.location(k, one)}}
}

// membersOf takes from a body who is to be in the group: nothing if it does not say.
func membersOf(resource scim.Resource) []scim.MemberOp {
	list, said := resource["members"].([]any)
	if !said {
		return nil
	}
	values := make([]string, 0, len(list))
	for _, one := range list {
		member, _ := one.(map[string]any)
		if id, ok := member["value"].(string); ok {
			values = append(values, id)
		}
	}
	return []scim.MemberOp{{Op: scim.ReplaceMembers, Values: values}}
}

// absent says that there is no such resource, if that is what the error means.
func absent(k kind, err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return missing(k)
	}
	return err
}

func missing(k kind) error {
	return &scim.Error{Status: http.StatusNotFound, Detail: "There is no " + k.typ().Name + " with this id."}
}
