package workos

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/time/rate"

	"github.com/usherhq/usher/db"
)

const (
	// largestWebhook bounds the body of a webhook, in bytes. One event holds a person with all his attributes.
	largestWebhook = 1 << 20
	// bodyWithin is how long the body of a webhook may take to arrive.
	bodyWithin = 10 * time.Second
	// hooksASecond and hooksAtOnce are how many webhooks are looked at. Whoever sends more waits; since a webhook only
	// wakes, one of many is enough.
	hooksASecond = 50
	hooksAtOnce  = 200
	// knownFor is how long it is not read again which directories there are, and unknownFor how long not after a webhook
	// that is of none of them: however many of these come, the database is asked once a second.
	knownFor   = time.Minute
	unknownFor = time.Second
)

// Waker has a directory read soon. It is implemented by flows.Flows.
type Waker interface {
	WakeDirectory(ctx context.Context, directoryID string) error
}

// Webhook takes WorkOS's webhooks at POST /webhooks/workos. It wakes the reading of the directory whose secret signed
// one, and does not look at what it says: webhooks come late, twice, in any order and from whoever has the secret.
type Webhook struct {
	waker  Waker
	store  bun.IDB
	secret func(string) (string, error)
	clock  func() time.Time
	log    *slog.Logger
	pace   *rate.Limiter

	mu    sync.Mutex
	known []signer  // as they were read last
	read  time.Time // when that was
}

// signer is a directory whose secret signs webhooks.
type signer struct{ id, slug, secret string }

// NewWebhook makes a Webhook. Signatures are as old as the machine's clock says, not the one that people live in.
func NewWebhook(o Options) *Webhook {
	return &Webhook{
		waker: o.Flows, store: o.Store, secret: o.Secret, clock: time.Now, log: o.Log, pace: rate.NewLimiter(hooksASecond, hooksAtOnce),
	}
}

// ServeHTTP takes one webhook.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		answer(w, http.StatusMethodNotAllowed)
		return
	}
	if stamp, signatures := readSignature(r.Header.Get(SignatureHeader)); stamp == "" || len(signatures) == 0 {
		answer(w, http.StatusUnauthorized)
		return
	}
	if !h.pace.AllowN(h.clock(), 1) {
		w.Header().Set("Retry-After", "1")
		answer(w, http.StatusTooManyRequests)
		return
	}
	// A test's recorder has no deadlines, and the server's own end a call too.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyWithin))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestWebhook))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		answer(w, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		answer(w, http.StatusBadRequest)
		return
	}
	woken, err := h.wake(r.Context(), r.Header.Get(SignatureHeader), body)
	switch {
	case err != nil: // WorkOS sends it again
		h.log.ErrorContext(r.Context(), "webhook of WorkOS", "error", err)
		answer(w, http.StatusServiceUnavailable)
	case !woken:
		answer(w, http.StatusUnauthorized)
	default:
		answer(w, http.StatusOK)
	}
}

// wake wakes each directory whose secret signed the body.
func (h *Webhook) wake(ctx context.Context, header string, body []byte) (woken bool, err error) {
	now := h.clock()
	for _, age := range []time.Duration{knownFor, unknownFor} {
		signers, err := h.signers(ctx, now, age)
		if err != nil {
			return false, err
		}
		for _, one := range signers {
			if err := Verify(header, body, one.secret, now); err != nil {
				h.log.DebugContext(ctx, "webhook of WorkOS", "directory", one.slug, "error", err)
				continue
			}
			if err := h.waker.WakeDirectory(ctx, one.id); err != nil {
				return false, err
			}
			woken = true
		}
		if woken {
			break
		}
	}
	return woken, nil
}

// signers are the directories whose secrets sign webhooks, as they were at most so long ago.
func (h *Webhook) signers(ctx context.Context, now time.Time, age time.Duration) ([]signer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if since := now.Sub(h.read); !h.read.IsZero() && since >= 0 && since < age {
		return h.known, nil
	}
	all, err := db.Directories(ctx, h.store)
	if err != nil {
		return nil, err
	}
	h.known, h.read = nil, now
	for _, directory := range all {
		reference := directory.Settings.WorkOS.WebhookSecret
		if directory.Kind != db.WorkOSDirectory || !directory.Active || reference == "" {
			continue
		}
		secret, err := h.secret(reference)
		if err != nil {
			h.log.ErrorContext(ctx, "secret of a webhook", "directory", directory.Slug, "error", err)
			continue
		}
		h.known = append(h.known, signer{id: directory.ID, slug: directory.Slug, secret: secret})
	}
	return h.known, nil
}

// answer says as much as whoever calls has to know.
func answer(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}
