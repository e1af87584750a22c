package target

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/usherhq/usher/demo/live"
)

//go:embed page
var pageFiles embed.FS

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
	mux.Handle("/", live.Secured(http.FileServerFS(files)))
	mux.Handle("GET /events", live.Secured(live.Stream(t.see)))
	mux.Handle("GET /sessions", live.Secured(http.HandlerFunc(t.listSessions)))
	// Only the page itself may switch and sign in: another site's form or script is turned away.
	own := http.NewCrossOriginProtection()
	mux.Handle("POST /mode/{mode}", own.Handler(http.HandlerFunc(t.switchMode)))
	mux.Handle("POST /sessions/{email}", own.Handler(http.HandlerFunc(t.postSession)))
}

func (t *Target) switchMode(w http.ResponseWriter, r *http.Request) {
	if !t.SetMode(Mode(r.PathValue("mode"))) {
		http.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// see is what there is to see now, and what is closed when there is something else to see.
func (t *Target) see() (picture, <-chan struct{}) {
	changes := t.Changes()
	return t.picture(), changes
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
