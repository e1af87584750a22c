package idp

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"time"
)

//go:embed page
var pageFiles embed.FS

const (
	// keepAlive is how often a quiet stream says that it is there, so that no proxy closes it.
	keepAlive = 20 * time.Second
	// maxBody is more bytes than any change needs.
	maxBody = 1 << 16
	// policy lets the page load its own files and its stream and nothing else.
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// picture is everything that the page shows.
type picture struct {
	Name    string   `json:"name"`
	Address string   `json:"address"` // to which is pushed; empty: nowhere yet
	Waiting int      `json:"waiting"` // tasks that are not pushed yet
	People  []Person `json:"people"`
	Groups  []Group  `json:"groups"`
	History []entry  `json:"history"`
}

// page adds the routes of the page. All its addresses are relative, so that it can be served below a prefix.
func (p *Provider) page(mux *http.ServeMux) {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	mux.Handle("/", secured(http.FileServerFS(files)))
	mux.Handle("GET /events", secured(http.HandlerFunc(p.stream)))
	// Only the page itself may change something: another site's form or script is turned away.
	mux.Handle("POST /changes", http.NewCrossOriginProtection().Handler(secured(http.HandlerFunc(p.do))))
}

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// do makes the change that the body names.
func (p *Provider) do(w http.ResponseWriter, r *http.Request) {
	var c Change
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&c); err != nil {
		http.Error(w, "This is no change.", http.StatusBadRequest)
		return
	}
	if err := p.Do(c); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// stream sends the whole picture at once and after each change (server-sent events). A slow reader misses pictures in
// between, never the last one.
func (p *Provider) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		shown, changes := p.picture()
		body, err := json.Marshal(shown)
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", body); err != nil {
			return
		}
		if !flushUntil(w, r, changes, alive.C) {
			return
		}
	}
}

// flushUntil sends what is written and waits for a change. It reports false when the reader is gone.
func flushUntil(w http.ResponseWriter, r *http.Request, changes <-chan struct{}, alive <-chan time.Time) bool {
	for {
		if http.NewResponseController(w).Flush() != nil {
			return false
		}
		select {
		case <-r.Context().Done():
			return false
		case <-changes:
			return true
		case <-alive:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return false
			}
		}
	}
}

// picture is what there is to see now, and what is closed when there is something else to see.
func (p *Provider) picture() (picture, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	shown := picture{
		Name: p.options.Name, Address: p.client.connected(), Waiting: len(p.queue),
		People: append([]Person{}, p.people...), Groups: []Group{}, History: append([]entry{}, p.history...),
	}
	for _, group := range p.groups {
		shown.Groups = append(shown.Groups, Group{Name: group.Name, Members: append([]string{}, slices.Sorted(slices.Values(group.Members))...)})
	}
	return shown, p.changed
}
