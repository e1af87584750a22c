package target

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
)

// bodyKey is where locked puts a request's decoded body.
type bodyKey struct{}

func withBody(ctx context.Context, body map[string]any) context.Context {
	return context.WithValue(ctx, bodyKey{}, body)
}

func bodyOf(r *http.Request) map[string]any {
	body, _ := r.Context().Value(bodyKey{}).(map[string]any)
	return body
}

func (t *Target) post(table *table, r *http.Request) (answer, *scimError) {
	data := clean(bodyOf(r))
	if _, given := data["active"]; !given && table == t.users {
		data["active"] = true
	}
	if err := t.valid(table, "", data); err != nil {
		return answer{}, err
	}
	row := table.put(newID(), data, t.now())
	return answer{http.StatusCreated, t.render(table, row), row.etag()}, nil
}

func (t *Target) put(table *table, r *http.Request) (answer, *scimError) {
	row, err := t.present(table, r)
	if err != nil {
		return answer{}, err
	}
	return t.store(table, row, clean(bodyOf(r)), http.StatusOK)
}

// patch answers 200 with the user, but 204 for groups: their members may be many.
func (t *Target) patch(table *table, r *http.Request) (answer, *scimError) {
	if t.options.NoPatch {
		return answer{}, &scimError{http.StatusNotImplemented, "", "PATCH is not supported here"}
	}
	row, err := t.present(table, r)
	if err != nil {
		return answer{}, err
	}
	var body patchBody
	again, _ := json.Marshal(bodyOf(r)) // it came from JSON
	if json.Unmarshal(again, &body) != nil {
		return answer{}, bad("invalidSyntax", "The body is not a PatchOp")
	}
	data, err := patched(row.data, body.Operations)
	if err != nil {
		return answer{}, err
	}
	if table == t.groups {
		return t.store(table, row, data, http.StatusNoContent)
	}
	return t.store(table, row, data, http.StatusOK)
}

func (t *Target) delete(table *table, r *http.Request) (answer, *scimError) {
	row, err := t.present(table, r)
	if err != nil {
		return answer{}, err
	}
	table.remove(row.id)
	for _, group := range t.groups.all() {
		left := slices.DeleteFunc(slices.Clone(group.data.elements("members")), func(m any) bool { return elementValue(m) == row.id })
		if len(left) < len(group.data.elements("members")) {
			data := group.data.copied()
			data["members"] = left
			t.groups.put(group.id, data, t.now())
		}
	}
	return answer{status: http.StatusNoContent}, nil
}

// present finds the resource of a request and compares the version that the client knows.
func (t *Target) present(table *table, r *http.Request) (*row, *scimError) {
	row := table.byID[r.PathValue("id")]
	if row == nil {
		return nil, missing(r.URL.Path)
	}
	if match := r.Header.Get("If-Match"); match != "" && match != "*" && match != row.etag() {
		return nil, &scimError{http.StatusPreconditionFailed, "", "The resource was changed in between"}
	}
	return row, nil
}

// store checks and keeps new data. What changes nothing leaves the version as it is.
func (t *Target) store(table *table, r *row, data resource, status int) (answer, *scimError) {
	if err := t.valid(table, r.id, data); err != nil {
		return answer{}, err
	}
	if !reflect.DeepEqual(map[string]any(r.data), map[string]any(data)) {
		r = table.put(r.id, data, t.now())
	}
	if status == http.StatusNoContent {
		return answer{status, nil, r.etag()}, nil
	}
	return answer{status, t.render(table, r), r.etag()}, nil
}

// valid checks what must be true of a resource: its name is there and unique, active is a boolean, members exist.
func (t *Target) valid(table *table, id string, data resource) *scimError {
	label := data.text(table.kind.label)
	if label == "" {
		return bad("invalidValue", "%s is required", table.kind.label)
	}
	if other := table.named(label); other != nil && other.id != id {
		return &scimError{http.StatusConflict, "uniqueness", "There is already a " + table.kind.name + " called " + label}
	}
	if active, given := data["active"]; given {
		if _, isBool := active.(bool); !isBool {
			return bad("invalidValue", "active is true or false")
		}
	}
	for _, member := range data.elements("members") {
		value := elementValue(member)
		if t.users.byID[value] == nil && t.groups.byID[value] == nil {
			return bad("invalidValue", "Member %q does not exist", value)
		}
	}
	return nil
}
