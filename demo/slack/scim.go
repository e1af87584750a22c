package slack

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// scimCall is one call of the SCIM API being answered.
type scimCall struct {
	*http.Request
	kind, id string
	actor    *User
	body     map[string]any
}

// scimErrorSchema marks an error (RFC 7644 section 3.12), which Slack's version 2 follows.
const scimErrorSchema = "urn:ietf:params:scim:api:messages:2.0:Error"

// scimError is a refusal of the SCIM API.
type scimError struct {
	status     int
	kind, text string // scimType and detail
}

// Error makes a failure an error.
func (f *scimError) Error() string { return f.text }

func scimFail(status int, kind, text string) error { return &scimError{status, kind, text} }

// scimVerbs name the calls in the journal and for [Workspace.Fault]: "scim.Users.create".
var scimVerbs = map[string]string{
	http.MethodGet: "get", http.MethodPost: "create", http.MethodPatch: "patch", http.MethodPut: "replace", http.MethodDelete: "delete",
}

// serveSCIM answers the SCIM API, version 2: docs.slack.dev/reference/scim-api.
func (w *Workspace) serveSCIM(rw http.ResponseWriter, r *http.Request) {
	c := &scimCall{Request: r, kind: r.PathValue("kind"), id: r.PathValue("id")}
	name := "scim." + c.kind + "." + scimVerbs[r.Method]
	fault := w.takeFault(name)
	if fault != nil && fault.before(rw, r, w.ctx.Done()) {
		return
	}
	w.mu.Lock()
	status, body, err := w.answerSCIM(c)
	w.journalSCIM(name, c, err)
	w.mu.Unlock()
	if fault != nil && fault.Kind == FaultLost {
		hangUp(rw)
		return
	}
	w.respondSCIM(rw, status, body, err)
}

func (w *Workspace) answerSCIM(c *scimCall) (int, any, error) {
	if err := w.authenticateSCIM(c); err != nil {
		return 0, nil, err
	}
	if err := w.limitSCIM(c); err != nil {
		return 0, nil, err
	}
	if err := c.read(); err != nil {
		return 0, nil, err
	}
	switch c.kind {
	case "Users":
		return w.scimUsers(c)
	case "Groups":
		return w.scimGroups(c)
	case "ServiceProviderConfig":
		on, off := map[string]any{"supported": true}, map[string]any{"supported": false}
		return http.StatusOK, map[string]any{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
			"patch":   on, "bulk": off, "filter": map[string]any{"supported": true, "maxResults": 1000},
			"changePassword": off, "sort": off, "etag": off,
			"authenticationSchemes": []any{map[string]any{"type": "oauthbearertoken", "name": "OAuth Bearer Token"}},
		}, nil
	}
	return 0, nil, scimFail(http.StatusNotFound, "", "resource_not_found")
}

// authenticateSCIM takes the token of an admin or owner with the scope "admin", on plans that have SCIM.
func (w *Workspace) authenticateSCIM(c *scimCall) error {
	t := w.tokens[bearer(c.Request)]
	switch {
	case t == nil || t.revoked:
		return scimFail(http.StatusUnauthorized, "", "invalid_authentication")
	case t.kind != userToken:
		return scimFail(http.StatusForbidden, "", "not_allowed_token_type")
	case !w.opts.BusinessPlus && !w.opts.Enterprise:
		return scimFail(http.StatusForbidden, "", "feature_not_enabled")
	}
	c.actor = w.users[t.user]
	probe := &call{token: t}
	switch {
	case !probe.can("admin"):
		return scimFail(http.StatusForbidden, "", "missing_scope")
	case c.actor.Deleted || !c.actor.admin():
		return scimFail(http.StatusForbidden, "", "not_an_admin")
	}
	return nil
}

// read decodes the body of a write.
func (c *scimCall) read() error {
	if c.Method != http.MethodPost && c.Method != http.MethodPut && c.Method != http.MethodPatch {
		return nil
	}
	media := c.Header.Get("Content-Type")
	if !strings.HasPrefix(media, "application/json") && !strings.HasPrefix(media, "application/scim+json") {
		return scimFail(http.StatusBadRequest, "invalidSyntax", "invalid_content_type")
	}
	decoder := json.NewDecoder(http.MaxBytesReader(nil, c.Body, maxBody))
	if err := decoder.Decode(&c.body); err != nil || c.body == nil {
		return scimFail(http.StatusBadRequest, "invalidSyntax", "invalid_json")
	}
	return nil
}

// journalSCIM files a call as those of the Web API are.
func (w *Workspace) journalSCIM(name string, c *scimCall, err error) {
	var failed *scimError
	var no *refusal
	switch {
	case errors.As(err, &no):
		w.note(no.level(), name, no.code, "", nil)
	case errors.As(err, &failed):
		w.note(LevelError, name, strconv.Itoa(failed.status), failed.text, c.body)
	default:
		w.note(LevelInfo, name, "ok", c.id, c.body)
	}
}

func (w *Workspace) respondSCIM(rw http.ResponseWriter, status int, body any, err error) {
	var failed *scimError
	var no *refusal
	switch {
	case errors.As(err, &no):
		for key := range no.header {
			rw.Header().Set(key, no.header.Get(key))
		}
		status, body = no.status, map[string]any{"schemas": []string{scimErrorSchema}, "detail": no.code, "status": strconv.Itoa(no.status)}
	case errors.As(err, &failed):
		status = failed.status
		fields := map[string]any{"schemas": []string{scimErrorSchema}, "detail": failed.text, "status": strconv.Itoa(failed.status)}
		if failed.kind != "" {
			fields["scimType"] = failed.kind
		}
		body = fields
	}
	rw.Header().Set("Content-Type", "application/scim+json; charset=utf-8")
	rw.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(rw).Encode(body) // the client may be gone, which is its own affair
	}
}
