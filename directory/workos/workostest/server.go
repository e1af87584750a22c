// Package workostest is the API of WorkOS Directory Sync for tests, after its documentation: events in order with a
// cursor and thirty days of retention, the state API, webhooks that repeat and overtake each other, and failures on
// demand. It shares no code with what is tested; WorkOS's own library reads it in the tests.
package workostest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Retention is how long events are kept.
const Retention = 30 * 24 * time.Hour

// Key is the API key that the server accepts.
const Key = "sk_test_a2V5X29mX3RoZV90ZXN0cw"

// Object is a JSON object as the API shows it.
type Object = map[string]any

// Server is a WorkOS environment.
type Server struct {
	URL string

	mu          sync.Mutex
	now         time.Time
	made        int64
	directories []Object
	users       []Object
	groups      []Object
	members     map[string][]string // ids of users by id of the group
	events      []Object
	faults      []Fault
	calls       []string
	before      func(path string)
}

// Start serves until the test ends. The server's clock stands still at a time until it is moved.
func Start(t testing.TB, now time.Time) *Server {
	t.Helper()
	s := &Server{now: now.UTC(), members: map[string][]string{}, directories: []Object{}}
	server := httptest.NewServer(s)
	s.URL = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections() // those that hang
		server.Close()
	})
	return s
}

// Now is the time by the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Advance moves the server's clock.
func (s *Server) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(by)
}

// Before has a function called before each answer, which may change things; nil ends that.
func (s *Server) Before(do func(path string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = do
}

// Calls are the paths with queries that were asked for, and forgets them.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// Events are all events that were ever made, oldest first.
func (s *Server) Events() []Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls = append(s.calls, r.URL.RequestURI())
	fault, faulty := s.takeFault(r.URL.Path)
	before := s.before
	s.mu.Unlock()
	if before != nil {
		before(r.URL.Path)
	}
	if faulty {
		fault.answer(w, r)
		return
	}
	s.mu.Lock()
	status, body := s.answer(r)
	content, err := json.Marshal(body)
	now := s.now
	s.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Date", now.Format(http.TimeFormat))
	w.Header().Set("X-Request-ID", "req_"+strconv.Itoa(len(content)))
	w.WriteHeader(status)
	_, _ = w.Write(content)
}

func (s *Server) answer(r *http.Request) (int, any) {
	if r.Header.Get("Authorization") != "Bearer "+Key {
		return http.StatusUnauthorized, Object{"message": "Unauthorized"}
	}
	if r.Method != http.MethodGet {
		return http.StatusNotFound, Object{"message": "Not Found"}
	}
	query := r.URL.Query()
	kind, id, single := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	var found []Object
	switch kind {
	case "events":
		return s.listEvents(query)
	case "directories":
		found = s.directories
	case "directory_groups":
		found = s.groupsOf(query.Get("directory"), query.Get("user"), single)
	case "directory_users":
		found = s.usersOf(query.Get("directory"), query.Get("group"), single)
	default:
		return http.StatusNotFound, Object{"message": "Not Found"}
	}
	if single {
		at := indexOf(found, id)
		if at < 0 {
			return http.StatusNotFound, Object{"message": fmt.Sprintf("Could not find %s with ID '%s'.", kind, id), "code": "entity_not_found"}
		}
		return http.StatusOK, found[at]
	}
	if found == nil {
		return http.StatusUnprocessableEntity, Object{"message": "Validation failed", "errors": []Object{{"code": "directory_or_group_required"}}}
	}
	return listed(found, query, http.StatusNotFound)
}

// usersOf are the users of a directory or of a group; nil where neither is named.
func (s *Server) usersOf(directory, group string, all bool) []Object {
	if !all && directory == "" && group == "" {
		return nil
	}
	found := filter(s.users, func(user Object) bool {
		id, _ := user["id"].(string)
		return (directory == "" || user["directory_id"] == directory) && (group == "" || slices.Contains(s.members[group], id))
	})
	for i := range found {
		found[i] = maps.Clone(found[i])
		found[i]["groups"] = []Object{} // as for everybody who began after May 2026
	}
	return found
}

// groupsOf are the groups of a directory or of a user; nil where neither is named.
func (s *Server) groupsOf(directory, user string, all bool) []Object {
	if !all && directory == "" && user == "" {
		return nil
	}
	return filter(s.groups, func(group Object) bool {
		id, _ := group["id"].(string)
		return (directory == "" || group["directory_id"] == directory) && (user == "" || slices.Contains(s.members[id], user))
	})
}

func filter(all []Object, keep func(Object) bool) []Object {
	found := []Object{}
	for _, one := range all {
		if keep(one) {
			found = append(found, one)
		}
	}
	return found
}

func indexOf(all []Object, id string) int {
	return slices.IndexFunc(all, func(o Object) bool { return o["id"] == id })
}
