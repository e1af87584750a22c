package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// FaultKind names a way in which Slack fails.
type FaultKind string

// Kinds of faults.
const (
	FaultStatus  FaultKind = "status"  // an HTTP status (503 unless Status says another), nothing is done
	FaultTimeout FaultKind = "timeout" // no answer until the client gives up, nothing is done
	FaultSlow    FaultKind = "slow"    // the work is done and answered after Delay
	FaultLost    FaultKind = "lost"    // the work is done, then the connection breaks without an answer
	FaultLimited FaultKind = "limited" // HTTP 429 with Retry-After of Delay, nothing is done
	FaultRefused FaultKind = "refused" // {"ok":false,"error":Code}, such as a workspace's own restricted_action
)

// Fault is a failure that the next Times calls of a method meet (once when zero). Delay belongs to FaultSlow and
// FaultLimited, Status to FaultStatus, Code to FaultRefused.
type Fault struct {
	Kind   FaultKind
	Times  int
	Status int
	Delay  time.Duration
	Code   string
}

// Fault makes a Web API method fail; "*" stands for any method. Several faults are met one after the other.
func (w *Workspace) Fault(method string, f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	w.faults[method] = append(w.faults[method], &f)
}

// takeFault takes the next fault that waits for the method, or nil.
func (w *Workspace) takeFault(method string) *Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.nextFault(method, "*")
}

// nextFault takes the first fault that waits under one of the keys.
func (w *Workspace) nextFault(keys ...string) *Fault {
	for _, key := range keys {
		waiting := w.faults[key]
		if len(waiting) == 0 {
			continue
		}
		f := waiting[0]
		f.Times--
		if f.Times == 0 {
			w.faults[key] = waiting[1:]
		}
		taken := *f
		return &taken
	}
	return nil
}

// before does what comes before the work, and reports whether that was all.
func (f *Fault) before(rw http.ResponseWriter, r *http.Request, closed <-chan struct{}) (done bool) {
	switch f.Kind {
	case FaultStatus:
		status := f.Status
		if status == 0 {
			status = http.StatusServiceUnavailable
		}
		http.Error(rw, http.StatusText(status), status)
		return true
	case FaultLimited:
		rw.Header().Set("Retry-After", strconv.Itoa(seconds(f.Delay)))
		http.Error(rw, `{"ok":false,"error":"ratelimited"}`, http.StatusTooManyRequests)
		return true
	case FaultRefused:
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(rw).Encode(refuse(f.Code).body()) // the client may be gone, which is its own affair
		return true
	case FaultTimeout:
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client is gone
		pause(24*time.Hour, r.Context().Done(), closed)
		hangUp(rw)
		return true
	case FaultLost, FaultTwice: // come after the work, or belong to envelopes
	case FaultSlow:
		pause(f.Delay, r.Context().Done(), closed)
	}
	return false
}

func pause(d time.Duration, request, closed <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-request:
	case <-closed:
	}
}

// hangUp breaks the connection without an answer.
func hangUp(rw http.ResponseWriter) {
	hijacker, ok := rw.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	if conn, _, err := hijacker.Hijack(); err == nil {
		_ = conn.Close() // breaking it is the purpose
	}
}
