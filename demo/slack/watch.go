package slack

// pageEvent says what changed, in the words of the page's API.
type pageEvent struct {
	Type    string `json:"type"`
	Channel string `json:"channel,omitempty"`
	Thread  string `json:"thread_ts,omitempty"`
	user    string // only this person's page needs to know; empty for everybody
}

// watcher is one open page. Its channel is bounded: a page that does not read loses its place and starts anew.
type watcher struct {
	user   string
	events chan pageEvent
}

// notify wakes everyone who waits for a change. The lock is held.
func (w *Workspace) notify(events ...pageEvent) {
	close(w.changed)
	w.changed = make(chan struct{})
	for watch := range w.watchers {
		for _, e := range events {
			if e.user != "" && e.user != watch.user {
				continue
			}
			select {
			case watch.events <- e:
			default:
				delete(w.watchers, watch)
				close(watch.events)
			}
			if !w.watchers[watch] {
				break
			}
		}
	}
}

func (w *Workspace) watch(user string) *watcher {
	w.mu.Lock()
	defer w.mu.Unlock()
	watch := &watcher{user: user, events: make(chan pageEvent, 256)}
	w.watchers[watch] = true
	return watch
}

func (w *Workspace) unwatch(watch *watcher) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.watchers, watch)
}
