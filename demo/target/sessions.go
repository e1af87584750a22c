package target

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxSessions is how many sessions are remembered, open ones and ended ones.
const maxSessions = 1000

// Session is one sign-in of a person. SCIM knows nothing of it: it ends by itself when the account is disabled or deleted,
// as it should at every system. Times are UTC; Ended is zero while it is open.
type Session struct {
	ID      string    `json:"id"`
	Email   string    `json:"email"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`

	account string
}

// SignIn opens a session, and reports false for somebody without an account that can be used.
func (t *Target) SignIn(email string) (Session, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	row := t.users.named(email)
	if row == nil || !row.active() {
		return Session{}, false
	}
	s := Session{ID: newID(), Email: row.data.text("userName"), Started: t.now(), account: row.id}
	t.sessions = append(t.sessions, s)
	t.sessions = t.sessions[max(0, len(t.sessions)-maxSessions):]
	t.remember("in", row.shownName()+" signed in")
	t.announce()
	return s, true
}

// Sessions lists a person's sessions, the oldest first and the ended ones among them. The e-mail address is the one of
// the sign-in.
func (t *Target) Sessions(email string) []Session {
	return slices.DeleteFunc(t.allSessions(), func(s Session) bool { return !strings.EqualFold(s.Email, email) })
}

func (t *Target) allSessions() []Session {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Session{}, t.sessions...)
}

// closeSessions ends the sessions of accounts that are gone or can no longer be used. The lock is held.
func (t *Target) closeSessions() {
	for i := range t.sessions {
		s := &t.sessions[i]
		row := t.users.byID[s.account]
		if !s.Ended.IsZero() || row != nil && row.active() {
			continue
		}
		s.Ended = t.now()
		t.remember("out", "A session of "+s.Email+" ended")
	}
}

// openSessions counts. The lock is held.
func (t *Target) openSessions(account string) int {
	open := 0
	for _, s := range t.sessions {
		if s.account == account && s.Ended.IsZero() {
			open++
		}
	}
	return open
}

func (t *Target) listSessions(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"sessions": t.allSessions()})
}

func (t *Target) postSession(w http.ResponseWriter, r *http.Request) {
	session, ok := t.SignIn(r.PathValue("email"))
	if !ok {
		replyError(w, &scimError{http.StatusForbidden, "", "There is no account that can be used"})
		return
	}
	reply(w, http.StatusCreated, session)
}
