package slack

import (
	"net/http"

	"github.com/usherhq/usher/demo/slack/page"
)

// Handler serves the whole workspace: the Web API below /api/, SCIM below /scim/v2/, the socket, response URLs, files, what the page
// asks for below /_page/, and the page itself at /.
func (w *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveAPI)
	mux.HandleFunc("/scim/v2/{kind}", w.serveSCIM)
	mux.HandleFunc("/scim/v2/{kind}/{id}", w.serveSCIM)
	mux.HandleFunc("GET /link/", w.serveSocket)
	mux.HandleFunc("POST /response/{team}/{key}", w.serveResponse)
	mux.HandleFunc("POST /files/upload/{file}/{key}", w.serveUpload)
	mux.HandleFunc("GET /files/{file}", w.serveFile)
	w.routePage(mux)
	mux.Handle("/", page.Handler())
	return w.learnURL(mux)
}

// learnURL takes the workspace's URL from the first request when nobody has told it.
func (w *Workspace) learnURL(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		if w.url == "" {
			w.url = "http://" + r.Host
		}
		w.mu.Unlock()
		next.ServeHTTP(rw, r)
	})
}
