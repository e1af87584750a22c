package target

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// scimError is an error answer (RFC 7644 section 3.12).
type scimError struct {
	status       int
	kind, detail string
}

func (e *scimError) Error() string { return e.detail }

func bad(kind, format string, args ...any) *scimError {
	return &scimError{http.StatusBadRequest, kind, fmt.Sprintf(format, args...)}
}

func missing(path string) *scimError {
	return &scimError{http.StatusNotFound, "", path + " does not exist"}
}

// reply writes a SCIM answer.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/scim+json")
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body) // the client may be gone; there is nobody to tell
	}
}

func replyError(w http.ResponseWriter, e *scimError) {
	body := map[string]any{
		"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"},
		"status":  strconv.Itoa(e.status), "detail": e.detail,
	}
	if e.kind != "" {
		body["scimType"] = e.kind
	}
	switch e.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="scim"`)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	reply(w, e.status, body)
}
