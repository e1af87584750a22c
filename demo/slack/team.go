package slack

import (
	"fmt"
)

// User describes a person or a bot. AddUser fills in what is empty: the id, the team and the names.
type User struct {
	ID, TeamID            string
	Name                  string // the handle, unique: "ana"
	RealName, DisplayName string
	Email, Title, TZ      string
	Avatar                string // a colour for the page, e.g. "#c0563f"
	Admin, Owner          bool
	PrimaryOwner          bool // the one owner whom the Admin API does not touch
	Restricted            bool // a multi-channel guest
	UltraRestricted       bool // a single-channel guest
	Stranger              bool // of another team, through Slack Connect
	Deleted, Bot          bool
	botID, appID, locale  string
	updated               int64
}

// Channel describes a channel to add. Members are user ids.
type Channel struct {
	ID, Name, Topic, Purpose string
	Private, Archived        bool
	Members                  []string
}

var avatars = []string{"#c0563f", "#2f6f8f", "#5b7d3a", "#8a4f9e", "#b0802a", "#3f6fc0", "#a03f6a", "#3a7d6f"}

// AddUser adds a person and makes them a member of #general, guests and strangers excepted. It returns the
// person as stored. Apps that follow team_join are told.
func (w *Workspace) AddUser(u User) User {
	w.mu.Lock()
	defer w.mu.Unlock()
	stored := w.addUser(u)
	if !stored.Restricted && !stored.UltraRestricted && !stored.Stranger {
		for _, id := range w.channelID {
			if c := w.channels[id]; c.general {
				c.add(stored.ID)
			}
		}
	}
	w.raise("team_join", map[string]any{"type": "team_join", "user": w.userJSON(stored, true)}, "", nil)
	w.notify(pageEvent{Type: "users"}, pageEvent{Type: "channels"})
	return *stored
}

func (w *Workspace) addUser(u User) *User {
	if u.ID == "" {
		u.ID = w.newID("U")
	}
	if u.TeamID == "" {
		u.TeamID = w.team.ID
		if u.Stranger {
			u.TeamID = w.newID("T")
		}
	}
	if u.RealName == "" {
		u.RealName = u.Name
	}
	if u.Name == "" {
		u.Name = slug(u.RealName)
	}
	if u.DisplayName == "" {
		u.DisplayName = u.Name
	}
	if u.TZ == "" {
		u.TZ = "Etc/UTC"
	}
	if u.Avatar == "" {
		u.Avatar = avatars[len(w.userIDs)%len(avatars)]
	}
	u.locale, u.updated = "en-US", w.clock.Now().Unix()
	w.users[u.ID] = &u
	w.userIDs = append(w.userIDs, u.ID)
	return &u
}

// User looks a person up by id, name or e-mail.
func (w *Workspace) User(key string) (User, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.findUser(key)
	if u == nil {
		return User{}, false
	}
	return *u, true
}

// People are all who have an account here, without bots and apps.
func (w *Workspace) People() []User {
	w.mu.Lock()
	defer w.mu.Unlock()
	var people []User
	for _, id := range w.userIDs {
		if u := w.users[id]; !u.Bot && !u.Deleted && !u.Stranger {
			people = append(people, *u)
		}
	}
	return people
}

func (w *Workspace) findUser(key string) *User {
	if u := w.users[key]; u != nil {
		return u
	}
	for _, id := range w.userIDs {
		if u := w.users[id]; key != "" && (u.Name == key || u.Email == key) {
			return u
		}
	}
	return nil
}

// ChangeUser edits a person (deactivates, makes a guest, moves to another team) and tells the apps with
// user_change.
func (w *Workspace) ChangeUser(key string, change func(*User)) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.findUser(key)
	if u == nil {
		return fmt.Errorf("change the user %q: no such user", key)
	}
	id := u.ID
	change(u)
	u.ID = id
	if u.Stranger && u.TeamID == w.team.ID {
		u.TeamID = w.newID("T")
	}
	w.userChanged(u)
	return nil
}

// userChanged tells apps and pages; somebody who was deactivated is signed out.
func (w *Workspace) userChanged(u *User) {
	u.updated = w.clock.Now().Unix()
	if u.Deleted {
		delete(w.sessions, u.ID)
	}
	w.raise("user_change", map[string]any{
		"type": "user_change", "user": w.userJSON(u, true),
		"cache_ts": u.updated, "event_ts": w.newTS(),
	}, "", nil)
	w.notify(pageEvent{Type: "users"})
}

// AddChannel adds a channel and returns its id.
func (w *Workspace) AddChannel(c Channel) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	added := w.addChannel(c)
	w.notify(pageEvent{Type: "channels"})
	return added.id
}
