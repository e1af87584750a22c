// Package gitlabtest plays GitLab's HTTP for tests. GitLab itself is too large to run in tests: it needs several
// gigabytes of memory and minutes to start. So this server follows what GitLab documents of REST API v4
// (https://docs.gitlab.com/api/), for what the connector uses and no more:
//
//   - rest (Link and X- headers of pages, PRIVATE-TOKEN and Bearer), rest/troubleshooting (shapes of errors, 404 for
//     what may not be seen), personal_access_tokens (self, list, revoke), user and users, members (also inherited), groups (also
//     delayed deletion and restore), projects (one), issues, notes, project_templates (issues);
//   - quick actions (https://docs.gitlab.com/user/project/quick_actions/) in descriptions and comments: close, reopen,
//     label, unlabel, assign and confidential are carried out, and all others that are known are noted;
//   - mentions: more generously than GitLab, which makes them harder to avoid here;
//   - search in descriptions: as PostgreSQL's text search that GitLab uses sees words, so tags, HTML comments and words
//     of 50 characters and more are not found;
//   - rate limits (RateLimit-Reset, Retry-After), and faults on demand, see [Server.Inject].
//
// It does not play: branches and files, merge requests, epics, milestones, notifications, GraphQL, two-factor and
// sign-in, custom roles, invitations, sharing of groups, SAML, moved projects, and the many settings of an instance.
// An endpoint that is not played answers 404, as GitLab does for an unknown address.
package gitlabtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Server is one GitLab. Its zero value is not ready: use [New]. It is safe for use by many goroutines.
type Server struct {
	mux *http.ServeMux

	mu       sync.Mutex
	lastID   int64
	users    []*User
	groups   []*Group
	projects []*Project
	tokens   map[string]token
	faults   []fault
	requests []string
	writes   int
	// oneAssignee is GitLab's free plan.
	oneAssignee bool
	// lag is how many lists of issues do not show what was written since.
	lag int
}

type token struct {
	id     int64
	user   *User
	scopes []string
}

// New makes an empty GitLab.
func New() *Server {
	s := &Server{tokens: map[string]token{}, mux: http.NewServeMux(), lastID: 100}
	s.routes()
	return s
}

func (s *Server) routes() {
	for pattern, do := range map[string]handler{
		"GET /user": currentUser, "GET /personal_access_tokens/self": currentToken,
		"GET /personal_access_tokens": listTokens, "DELETE /personal_access_tokens/{token}": revokeToken,
		"GET /users": listUsers, "POST /users": createUser, "DELETE /users/{user}": deleteUser,
		"POST /users/{user}/block": setState("blocked"), "POST /users/{user}/unblock": setState("active"), "POST /users/{user}/activate": setState("active"),
		"GET /groups/{group}": getGroup, "POST /groups": createGroup, "DELETE /groups/{group}": deleteGroup, "POST /groups/{group}/restore": restoreGroup,
		"GET /groups/{group}/members/{user}": getMember(false), "GET /groups/{group}/members/all/{user}": getMember(true),
		"POST /groups/{group}/members": addMember, "PUT /groups/{group}/members/{user}": editMember, "DELETE /groups/{group}/members/{user}": removeMember,
		"GET /projects/{project}":                getProject,
		"GET /projects/{project}/members/{user}": getMember(false), "GET /projects/{project}/members/all/{user}": getMember(true),
		"POST /projects/{project}/members": addMember, "PUT /projects/{project}/members/{user}": editMember, "DELETE /projects/{project}/members/{user}": removeMember,
		"GET /projects/{project}/issues": listIssues, "POST /projects/{project}/issues": createIssue,
		"GET /projects/{project}/issues/{issue}": getIssue, "PUT /projects/{project}/issues/{issue}": editIssue,
		"GET /projects/{project}/issues/{issue}/notes": listNotes, "POST /projects/{project}/issues/{issue}/notes": createNote,
		"GET /projects/{project}/templates/issues": listTemplates, "GET /projects/{project}/templates/issues/{name}": getTemplate,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		s.mux.HandleFunc(method+" /api/v4"+path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, do) })
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { write(w, fail(http.StatusNotFound, "404 Not Found")) })
}

// handler answers one call while the server is locked.
type handler func(c *call) reply

// call is one request whose sender is known.
type call struct {
	*http.Request
	s    *Server
	user *User
	body map[string]any
	// wrote is set by what changes something.
	wrote bool
}

// reply is one answer.
type reply struct {
	status int
	body   any
	header http.Header
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request, do handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
	broken := s.nextFault(r)
	if broken != nil && !broken.after {
		broken.answer(w)
		return
	}
	answer := s.answer(r, do)
	if broken != nil {
		broken.answer(w)
		return
	}
	write(w, answer)
}

func (s *Server) answer(r *http.Request, do handler) reply {
	caller, refusal := s.authenticate(r)
	if refusal != nil {
		return *refusal
	}
	c := &call{Request: r, s: s, user: caller, body: map[string]any{}}
	if r.Method != http.MethodGet && r.ContentLength != 0 {
		if err := json.NewDecoder(r.Body).Decode(&c.body); err != nil {
			return reply{status: http.StatusBadRequest, body: map[string]any{"error": "The request body is not valid JSON"}}
		}
	}
	answer := do(c)
	if c.wrote {
		s.writes++
	}
	return answer
}

// authenticate finds who calls, by the headers that GitLab knows, and whether the token's scope is wide enough.
func (s *Server) authenticate(r *http.Request) (*User, *reply) {
	secret := r.Header.Get("PRIVATE-TOKEN")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && secret == "" {
		secret = bearer
	}
	found, known := s.tokens[secret]
	switch {
	case !known || found.user.State != "active":
		answer := fail(http.StatusUnauthorized, "401 Unauthorized")
		return nil, &answer
	case slices.Contains(found.scopes, "api"), strings.HasSuffix(r.URL.Path, "/personal_access_tokens/self"):
		return found.user, nil
	case r.Method == http.MethodGet && slices.Contains(found.scopes, "read_api"):
		return found.user, nil
	}
	return nil, &reply{status: http.StatusForbidden, body: map[string]any{
		"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token.", "scope": "api",
	}}
}

func write(w http.ResponseWriter, answer reply) {
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	if answer.status == http.StatusNoContent {
		w.WriteHeader(answer.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.status)
	_ = json.NewEncoder(w).Encode(answer.body) // the peer has gone, and nobody is left to tell
}

func (s *Server) id() int64 {
	s.lastID++
	return s.lastID
}

// stamp is how GitLab writes times.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
