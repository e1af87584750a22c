package gitlabtest

import (
	"net/http"
	"slices"
	"time"
)

// Note is a comment, or with System a note that GitLab wrote itself.
type Note struct {
	ID      int64
	Body    string
	Author  int64
	System  bool
	created time.Time
}

func (n Note) show(c *call, p *Project) any {
	return map[string]any{
		"id": n.ID, "type": nil, "body": n.Body, "author": c.s.user(n.Author).show(c), "system": n.System, "created_at": stamp(n.created),
		"updated_at": stamp(n.created), "confidential": false, "internal": false, "project_id": p.ID,
	}
}

// listNotes lists the newest first, or with sort=asc the oldest.
func listNotes(c *call) reply {
	p, i, refusal := c.issue()
	if refusal != nil {
		return *refusal
	}
	notes := slices.Clone(i.Notes)
	if c.URL.Query().Get("sort") != "asc" {
		slices.Reverse(notes)
	}
	return paged(c, notes, func(n Note) any { return n.show(c, p) })
}

// createNote adds a comment. One of quick actions only makes none: it is answered by 202.
func createNote(c *call) reply {
	p, i, refusal := c.issue()
	if refusal != nil {
		return *refusal
	}
	if c.text("body") == "" {
		return missing("body")
	}
	before := len(i.Commands)
	body := c.run(p, i, c.text("body"))
	c.wrote = true
	if body == "" && len(i.Commands) > before {
		return reply{status: http.StatusAccepted, body: map[string]any{"commands_changes": map[string]any{}, "summary": []string{"Applied."}}}
	}
	n := Note{ID: c.s.id(), Body: body, Author: c.user.ID, created: time.Now()}
	i.Notes = append(i.Notes, n)
	return reply{status: http.StatusCreated, body: n.show(c, p)}
}

// AddNotes writes comments as somebody else, such as people who talk in the issue.
func (s *Server) AddNotes(project string, iid int64, username string, bodies ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	author := slices.IndexFunc(s.users, func(u *User) bool { return u.Username == username })
	for _, i := range s.project(project).Issues {
		if i.IID != iid {
			continue
		}
		for _, body := range bodies {
			i.Notes = append(i.Notes, Note{ID: s.id(), Body: body, Author: s.users[author].ID, created: time.Now()})
		}
	}
}

// AddIssue opens an issue as somebody else and answers its number.
func (s *Server) AddIssue(project, username string, i Issue) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.project(project)
	i.ID, i.IID, i.State, i.created = s.id(), int64(len(p.Issues)+1), "opened", time.Now()
	i.Author = s.users[slices.IndexFunc(s.users, func(u *User) bool { return u.Username == username })].ID
	p.Issues = append(p.Issues, &i)
	return i.IID
}
