package target

import (
	"net/http"
	"time"
)

// Mode is how the SCIM side behaves. A person switches it on the page.
type Mode string

// The modes.
const (
	// Online answers as usual.
	Online Mode = "online"
	// Offline answers every SCIM request with 503.
	Offline Mode = "offline"
	// ReadOnly answers reads and refuses every change with 403.
	ReadOnly Mode = "readonly"
)

// SetMode switches the SCIM side. It reports whether there is such a mode.
func (t *Target) SetMode(mode Mode) bool {
	words, ok := map[Mode]string{
		Online: "Back online", Offline: "Switched offline: every call is answered with 503",
		ReadOnly: "Switched to read only: changes are refused with 403",
	}[mode]
	if !ok {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mode != mode {
		t.mode = mode
		t.remember("switch", words)
		t.announce()
	}
	return true
}

// Fail lets the next n SCIM requests fail with an HTTP status, before they do anything.
func (t *Target) Fail(n, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures, t.failWith = n, status
}

// admit lets a request in, or says why not.
func (t *Target) admit(r *http.Request) *scimError {
	if t.options.Delay > 0 {
		timer := time.NewTimer(t.options.Delay)
		defer timer.Stop()
		select {
		case <-r.Context().Done():
		case <-timer.C:
		}
	}
	if !t.authorized(r) {
		return &scimError{http.StatusUnauthorized, "", "A valid bearer token is needed"}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests++
	switch {
	case t.failures > 0:
		t.failures--
		return &scimError{t.failWith, "", "This failure was asked for"}
	case t.mode == Offline:
		return &scimError{http.StatusServiceUnavailable, "", t.options.Name + " is offline: switch it on again on its page"}
	case t.mode == ReadOnly && r.Method != http.MethodGet:
		return &scimError{http.StatusForbidden, "", t.options.Name + " is read only: switch it on again on its page"}
	}
	return nil
}
