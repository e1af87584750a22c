package target

import (
	"encoding/json"
	"net/http"
	"time"
)

// maxBody bounds a request, in bytes.
const maxBody = 1 << 20

// base is where SCIM lives.
const base = "/scim/v2"

// scim is the SCIM side: routes behind the bearer check and the switches.
func (t *Target) scim() http.Handler {
	mux := http.NewServeMux()
	for _, table := range []*table{t.users, t.groups} {
		path := base + table.kind.path
		mux.HandleFunc("GET "+path, t.locked(table, t.list))
		mux.HandleFunc("POST "+path, t.locked(table, t.post))
		mux.HandleFunc("GET "+path+"/{id}", t.locked(table, t.get))
		mux.HandleFunc("PUT "+path+"/{id}", t.locked(table, t.put))
		mux.HandleFunc("PATCH "+path+"/{id}", t.locked(table, t.patch))
		mux.HandleFunc("DELETE "+path+"/{id}", t.locked(table, t.delete))
	}
	for _, path := range []string{"/Users", "/Users/{id}", "/Groups", "/Groups/{id}", "/ServiceProviderConfig", "/ResourceTypes"} {
		mux.HandleFunc(base+path, notAllowed)
	}
	mux.HandleFunc("GET "+base+"/ServiceProviderConfig", t.config)
	mux.HandleFunc("GET "+base+"/ResourceTypes", t.resourceTypes)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { replyError(w, missing(r.URL.Path)) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := t.admit(r); err != nil {
			replyError(w, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		mux.ServeHTTP(w, r)
	})
}

// notAllowed answers methods that a path does not know.
func notAllowed(w http.ResponseWriter, r *http.Request) {
	replyError(w, &scimError{http.StatusMethodNotAllowed, "", r.Method + " is not possible here"})
}

// answer is what a handler wants to say. A nil row and list means an empty answer.
type answer struct {
	status int
	body   map[string]any
	etag   string
}

// action handles a request for one kind of resource. The lock is held.
type action func(*table, *http.Request) (answer, *scimError)

// locked runs an action, and tells the page and the history what it changed.
func (t *Target) locked(table *table, do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if r.Method != http.MethodGet && r.Method != http.MethodDelete {
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				replyError(w, bad("invalidSyntax", "The body is not a JSON object"))
				return
			}
			r = r.WithContext(withBody(r.Context(), body))
		}
		t.mu.Lock()
		var before facts
		if r.Method != http.MethodGet {
			before = t.snapshot()
		}
		a, err := do(table, r)
		if before != nil {
			t.record(before)
		}
		t.mu.Unlock()
		if err != nil {
			replyError(w, err)
			return
		}
		if a.etag != "" {
			w.Header().Set("ETag", a.etag)
		}
		if a.status == http.StatusCreated {
			w.Header().Set("Location", r.URL.Path+"/"+resource(a.body).text("id"))
		}
		var out any
		if a.body != nil {
			out = project(a.body, r.URL.Query())
		}
		reply(w, a.status, out)
	}
}

// render is a resource as clients see it. The lock is held.
func (t *Target) render(table *table, r *row) resource {
	out := r.data.copied()
	out["schemas"] = schemas(table.kind, r.data)
	out["id"] = r.id
	out["meta"] = map[string]any{
		"resourceType": table.kind.name, "version": r.etag(), "location": base + table.kind.path + "/" + r.id,
		"created": r.created.Format(time.RFC3339Nano), "lastModified": r.modified.Format(time.RFC3339Nano),
	}
	if table == t.users {
		out["groups"] = t.groupsOf(r.id)
	}
	for _, element := range out.elements("members") {
		member, isObject := element.(map[string]any)
		if user := t.users.byID[elementValue(element)]; isObject && user != nil {
			write(member, "display", user.data.text("userName"))
		}
	}
	return out
}

// groupsOf is a user's read-only attribute groups. The lock is held.
func (t *Target) groupsOf(id string) []any {
	found := []any{}
	for _, group := range t.groups.all() {
		for _, member := range group.data.elements("members") {
			if elementValue(member) == id {
				found = append(found, map[string]any{"value": group.id, "display": group.data.text("displayName"), "type": "direct"})
			}
		}
	}
	return found
}

func (t *Target) config(w http.ResponseWriter, _ *http.Request) {
	supported := func(yes bool) map[string]any { return map[string]any{"supported": yes} }
	reply(w, http.StatusOK, map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":   supported(!t.options.NoPatch), "bulk": map[string]any{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter": map[string]any{"supported": true, "maxResults": maxPage}, "changePassword": supported(false),
		"sort": supported(false), "etag": supported(true),
		"authenticationSchemes": []any{map[string]any{"type": "oauthbearertoken", "name": "Bearer token", "description": "A token in the header Authorization"}},
	})
}

func (t *Target) resourceTypes(w http.ResponseWriter, _ *http.Request) {
	types := []any{}
	for _, k := range []kind{userKind, groupKind} {
		types = append(types, map[string]any{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"},
			"id":      k.name, "name": k.name, "endpoint": k.path, "schema": k.schema,
		})
	}
	reply(w, http.StatusOK, listResponse(types, len(types), 1))
}
