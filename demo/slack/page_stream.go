package slack

import (
	"net/http"
	"time"
)

const streamBeat = 15 * time.Second

// pageStream sends what changes as server-sent events, until the page goes away.
func (w *Workspace) pageStream(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(rw)
	watch := w.watch(r.URL.Query().Get("user"))
	defer w.unwatch(watch)
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	line := []byte(": here\n\n")
	for {
		if _, err := rw.Write(line); err != nil {
			return
		}
		if out.Flush() != nil {
			return
		}
		select {
		case e, open := <-watch.events:
			if !open {
				return
			}
			line = append(append([]byte("data: "), mustJSON(e)...), "\n\n"...)
		case <-beat.C:
			line = []byte(": here\n\n")
		case <-r.Context().Done():
			return
		case <-w.ctx.Done():
			return
		}
	}
}
