package idp

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"slices"

	"github.com/usherhq/usher/demo/live"
)

//go:embed page
var pageFiles embed.FS

// maxBody is more bytes than any change needs.
const maxBody = 1 << 16

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
	mux.Handle("/", live.Secured(http.FileServerFS(files)))
	mux.Handle("GET /events", live.Secured(live.Stream(p.picture)))
	// Only the page itself may change something: another site's form or script is turned away.
	mux.Handle("POST /changes", http.NewCrossOriginProtection().Handler(live.Secured(http.HandlerFunc(p.do))))
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
