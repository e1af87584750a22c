package target

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// kind is a resource type.
type kind struct {
	// name is the type in meta, path its place below /scim/v2, schema its URN, label the attribute that names it.
	name, path, schema, label string
}

var (
	userKind  = kind{"User", "/Users", "urn:ietf:params:scim:schemas:core:2.0:User", "userName"}
	groupKind = kind{"Group", "/Groups", "urn:ietf:params:scim:schemas:core:2.0:Group", "displayName"}
)

// row is one stored resource. Data holds what clients may write.
type row struct {
	id                string
	data              resource
	version           int
	created, modified time.Time
}

// etag is the resource's version (RFC 7644 section 3.14).
func (r *row) etag() string { return `W/"` + strconv.Itoa(r.version) + `"` }

// active reports whether the account can be used; one that does not say is.
func (r *row) active() bool {
	active, given := r.data["active"].(bool)
	return active || !given
}

// table holds the resources of one kind in the order in which they were made.
type table struct {
	kind  kind
	byID  map[string]*row
	order []string
}

func newTable(k kind) *table { return &table{kind: k, byID: map[string]*row{}} }

// put stores a resource and counts its version up.
func (t *table) put(id string, data resource, at time.Time) *row {
	r, ok := t.byID[id]
	if !ok {
		r = &row{id: id, created: at}
		t.byID[id] = r
		t.order = append(t.order, id)
	}
	r.data, r.modified, r.version = data, at, r.version+1
	return r
}

func (t *table) remove(id string) {
	delete(t.byID, id)
	for i, other := range t.order {
		if other == id {
			t.order = append(t.order[:i:i], t.order[i+1:]...)
			return
		}
	}
}

// named finds a resource by the attribute that names it, which ignores case.
func (t *table) named(label string) *row {
	for _, id := range t.order {
		if r := t.byID[id]; strings.EqualFold(r.data.text(t.kind.label), label) {
			return r
		}
	}
	return nil
}

func (t *table) all() []*row {
	rows := make([]*row, len(t.order))
	for i, id := range t.order {
		rows[i] = t.byID[id]
	}
	return rows
}

// newID makes an id that says nothing.
func newID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
