package slack

import "time"

// recycleAfter ends a socket's life as Slack does every few hours: a warning, then the request to reconnect.
func (w *Workspace) recycleAfter(s *socket, life time.Duration) {
	lead := min(w.opts.RecycleLead, life)
	if !s.rest(life - lead) {
		return
	}
	w.warn(s)
	if !s.rest(lead) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dismiss(s, "refresh_requested")
}

// rest waits, and reports false when the connection ends meanwhile.
func (s *socket) rest(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.quit:
		return false
	}
}

func (w *Workspace) warn(s *socket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.send(disconnect("warning"))
	w.note(LevelInfo, "socket", "disconnect: warning", "", nil)
}

// dismiss tells a socket why it must go, then closes it in order. No further envelope is sent there.
func (w *Workspace) dismiss(s *socket, reason string) {
	if s.leave {
		return
	}
	s.leave = true
	s.send(disconnect(reason))
	select {
	case s.out <- nil:
	default:
		s.drop()
	}
	w.note(LevelInfo, "socket", "disconnect: "+reason, "", nil)
}

func disconnect(reason string) map[string]any {
	return map[string]any{
		"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-local"},
	}
}

// Recycle asks every present socket of the app to reconnect now, without a warning, which Slack does not always
// send either.
func (w *Workspace) Recycle(appID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.socketsOf(appID) {
		w.dismiss(s, "refresh_requested")
	}
}

// RecycleWithWarning warns every present socket of the app and closes it after the lead time (10 s by default).
func (w *Workspace) RecycleWithWarning(appID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.socketsOf(appID) {
		w.spawn(func() { w.recycleAfter(s, w.opts.RecycleLead) })
	}
}

// DropSockets breaks the app's connections without a word, as a network does. Clients see an abnormal end (1006).
func (w *Workspace) DropSockets(appID string) {
	w.mu.Lock()
	sockets := w.socketsOf(appID)
	w.mu.Unlock()
	for _, s := range sockets {
		s.drop()
	}
}

// SetSocketMode switches Socket Mode on or off in the app's settings. Off sends link_disabled to its sockets and
// to everyone who connects later.
func (w *Workspace) SetSocketMode(appID string, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.apps[appID]; a != nil {
		a.linkDisabled = !on
		if !on {
			for _, s := range w.socketsOf(appID) {
				w.dismiss(s, "link_disabled")
			}
		}
	}
}

func (w *Workspace) socketsOf(appID string) []*socket {
	if a := w.apps[appID]; a != nil {
		return append([]*socket(nil), a.sockets...)
	}
	return nil
}

func (w *Workspace) allSockets() []*socket {
	var all []*socket
	for _, id := range w.appIDs {
		all = append(all, w.socketsOf(id)...)
	}
	return all
}
