package slack

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	socketsMost   = 10
	frameMost     = 1 << 20
	debugLife     = 360 * time.Second // with debug_reconnects=true
	writePatience = 5 * time.Second
)

// socket is one open Socket Mode connection. Frames go out in the order in which they were queued.
type socket struct {
	app    *App
	conn   *websocket.Conn
	frames *frameSpy
	out    chan []byte
	quit   chan struct{} // closed when the connection is over
	once   sync.Once
	leave  bool // told to go: no envelope is sent here any more
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveSocket answers the URL that apps.connections.open gave out.
func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	app := w.admit(r.URL.Query().Get("ticket"))
	if app == nil {
		http.Error(rw, "the ticket is unknown, used or too old", http.StatusForbidden)
		return
	}
	spy := &spyingWriter{ResponseWriter: rw}
	conn, err := upgrader.Upgrade(spy, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s := &socket{app: app, conn: conn, frames: spy.spy, out: make(chan []byte, 1024), quit: make(chan struct{})}
	life := w.opts.SocketLife
	if r.URL.Query().Get("debug_reconnects") == "true" {
		life = debugLife
	}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		s.drop()
		return
	}
	w.spawn(func() { w.writeFrames(s) })
	w.enter(s, life)
	w.mu.Unlock()
	w.readFrames(s)
	w.exit(s)
}

// enter welcomes a socket, or shows it out again.
func (w *Workspace) enter(s *socket, life time.Duration) {
	switch {
	case s.app.linkDisabled:
		w.dismiss(s, "link_disabled")
		w.note(LevelError, "socket", "disconnect: link_disabled", "Socket Mode is switched off for this app", nil)
		return
	case len(s.app.sockets) >= socketsMost:
		w.dismiss(s, "too_many_websockets")
		w.note(LevelError, "socket", "disconnect: too_many_websockets", "an app may hold ten sockets", nil)
		return
	}
	s.app.sockets = append(s.app.sockets, s)
	s.app.everConnected = true
	s.send(map[string]any{
		"type": "hello", "num_connections": len(s.app.sockets),
		"connection_info": map[string]any{"app_id": s.app.ID},
		"debug_info": map[string]any{
			"host": "applink-local", "started": w.clock.Now().Format(time.RFC3339), "build_number": 10,
			"approximate_connection_time": int(life.Seconds()),
		},
	})
	w.note(LevelInfo, "socket", "connected", "", map[string]any{"connections": len(s.app.sockets)})
	w.notify(pageEvent{Type: "apps"})
	w.spawn(func() { w.recycleAfter(s, life) })
}

// exit forgets a socket whose connection is over.
func (w *Workspace) exit(s *socket) {
	s.drop()
	w.mu.Lock()
	defer w.mu.Unlock()
	before := len(s.app.sockets)
	s.app.sockets = slices.DeleteFunc(s.app.sockets, func(other *socket) bool { return other == s })
	if len(s.app.sockets) != before {
		w.note(LevelInfo, "socket", "closed", "", map[string]any{"connections": len(s.app.sockets)})
		w.notify(pageEvent{Type: "apps"})
	}
}

// send queues a frame. A client that reads too slowly for a thousand frames is dropped.
func (s *socket) send(frame any) {
	select {
	case s.out <- mustJSON(frame):
	default:
		s.drop()
	}
}

// drop ends the connection without a closing handshake.
func (s *socket) drop() {
	s.once.Do(func() {
		close(s.quit)
		_ = s.conn.Close() // the connection is over either way
	})
}
