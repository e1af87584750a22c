// Package web is what people and programs reach by HTTP: the pages behind the links in mails, and the addresses that
// receivers of webhooks call back. It also writes what mails say.
//
// A link's token is its only credential: whoever has it may look, and answer as the person whom it was sent to. It is
// therefore never logged, and the pages tell no other site where they are.
package web

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/usherhq/usher/flows"
)

const (
	// longestToken is far longer than any token that was given out.
	longestToken = 512
	// bodyWithin is how long the body of a call may take to arrive.
	bodyWithin = 10 * time.Second
)

// Links is what links lead to. It is implemented by flows.Flows.
type Links interface {
	// Question reads what a mail's link asks, and decides nothing.
	Question(ctx context.Context, token string) (flows.Question, error)
	// AnswerByLink records an answer and returns the question as it is then.
	AnswerByLink(ctx context.Context, token, value, comment string) (flows.Question, error)
	// Callback takes the answer of a webhook's receiver.
	Callback(ctx context.Context, token string, answer flows.CallbackAnswer) error
}

// Options are what a Web needs.
type Options struct {
	Links Links
	// Key is a secret that all processes of an installation share, at least 32 bytes. It marks the forms that pages hold.
	Key   []byte
	Clock func() time.Time
	Log   *slog.Logger
}

// Web serves the pages and the callbacks.
type Web struct {
	links     Links
	key       []byte
	clock     func() time.Time
	log       *slog.Logger
	addresses *limits
	tokens    *limits
}

// New makes a Web. The error says that the key is too short.
func New(o Options) (*Web, error) {
	if len(o.Key) < 32 {
		return nil, errors.New("the key for forms must have at least 32 bytes")
	}
	mac := hmac.New(sha256.New, o.Key) // of its own, so that no form's mark is a signature of anything else
	mac.Write([]byte("handlers/web form"))
	return &Web{
		links: o.Links, key: mac.Sum(nil), clock: o.Clock, log: o.Log,
		addresses: newLimits(20, 200), tokens: newLimits(1, 20),
	}, nil
}

// Register adds the routes /mail/{token} and /callbacks/{token}.
func (w *Web) Register(mux *http.ServeMux) {
	mux.Handle("/mail/{token}", w.guarded(w.mail, w.mailProblem))
	mux.Handle("/callbacks/{token}", w.guarded(w.callback, callbackProblem))
}

// guarded sets what all answers have, and turns away who calls too often. Problem draws an answer for one of them.
func (w *Web) guarded(serve http.HandlerFunc, problem func(http.ResponseWriter, int)) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		secure(out.Header())
		now, token := w.clock(), r.PathValue("token")
		switch {
		case !w.addresses.allow(caller(r), now):
			out.Header().Set("Retry-After", "1")
			problem(out, http.StatusTooManyRequests)
		case len(token) > longestToken:
			problem(out, http.StatusNotFound)
		case !w.tokens.allow(token, now):
			out.Header().Set("Retry-After", "5")
			problem(out, http.StatusTooManyRequests)
		default:
			// A test's recorder has no deadlines, and the server's own end a call too.
			_ = http.NewResponseController(out).SetReadDeadline(time.Now().Add(bodyWithin))
			serve(out, r)
		}
	})
}

// caller is who calls, as far as the network tells: an IPv4 address, or the /64 that one IPv6 household has.
func caller(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	network, _ := addr.Prefix(64) // 64 bits fit every IPv6 address
	return network.String()
}

// report logs what no person may read, and returns the reference under which the log has it.
func (w *Web) report(ctx context.Context, what string, err error) string {
	reference := rand.Text()[:8]
	w.log.ErrorContext(ctx, "link", "of", what, "reference", reference, "error", err)
	return reference
}
