package gitlabtest

import (
	"net/http"
	"strings"
)

// The levels of access that calls need (user/permissions).
const (
	guest      = 10
	reporter   = 20
	maintainer = 40
	owner      = 50
)

// visible finds the group in the path if the caller is a member of it or above it.
func (c *call) visibleGroup() *Group {
	g := c.s.group(c.PathValue("group"))
	if g == nil || !c.may(c.s.levelInGroup(c.user.ID, g.ID), guest) {
		return nil
	}
	return g
}

func (g *Group) show(c *call) map[string]any {
	var parent, deleted any
	if g.ParentID != 0 {
		parent = g.ParentID
	}
	if g.DeletedOn != "" {
		deleted = g.DeletedOn
	}
	return map[string]any{
		"id": g.ID, "name": g.Name, "path": g.Path[strings.LastIndex(g.Path, "/")+1:], "full_path": g.Path, "parent_id": parent,
		"visibility": "private", "web_url": c.address("groups/" + g.Path), "marked_for_deletion_on": deleted,
	}
}

func getGroup(c *call) reply {
	if g := c.visibleGroup(); g != nil {
		return reply{status: http.StatusOK, body: g.show(c)}
	}
	return notFound("Group")
}

func createGroup(c *call) reply {
	if c.text("name") == "" {
		return missing("name")
	}
	if c.text("path") == "" {
		return missing("path")
	}
	path := c.text("path")
	if parent := c.number("parent_id"); parent != 0 {
		if !c.may(c.s.levelInGroup(c.user.ID, parent), owner) {
			return forbidden()
		}
		for _, g := range c.s.groups {
			if g.ID == parent {
				path = g.Path + "/" + path
			}
		}
	}
	if c.s.group(path) != nil {
		return fail(http.StatusBadRequest, "Failed to save group {:path=>[\"has already been taken\"]}")
	}
	g := c.s.newGroup(path, c.text("name"), map[int64]Member{c.user.ID: {Level: owner}})
	c.wrote = true
	return reply{status: http.StatusCreated, body: g.show(c)}
}

// deleteGroup marks the group, which is deleted for good some days later.
func deleteGroup(c *call) reply {
	g := c.visibleGroup()
	switch {
	case g == nil:
		return notFound("Group")
	case !c.may(c.s.levelInGroup(c.user.ID, g.ID), owner):
		return forbidden()
	case g.DeletedOn != "":
		return fail(http.StatusBadRequest, "Group has been already marked for deletion")
	}
	g.DeletedOn, c.wrote = today(), true
	return reply{status: http.StatusAccepted, body: map[string]any{"message": "202 Accepted"}}
}

func restoreGroup(c *call) reply {
	g := c.visibleGroup()
	switch {
	case g == nil:
		return notFound("Group")
	case !c.may(c.s.levelInGroup(c.user.ID, g.ID), owner):
		return forbidden()
	}
	g.DeletedOn, c.wrote = "", true
	return reply{status: http.StatusCreated, body: g.show(c)}
}

// visibleProject finds the project in the path if the caller is a member of it or of a group above it.
func (c *call) visibleProject() *Project {
	p := c.s.project(c.PathValue("project"))
	if p == nil || !c.may(c.s.levelInProject(c.user.ID, p), guest) {
		return nil
	}
	return p
}

func (s *Server) levelInProject(user int64, p *Project) int {
	return max(p.Members[user].Level, s.levelInGroup(user, p.GroupID))
}

func getProject(c *call) reply {
	p := c.visibleProject()
	if p == nil {
		return notFound("Project")
	}
	issues := "enabled"
	if p.issuesOff {
		issues = "disabled"
	}
	return reply{status: http.StatusOK, body: map[string]any{
		"id": p.ID, "path": p.Path[strings.LastIndex(p.Path, "/")+1:], "path_with_namespace": p.Path, "visibility": "private",
		"web_url": c.address(p.Path), "issues_access_level": issues,
	}}
}
