// Package page serves the web page of the local workspace: plain HTML, CSS and ES modules, embedded in the
// binary, without a build step and without anything from another host. It holds no state and knows nothing of
// the workspace; the page in the browser talks to the server by the calls that API.md lists, below /_page/.
package page

import (
	"embed"
	"io/fs"
	"net/http"
)

// contentSecurityPolicy lets the page load its own files and call its own server, and nothing else. Pictures of
// other hosts are refused too: the workspace works without a network, and a message must not make the reader's
// browser call somebody.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// caching lets a browser keep the page's many small files for a minute: opening the page anew then costs it a tenth. The page
// itself is always asked for. Whoever has just put another version in place sees its files a minute later.
func caching(path string) string {
	if path == "/" {
		return "no-cache"
	}
	return "max-age=60"
}

//go:embed static
var files embed.FS

// Handler serves the page at / and its files below /css/ and /js/. It answers GET and HEAD only; any other path is
// 404. Mount it under the root, beside the workspace's own /_page/ calls.
func Handler() http.Handler {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the folder is compiled in: only a renamed folder gets here
	}
	serve := http.FileServerFS(static)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the page is only read", http.StatusMethodNotAllowed)
			return
		}
		header := w.Header()
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", caching(r.URL.Path))
		serve.ServeHTTP(w, r)
	})
}
