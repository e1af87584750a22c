package gitlabtest

import (
	"slices"
	"strings"
	"time"
)

// User is an account. Email is private, PublicEmail what the person shows.
type User struct {
	ID                                        int64
	Username, Name, Email, PublicEmail, State string
	Admin                                     bool
	LastActivity                              string // a date, or empty
}

// Member is what somebody holds directly in a group or project. Expires is a date or empty.
type Member struct {
	Level   int
	Expires string
}

// Group is a group; ParentID is 0 on top.
type Group struct {
	ID, ParentID int64
	Path, Name   string
	Members      map[int64]Member
	// DeletedOn is the date on which the group was marked for deletion, or empty.
	DeletedOn string
}

// Project is a project within a group. It is private.
type Project struct {
	ID, GroupID int64
	Path        string
	Members     map[int64]Member
	Issues      []*Issue
	templates   []template
	issuesOff   bool
}

type template struct{ name, content string }

// AddUser makes an account and answers it. State is active if empty.
func (s *Server) AddUser(u User) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.State == "" {
		u.State = "active"
	}
	u.ID = s.id()
	s.users = append(s.users, &u)
	return u
}

// AddToken lets a secret stand for a user, with scopes such as api.
func (s *Server) AddToken(secret, username string, scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.users, func(u *User) bool { return u.Username == username })
	s.tokens[secret] = token{id: s.id(), user: s.users[i], scopes: scopes}
}

// AddGroup makes a group at a full path; the one above has to be there. Members are user names with levels.
func (s *Server) AddGroup(path string, members map[string]int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newGroup(path, path, s.membersOf(members)).ID
}

func (s *Server) newGroup(path, name string, members map[int64]Member) *Group {
	g := &Group{ID: s.id(), Path: path, Name: name, Members: members}
	if slash := strings.LastIndex(path, "/"); slash >= 0 {
		g.ParentID = s.group(path[:slash]).ID
	}
	s.groups = append(s.groups, g)
	return g
}

// AddProject makes a project at a full path; its group has to be there.
func (s *Server) AddProject(path string, members map[string]int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &Project{ID: s.id(), Path: path, Members: s.membersOf(members), GroupID: s.group(path[:strings.LastIndex(path, "/")]).ID}
	s.projects = append(s.projects, p)
	return p.ID
}

// AddTemplate puts an issue template into a project.
func (s *Server) AddTemplate(project, name, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.project(project)
	p.templates = append(p.templates, template{name, content})
}

// SwitchOffIssues takes the issues of a project away.
func (s *Server) SwitchOffIssues(project string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.project(project).issuesOff = true
}

// OneAssignee makes this a GitLab of the free plan, on which an issue has one assignee.
func (s *Server) OneAssignee() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oneAssignee = true
}

// Lag lets the next lists of issues leave out the newest issue, as a replica that is behind does.
func (s *Server) Lag(lists int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = lists
}

func (s *Server) membersOf(names map[string]int) map[int64]Member {
	members := map[int64]Member{}
	for name, level := range names {
		i := slices.IndexFunc(s.users, func(u *User) bool { return u.Username == name })
		members[s.users[i].ID] = Member{Level: level}
	}
	return members
}

// today is how GitLab writes dates.
func today() string { return time.Now().UTC().Format(time.DateOnly) }
