package workostest

import (
	"net/http"
	"strings"
)

// Fault is what the server does instead of answering.
type Fault struct {
	Path       string // the calls whose path begins so; "" is all
	Times      int    // how many calls; 0 is one
	Skip       int    // how many calls are answered before
	Status     int    // answers so, for example 429
	RetryAfter string // the header of that name
	Body       string // instead of WorkOS's own
	Hang       bool   // does not answer until the caller goes
	Cut        bool   // ends the connection in the middle of the answer
}

// Fail makes coming calls fail.
func (s *Server) Fail(fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault.Times = max(fault.Times, 1)
	s.faults = append(s.faults, fault)
}

// takeFault is the fault of a call. The lock is held.
func (s *Server) takeFault(path string) (Fault, bool) {
	for i := range s.faults {
		fault := &s.faults[i]
		switch {
		case !strings.HasPrefix(path, fault.Path) || fault.Times == 0:
		case fault.Skip > 0:
			fault.Skip--
		default:
			fault.Times--
			return *fault, true
		}
	}
	return Fault{}, false
}

func (f Fault) answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case f.Hang:
		<-r.Context().Done()
		return
	case f.Cut:
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte(`{"object":"list","data":[`))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	body := f.Body
	if body == "" {
		body = `{"message":"` + http.StatusText(f.Status) + `"}`
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Status)
	_, _ = w.Write([]byte(body))
}
