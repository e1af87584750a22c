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

// reply carries out an app's answer.
func (w *Workspace) reply(hook *responseURL, p reply) error {
	if p.DeleteOriginal {
		return w.replyDelete(hook)
	}
	m, err := w.replyMessage(hook.app, p)
	if err != nil {
		return err
	}
	if p.ReplaceOriginal {
		return w.replyReplace(hook, m)
	}
	if p.ThreadTS != "" {
		if hook.channel.find(p.ThreadTS) == nil {
			return refuse("cannot_reply_to_message")
		}
		m.threadTS = p.ThreadTS
	}
	switch p.ResponseType {
	case "", "ephemeral":
		m.onlyFor = hook.user
	case "in_channel":
	default:
		return refuse("invalid_response_type")
	}
	w.append(hook.channel, m)
	if m.onlyFor == "" {
		w.raiseMessage(hook.channel, m)
	}
	return nil
}

func (w *Workspace) replyDelete(hook *responseURL) error {
	if hook.source == nil {
		return refuse("cant_delete_message")
	}
	w.remove(hook.channel, hook.source)
	return nil
}

func (w *Workspace) replyReplace(hook *responseURL, fresh *message) error {
	m := hook.source
	if m == nil {
		return refuse("cant_update_message")
	}
	if m.appID != hook.app.ID {
		return refuse("cant_update_message")
	}
	m.text, m.blocks, m.attachments = fresh.text, fresh.blocks, fresh.attachments
	m.edited = w.newTS()
	w.messageChanged(hook.channel, m)
	return nil
}

// replyMessage checks and builds the message of an answer.
func (w *Workspace) replyMessage(a *App, p reply) (*message, error) {
	m := &message{user: a.BotUser, botID: a.BotID, appID: a.ID, text: p.Text}
	fields := args{"blocks": p.Blocks, "attachments": p.Attachments}
	c := &call{app: a, args: fields}
	if err := w.draftBlocks(c, m); err != nil {
		return nil, err
	}
	if err := draftExtras(c, m); err != nil {
		return nil, err
	}
	if m.text == "" && len(m.blocks) == 0 && len(m.attachments) == 0 {
		return nil, refuse("no_text")
	}
	return m, nil
}
