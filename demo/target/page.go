package target

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"time"
)

//go:embed page
var pageFiles embed.FS

// keepAlive is how often a quiet stream says that it is there, so that no proxy closes it.
const keepAlive = 20 * time.Second

// policy lets the page load its own two files and its stream and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// picture is everything that the page shows.
type picture struct {
	Name    string       `json:"name"`
	Mode    Mode         `json:"mode"`
	Users   []shownUser  `json:"users"`
	Groups  []shownGroup `json:"groups"`
	History []entry      `json:"history"`
}

type shownUser struct {
	ID       string   `json:"id"`
	Email    string   `json:"email"`
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Active   bool     `json:"active"`
	Roles    []string `json:"roles"`
	Licenses []string `json:"licenses"`
	// Sessions is how many are open.
	Sessions int `json:"sessions"`
}

type shownGroup struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// page adds the routes of the page. All its addresses are relative, so that it can be served below a prefix.
func (t *Target) page(mux *http.ServeMux) {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	mux.Handle("/", secured(http.FileServerFS(files)))
	mux.Handle("GET /events", secured(http.HandlerFunc(t.stream)))
	mux.Handle("GET /sessions", secured(http.HandlerFunc(t.listSessions)))
	// Only the page itself may switch and sign in: another site's form or script is turned away.
	own := http.NewCrossOriginProtection()
	mux.Handle("POST /mode/{mode}", own.Handler(http.HandlerFunc(t.switchMode)))
	mux.Handle("POST /sessions/{email}", own.Handler(http.HandlerFunc(t.postSession)))
}

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

func (t *Target) switchMode(w http.ResponseWriter, r *http.Request) {
	if !t.SetMode(Mode(r.PathValue("mode"))) {
		http.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// stream sends the whole picture at once and after each change (server-sent events). A slow reader misses pictures in
// between, never the last one.
func (t *Target) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		changes := t.Changes()
		body, err := json.Marshal(t.picture())
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

func (t *Target) picture() picture {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := picture{
		Name: t.options.Name, Mode: t.mode,
		Users: []shownUser{}, Groups: []shownGroup{}, History: append([]entry{}, t.history...),
	}
	for _, row := range t.users.all() {
		u := t.view(row)
		p.Users = append(p.Users, shownUser{u.ID, u.Email, u.Name, u.Title, u.Active, u.Roles, u.Licenses, t.openSessions(row.id)})
	}
	for _, row := range t.groups.all() {
		p.Groups = append(p.Groups, shownGroup{row.id, row.data.text("displayName"), t.emails(row)})
	}
	return p
}
