package slack

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL lets an app answer where something happened, without being a member there.
type responseURL struct {
	app     *App
	user    string
	channel *channel
	source  *message // the message that was acted on; nil for commands
	issued  time.Time
	uses    int
}

// newResponseURL gives one out. The lock is held.
func (w *Workspace) newResponseURL(a *App, user string, ch *channel, source *message) string {
	for old, hook := range w.hooks {
		if w.clock.Now().Sub(hook.issued) > 2*responseLife {
			delete(w.hooks, old)
		}
	}
	key := secret(12)
	w.hooks[key] = &responseURL{app: a, user: user, channel: ch, source: source, issued: w.clock.Now()}
	return w.url + "/response/" + w.team.ID + "/" + key
}

// reply is what an app posts to a response URL, or answers to a slash command.
type reply struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     json.RawMessage `json:"attachments"`
	ResponseType    string          `json:"response_type"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	ThreadTS        string          `json:"thread_ts"`
}

// serveResponse answers POST /response/{team}/{key}.
func (w *Workspace) serveResponse(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		err = w.useResponse(w.hooks[r.PathValue("key")], body)
	}
	var no *refusal
	if errors.As(err, &no) {
		w.note(no.level(), "response_url", no.code, clip(string(body)), nil)
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
		rw.WriteHeader(no.status)
		_ = json.NewEncoder(rw).Encode(no.body()) // the client may be gone, which is its own affair
		return
	}
	w.note(LevelInfo, "response_url", "ok", "", json.RawMessage(body))
	_, _ = io.WriteString(rw, "ok") // the client may be gone, which is its own affair
}

func (w *Workspace) useResponse(hook *responseURL, body []byte) error {
	no := func(status int, code string) error {
		r := refuse(code)
		r.status = status
		return r
	}
	switch {
	case hook == nil:
		return no(http.StatusNotFound, "no_active_hooks")
	case w.clock.Now().Sub(hook.issued) > responseLife:
		return no(http.StatusNotFound, "expired_url")
	case hook.uses >= responseUses:
		return no(http.StatusNotFound, "used_url")
	}
	var p reply
	if json.Unmarshal(body, &p) != nil {
		return no(http.StatusBadRequest, "invalid_payload")
	}
	hook.uses++
	if err := w.reply(hook, p); err != nil {
		var r *refusal
		if errors.As(err, &r) {
			r.status = http.StatusOK
		}
		return err
	}
	return nil
}
