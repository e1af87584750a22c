package gitlabtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fail is an error in GitLab's usual shape. Message is a text, or a map of fields to lists of texts.
func fail(status int, message any) reply {
	return reply{status: status, body: map[string]any{"message": message}}
}

// notFound is the answer about something that is not there or may not be seen, which GitLab does not tell apart.
func notFound(what string) reply { return fail(http.StatusNotFound, "404 "+what+" Not Found") }

func forbidden() reply { return fail(http.StatusForbidden, "403 Forbidden") }

// missing is the answer to a call without a parameter that it needs, in the shape that GitLab's parameter check has.
func missing(name string) reply {
	return reply{status: http.StatusBadRequest, body: map[string]any{"error": name + " is missing"}}
}

// invalid is the answer to a record that does not hold.
func invalid(field, why string) reply {
	return fail(http.StatusBadRequest, map[string]any{field: []string{why}})
}

// Fault is something that goes wrong on demand.
type Fault int

// The faults. Those that say After happen when the change was made already.
const (
	// BadGateway answers 502 with a proxy's page, before anything was done.
	BadGateway Fault = iota + 1
	// BadGatewayAfter answers the same after the work was done.
	BadGatewayAfter
	// LostAnswer closes the connection after the work was done.
	LostAnswer
	// LostRequest closes the connection before anything was done.
	LostRequest
	// RateLimited answers 429 with RateLimit-Reset, as GitLab's throttle does (administration/settings, "User and IP
	// rate limits"), a minute ahead.
	RateLimited
	// RateLimitedRetryAfter answers 429 with Retry-After: 7.
	RateLimitedRetryAfter
	// Unprocessable answers 422 with a map of messages.
	Unprocessable
	// ConflictAfter answers 409 after the work was done.
	ConflictAfter
	// NotJSON answers 200 with a sign-in page, as a proxy in front of GitLab may.
	NotJSON
)

type fault struct {
	kind       Fault
	method     string
	pathSuffix string
	after      bool
}

// Inject lets one call go wrong: the next one with this method whose path ends with pathSuffix; empty texts fit all.
// Several are used up in order.
func (s *Server) Inject(kind Fault, method, pathSuffix string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	after := kind == BadGatewayAfter || kind == LostAnswer || kind == ConflictAfter
	s.faults = append(s.faults, fault{kind: kind, method: method, pathSuffix: pathSuffix, after: after})
}

// Mend takes back the faults that no call has met yet.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *Server) nextFault(r *http.Request) *fault {
	for i, f := range s.faults {
		if (f.method == "" || f.method == r.Method) && strings.HasSuffix(r.URL.Path, f.pathSuffix) {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			return &f
		}
	}
	return nil
}

func (f *fault) answer(w http.ResponseWriter) {
	switch f.kind {
	case LostAnswer, LostRequest:
		panic(http.ErrAbortHandler)
	case RateLimited:
		w.Header().Set("RateLimit-Reset", strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10))
		f.text(w, http.StatusTooManyRequests, "Retry later\n")
	case RateLimitedRetryAfter:
		w.Header().Set("Retry-After", "7")
		write(w, fail(http.StatusTooManyRequests, "This endpoint has been requested too many times. Try again later."))
	case Unprocessable:
		write(w, fail(http.StatusUnprocessableEntity, map[string]any{"base": []string{"cannot be saved"}, "title": []string{"is odd", "is long"}}))
	case ConflictAfter:
		write(w, fail(http.StatusConflict, "409 Conflict"))
	case NotJSON:
		f.text(w, http.StatusOK, "<!DOCTYPE html><title>Sign in</title>")
	default:
		f.text(w, http.StatusBadGateway, "<html><h1>502 Bad Gateway</h1></html>")
	}
}

func (*fault) text(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}
