package slack

import (
	"errors"
	"net/http"
)

func (w *Workspace) pageMessages(r *http.Request, u *User) (any, error) {
	ch := w.channels[r.URL.Query().Get("channel")]
	if ch == nil || (ch.private() && !ch.has(u.ID)) {
		return nil, errors.New("you cannot see this channel")
	}
	found := w.seenMessages(u, ch, r.URL.Query().Get("thread_ts"))
	if found == nil {
		found = []Message{}
	}
	return map[string]any{"channel": ch.id, "messages": found}, nil
}

func (w *Workspace) pageViews(_ *http.Request, u *User) (any, error) {
	views := []map[string]any{}
	for _, v := range w.stack(u.ID) {
		views = append(views, w.viewJSON(v))
	}
	return map[string]any{"stack": views}, nil
}

// pageHome is what the app has published for the person; with several apps, "app_id" says which.
func (w *Workspace) pageHome(r *http.Request, u *User) (any, error) {
	for _, id := range w.appIDs {
		if key := r.URL.Query().Get("app_id"); key != "" && key != id {
			continue
		}
		if v := w.homes[id][u.ID]; v != nil {
			return map[string]any{"view": w.viewJSON(v)}, nil
		}
	}
	return map[string]any{"view": nil}, nil
}
