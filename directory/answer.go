package directory

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
)

// media is SCIM's content type, without a charset: clients compare it with this text (RFC 7644 section 8.1).
const media = "application/scim+json"

// answer is what a call gets. Body is a SCIM message, nil is none.
type answer struct {
	status int
	body   scim.Resource
	header http.Header
}

// refused is a refusal with headers.
type refused struct {
	error

	header http.Header
}

func (r refused) Unwrap() error { return r.error }

var (
	errNoToken = refused{
		error: &scim.Error{
			Status: http.StatusUnauthorized,
			Detail: "The token is missing, wrong, or does not hold any more. Give the one that `usher directory token` shows, as a bearer token.",
		},
		header: http.Header{"Www-Authenticate": {`Bearer realm="Usher"`}},
	}
	errNoEndpoint = &scim.Error{Status: http.StatusNotFound, Detail: "There is nothing at this address."}
	errTooLarge   = &scim.Error{Status: http.StatusRequestEntityTooLarge, Detail: "The body is larger than is taken here."}
	errStale      = &scim.Error{Status: http.StatusPreconditionFailed, Detail: "The resource has another version by now. Read it again."}
	errMedia      = &scim.Error{Status: http.StatusUnsupportedMediaType, Detail: "The body must be " + media + " or application/json."}
)

func notAllowed(methods []string) error {
	return refused{
		error:  &scim.Error{Status: http.StatusMethodNotAllowed, Detail: "This address takes only " + strings.Join(methods, ", ") + "."},
		header: http.Header{"Allow": {strings.Join(methods, ", ")}},
	}
}

func notImplemented(what string) error {
	return &scim.Error{Status: http.StatusNotImplemented, Detail: what + " is not supported, as ServiceProviderConfig says."}
}

// panicError is what is known of a panic: nothing that somebody sent.
type panicError struct {
	kind  string
	stack []byte
}

func (p panicError) Error() string { return "panic: " + p.kind + "\n" + string(p.stack) }

func panicked(cause any) error {
	kind := fmt.Sprintf("%T", cause)
	var own runtime.Error
	if err, ok := cause.(error); ok && errors.As(err, &own) {
		kind = own.Error()
	}
	return panicError{kind: kind, stack: debug.Stack()}
}

// refusal turns an error into what the caller reads. What he may not read is in the log, under a reference.
func (s *Server) refusal(ctx context.Context, err error) answer {
	var with refused
	var plain *scim.Error
	var large *http.MaxBytesError
	var nobody mirror.UnknownMemberError
	switch {
	case errors.As(err, &plain):
		errors.As(err, &with)
		return answer{status: plain.Status, body: plain.Body(), header: with.header}
	case errors.As(err, &large):
		return answer{status: errTooLarge.Status, body: errTooLarge.Body()}
	case errors.Is(err, mirror.ErrTaken):
		return s.refusal(ctx, scim.Uniqueness("Another one of the directory has this name already."))
	case errors.As(err, &nobody) && strings.HasPrefix(nobody.ID, "dgr_"):
		return s.refusal(ctx, scim.InvalidValue("%.80q is a group, and only users can be members. Name those who are in it.", nobody.ID))
	case errors.As(err, &nobody):
		return s.refusal(ctx, scim.InvalidValue("%.80q is to be a member and is no user of the directory. Create the user first.", nobody.ID))
	}
	reference := rand.Text()[:8]
	s.log.ErrorContext(ctx, "scim", "reference", reference, "error", err)
	problem := &scim.Error{
		Status: http.StatusInternalServerError,
		Detail: "Something went wrong here, and nothing was changed. The operator finds it in the log under " + reference + ".",
	}
	if errors.Is(err, context.DeadlineExceeded) {
		problem.Status = http.StatusServiceUnavailable
	}
	return answer{status: problem.Status, body: problem.Body()}
}

// encoded is the body as it is sent, or nothing.
func (a answer) encoded() ([]byte, error) {
	if a.body == nil {
		return nil, nil
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(a.body); err != nil {
		return nil, fmt.Errorf("write an answer: %w", err)
	}
	return body.Bytes(), nil
}

// write sends the answer with its encoded body.
func (a answer) write(w http.ResponseWriter, method string, body []byte) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	for name, values := range a.header {
		header[name] = values
	}
	if len(body) > 0 {
		header.Set("Content-Type", media)
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	if method != http.MethodHead {
		w.Write(body) //nolint:gosec // JSON that says so, and that browsers are told not to take for anything else
	}
}
