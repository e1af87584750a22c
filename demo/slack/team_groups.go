package slack

import (
	"fmt"
	"slices"
)

// Usergroup describes a user group to add. Users are user ids.
type Usergroup struct {
	ID, Handle, Name, Description string
	Users                         []string
	Disabled                      bool
	IDP                           bool // kept by an identity provider, through SCIM
}

type usergroup struct {
	Usergroup
	created, updated int64
}

// AddUsergroup adds a user group and returns its id.
func (w *Workspace) AddUsergroup(g Usergroup) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if g.ID == "" {
		g.ID = w.newID("S")
	}
	if g.Name == "" {
		g.Name = g.Handle
	}
	now := w.clock.Now().Unix()
	w.groups[g.ID] = &usergroup{Usergroup: g, created: now, updated: now}
	w.groupIDs = append(w.groupIDs, g.ID)
	w.notify(pageEvent{Type: "users"})
	return g.ID
}

// Usergroup looks a user group up by id or handle. The list of users is a copy.
func (w *Workspace) Usergroup(key string) (Usergroup, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range w.groupIDs {
		if g := w.groups[id]; g.ID == key || g.Handle == key {
			found := g.Usergroup
			found.Users = slices.Clone(g.Users)
			return found, true
		}
	}
	return Usergroup{}, false
}

// SetUsergroupUsers replaces the members of a user group and tells the apps with subteam_members_changed.
func (w *Workspace) SetUsergroupUsers(id string, users ...string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := w.groups[id]
	if g == nil {
		return fmt.Errorf("change the user group %q: no such group", id)
	}
	w.setMembers(g, users)
	return nil
}

func (w *Workspace) setMembers(g *usergroup, users []string) {
	before := g.Users
	g.Users = slices.Clone(users)
	previous, now := g.updated, w.clock.Now().Unix()
	g.updated = now
	added := without(g.Users, before)
	removed := without(before, g.Users)
	w.raise("subteam_members_changed", map[string]any{
		"type": "subteam_members_changed", "subteam_id": g.ID, "team_id": w.team.ID,
		"date_previous_update": previous, "date_update": now,
		"added_users": added, "added_users_count": len(added),
		"removed_users": removed, "removed_users_count": len(removed), "event_ts": w.newTS(),
	}, "", nil)
	w.notify(pageEvent{Type: "users"})
}

// without returns what of the list is not among the others, never nil.
func without(list, others []string) []string {
	rest := []string{}
	for _, id := range list {
		if !slices.Contains(others, id) {
			rest = append(rest, id)
		}
	}
	return rest
}
