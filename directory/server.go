// Package directory is the SCIM 2.0 server to which identity providers write (RFC 7643, RFC 7644): one service provider
// for each directory, at /scim/v2/{directory}.
//
// It refuses nothing for reasons of policy. What a directory writes is kept as it was written and can be read back at
// once; what it changes is put into a journal, and whether and when that takes effect is decided elsewhere. So an
// identity provider has never a reason to try the same again.
//
// What the protocol says is in directory/scim, what is kept in directory/mirror; here is HTTP.
package directory

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// Prefix is the path below which all directories are.
const Prefix = "/scim/v2/"

const (
	// bodyWithin is how long the body of a call may take to arrive.
	bodyWithin = time.Minute
	// patience is how long a call may take. Okta waits for a minute.
	patience = 50 * time.Second
	// takenWithin is how long a call may take until the caller has taken its whole answer.
	takenWithin = 3 * time.Minute
	// userLimit and groupLimit are how many bytes a body may have: a group's may name all of its members.
	userLimit  = 1 << 20
	groupLimit = 16 << 20
)

// Writer lets a directory write. It is implemented by flows.Flows.
type Writer interface {
	WriteDirectory(ctx context.Context, directoryID string, write func(ctx context.Context, j *flows.Journal) error) error
}

// Options are what a Server needs.
type Options struct {
	Writer Writer
	Store  bun.IDB
	Clock  func() time.Time
	Log    *slog.Logger
	// PublicURL is the address that others reach the server by, without a slash at its end. If it is empty, addresses
	// of resources begin with the host that was called.
	PublicURL string
}

// Server answers SCIM.
type Server struct {
	writer Writer
	store  bun.IDB
	clock  func() time.Time
	log    *slog.Logger
	public string
	limits *limits
}

// New makes a Server.
func New(o Options) *Server {
	return &Server{
		writer: o.Writer, store: o.Store, clock: o.Clock, log: o.Log,
		public: strings.TrimRight(o.PublicURL, "/"), limits: newLimits(callsASecond, callsAtOnce),
	}
}

// Register adds the route /scim/v2/.
func (s *Server) Register(mux *http.ServeMux) { mux.Handle(Prefix, s) }

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	// A test's recorder has no deadlines, and the server's own end a call too.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyWithin))
	_ = control.SetWriteDeadline(time.Now().Add(takenWithin))
	got, err := s.answer(ctx, w, r)
	var body []byte
	if err == nil {
		body, err = got.encoded()
	}
	if err != nil {
		got = s.refusal(ctx, err)
		body, _ = got.encoded() // texts alone, which can always be written
	}
	got.write(w, r.Method, body)
}

// call is one call that may be made: whose, and what it is about.
type call struct {
	*Server

	directory db.Directory
	request   *http.Request
	out       http.ResponseWriter
	base      string // address of the directory's endpoints
	path      []string
	query     url.Values
}

// answer finds out who calls and what is wanted. A panic is an error like others.
func (s *Server) answer(ctx context.Context, w http.ResponseWriter, r *http.Request) (got answer, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = panicked(cause)
		}
	}()
	slug, path, err := split(r.URL)
	if err != nil {
		return answer{}, err
	}
	c := &call{Server: s, request: r, out: w, path: path}
	if c.directory, err = s.admit(ctx, slug, r.Header.Get("Authorization")); err != nil {
		return answer{}, err
	}
	if c.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return answer{}, scim.InvalidSyntax("The query of the address is not written as it must be.")
	}
	c.base = s.address(r) + Prefix + c.directory.Slug
	return c.route(ctx)
}

// split takes the path apart: the directory's slug, and what is behind it.
func split(u *url.URL) (slug string, path []string, err error) {
	rest := strings.TrimPrefix(u.EscapedPath(), Prefix)
	for part := range strings.SplitSeq(strings.TrimSuffix(rest, "/"), "/") {
		part, err = url.PathUnescape(part)
		if err != nil {
			return "", nil, errNoEndpoint
		}
		path = append(path, part)
	}
	return path[0], path[1:], nil
}

// address is how others reach this server: as the operator says, or as this caller did.
func (s *Server) address(r *http.Request) string {
	switch {
	case s.public != "":
		return s.public
	case r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https":
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
