package gitlabtest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Writes counts the changes that were made.
func (s *Server) Writes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// Requests lists what was asked, as method and address.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Issues copies the issues of a project, the oldest first.
func (s *Server) Issues(project string) []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Issue
	for _, issue := range s.project(project).Issues {
		copied := *issue
		copied.Labels, copied.Assignees, copied.Notes = slices.Clone(issue.Labels), slices.Clone(issue.Assignees), slices.Clone(issue.Notes)
		all = append(all, copied)
	}
	return all
}

// User finds an account by its user name.
func (s *Server) User(username string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.users {
		if u.Username == username {
			return *u, true
		}
	}
	return User{}, false
}

// Members copies the direct members of a group or project, by user name.
func (s *Server) Members(path string) map[string]Member {
	s.mu.Lock()
	defer s.mu.Unlock()
	var direct map[int64]Member
	if g := s.group(path); g != nil {
		direct = g.Members
	} else if p := s.project(path); p != nil {
		direct = p.Members
	}
	named := map[string]Member{}
	for _, id := range slices.Sorted(maps.Keys(direct)) {
		named[s.user(id).Username] = direct[id]
	}
	return named
}

// SetMember changes what somebody holds directly in a group or project, as an owner does in the browser; level 0 ends
// it.
func (s *Server) SetMember(path, username string, m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	direct := map[int64]Member{}
	if g := s.group(path); g != nil {
		direct = g.Members
	} else if p := s.project(path); p != nil {
		direct = p.Members
	}
	for _, u := range s.users {
		if u.Username == username {
			direct[u.ID] = m
			if m.Level == 0 {
				delete(direct, u.ID)
			}
		}
	}
}

// user, group and project find things by id or path; nil means that there is none.
func (s *Server) user(id int64) *User {
	for _, u := range s.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (s *Server) group(key string) *Group {
	for _, g := range s.groups {
		if strings.EqualFold(g.Path, key) || strconv.FormatInt(g.ID, 10) == key {
			return g
		}
	}
	return nil
}

func (s *Server) project(key string) *Project {
	for _, p := range s.projects {
		if strings.EqualFold(p.Path, key) || strconv.FormatInt(p.ID, 10) == key {
			return p
		}
	}
	return nil
}

// levelInGroup is what somebody holds in a group and the ones above it.
func (s *Server) levelInGroup(user, group int64) int {
	level := 0
	for group != 0 {
		g := s.group(strconv.FormatInt(group, 10))
		if g == nil {
			break
		}
		level, group = max(level, g.Members[user].Level), g.ParentID
	}
	return level
}

// may reports whether the caller has at least a level; administrators have all.
func (c *call) may(level, needed int) bool { return c.user.Admin || level >= needed }
