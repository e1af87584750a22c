package slack

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// routePage mounts what the page asks for, as page/API.md describes it.
func (w *Workspace) routePage(mux *http.ServeMux) {
	for path, read := range map[string]func(*http.Request, *User) (any, error){
		"snapshot": w.pageSnapshot, "messages": w.pageMessages, "views": w.pageViews,
		"home": w.pageHome,
	} {
		mux.HandleFunc("GET /_page/"+path, w.pageRead(read))
	}
	mux.HandleFunc("GET /_page/journal", w.pageJournal)
	mux.HandleFunc("GET /_page/stream", w.pageStream)
	for path, act := range map[string]func(*pageCall) (any, error){
		"say": w.pageSay, "action": w.pageAction, "suggest": w.pageSuggest, "input": w.pageInput,
		"submit": w.pageSubmit, "close": w.pageClose, "shortcut": w.pageShortcut, "home": w.pageOpenHome,
		"dm": w.pageDM, "join": w.pageJoin, "read": w.pageMarkRead, "advance": w.pageAdvance,
		"reload": w.pageReload,
	} {
		mux.HandleFunc("POST /_page/"+path, w.pageAct(act))
	}
}

// pageCall is the body of a call with which a person acts.
type pageCall struct {
	User      string `json:"user"`
	Channel   string `json:"channel"`
	ThreadTS  string `json:"thread_ts"`
	Text      string `json:"text"`
	Container struct {
		Type      string `json:"type"`
		Channel   string `json:"channel"`
		MessageTS string `json:"message_ts"`
		ViewID    string `json:"view_id"`
	} `json:"container"`
	BlockID    string          `json:"block_id"`
	ActionID   string          `json:"action_id"`
	Value      json.RawMessage `json:"value"`
	State      struct{ Values values }
	ViewID     string  `json:"view_id"`
	All        bool    `json:"all"`
	CallbackID string  `json:"callback_id"`
	AppID      string  `json:"app_id"`
	MessageTS  string  `json:"message_ts"`
	Tab        string  `json:"tab"`
	With       string  `json:"with"`
	TS         string  `json:"ts"`
	Seconds    float64 `json:"seconds"`

	who *User
}

func (p *pageCall) target() Target {
	return Target{Channel: p.Container.Channel, MessageTS: p.Container.MessageTS, ViewID: p.Container.ViewID}
}

var (
	errNobody = errors.New("choose who acts: there is no such person")
	errGone   = errors.New("this account is deactivated")
)

// pageRead answers a GET on behalf of a person: without a name the first one, as on a first visit.
func (w *Workspace) pageRead(read func(*http.Request, *User) (any, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		name := r.URL.Query().Get("user")
		u := w.findUser(name)
		if name == "" {
			u = w.firstPerson()
		}
		if u == nil {
			pageAnswer(rw, nil, errNobody)
			return
		}
		body, err := read(r, u)
		pageAnswer(rw, body, err)
	}
}

// firstPerson is who plays until somebody is chosen: the first who is no bot and not deactivated, if there is one.
func (w *Workspace) firstPerson() *User {
	for _, id := range w.userIDs {
		if u := w.users[id]; !u.Bot && !u.Deleted {
			return u
		}
	}
	return nil
}

// pageAct answers a POST. The lock is not held: the act takes it, and may have to wait for an app.
func (w *Workspace) pageAct(act func(*pageCall) (any, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var p pageCall
		if err := json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(&p); err != nil {
			pageAnswer(rw, nil, errors.New("the page sent something unreadable; reload it"))
			return
		}
		w.mu.Lock()
		p.who = w.findUser(p.User)
		gone := p.who != nil && p.who.Deleted
		w.mu.Unlock()
		switch {
		case p.who == nil && p.Seconds == 0:
			pageAnswer(rw, nil, errNobody)
			return
		case gone:
			pageAnswer(rw, nil, errGone)
			return
		}
		body, err := act(&p)
		pageAnswer(rw, body, err)
	}
}

func pageAnswer(rw http.ResponseWriter, body any, err error) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err != nil {
		rw.WriteHeader(http.StatusBadRequest)
		body = map[string]any{"error": err.Error()}
	}
	_ = json.NewEncoder(rw).Encode(body) // the browser may be gone, which is its own affair
}

// journalShown is how much of the journal a page gets.
const journalShown = 500

// pageJournal lists the journal, newest first.
func (w *Workspace) pageJournal(rw http.ResponseWriter, _ *http.Request) {
	entries := w.Journal()
	newest := make([]Entry, 0, len(entries))
	for i := len(entries) - 1; i >= 0 && len(newest) < journalShown; i-- {
		newest = append(newest, entries[i])
	}
	pageAnswer(rw, map[string]any{"entries": newest}, nil)
}
