package workos

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

const (
	// largestWebhook bounds the body of a webhook, in bytes. One event holds a person with all his attributes.
	largestWebhook = 1 << 20
	// bodyWithin is how long the body of a webhook may take to arrive.
	bodyWithin = 10 * time.Second
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
}

// NewWebhook makes a Webhook. Signatures are as old as the machine's clock says, not the one that people live in.
func NewWebhook(o Options) *Webhook {
	return &Webhook{waker: o.Flows, store: o.Store, secret: o.Secret, clock: time.Now, log: o.Log}
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
	all, err := db.Directories(ctx, h.store)
	if err != nil {
		return false, err
	}
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
		if err := Verify(header, body, secret, h.clock()); err != nil {
			h.log.DebugContext(ctx, "webhook of WorkOS", "directory", directory.Slug, "error", err)
			continue
		}
		if err := h.waker.WakeDirectory(ctx, directory.ID); err != nil {
			return false, err
		}
		woken = true
	}
	return woken, nil
}

// answer says as much as whoever calls has to know.
func answer(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}
