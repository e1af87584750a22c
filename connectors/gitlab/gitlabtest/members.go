package gitlabtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// seat is the group or project in the path: its direct members, and what people hold by what is above it.
type seat struct {
	direct  map[int64]Member
	above   func(user int64) int
	name    string
	manages int
}

// seat finds the place in the path; the answer is set where there is none.
func (c *call) seat() (seat, *reply) {
	if c.PathValue("group") != "" {
		g := c.visibleGroup()
		if g == nil {
			answer := notFound("Group")
			return seat{}, &answer
		}
		return seat{direct: g.Members, name: g.Path, manages: owner, above: func(u int64) int { return c.s.levelInGroup(u, g.ParentID) }}, nil
	}
	p := c.visibleProject()
	if p == nil {
		answer := notFound("Project")
		return seat{}, &answer
	}
	return seat{direct: p.Members, name: p.Path, manages: maintainer, above: func(u int64) int { return c.s.levelInGroup(u, p.GroupID) }}, nil
}

// level is what somebody holds in the place, all in all.
func (s seat) level(user int64) int { return max(s.direct[user].Level, s.above(user)) }

func showMember(c *call, u *User, m Member) map[string]any {
	shown := u.show(c)
	shown["access_level"], shown["expires_at"], shown["membership_state"] = m.Level, nil, "active"
	if m.Expires != "" {
		shown["expires_at"] = m.Expires
	}
	return shown
}

// getMember answers a direct membership, or with all the highest one, inherited too.
func getMember(all bool) handler {
	return func(c *call) reply {
		at, refusal := c.seat()
		if refusal != nil {
			return *refusal
		}
		u := c.named()
		if u == nil {
			return notFound("User")
		}
		m := at.direct[u.ID]
		if above := at.above(u.ID); all && above > m.Level {
			m = Member{Level: above}
		}
		if m.Level == 0 {
			return fail(http.StatusNotFound, "404 Not found")
		}
		return reply{status: http.StatusOK, body: showMember(c, u, m)}
	}
}

func addMember(c *call) reply {
	at, refusal := c.seat()
	if refusal != nil {
		return *refusal
	}
	if !c.may(at.level(c.user.ID), at.manages) {
		return forbidden()
	}
	u := c.s.user(c.number("user_id"))
	if u == nil {
		return notFound("User")
	}
	if _, there := at.direct[u.ID]; there {
		return fail(http.StatusConflict, "Member already exists")
	}
	return c.setMember(at, u, http.StatusCreated)
}

func editMember(c *call) reply {
	at, refusal := c.seat()
	if refusal != nil {
		return *refusal
	}
	u := c.named()
	if u == nil || at.direct[u.ID].Level == 0 {
		return fail(http.StatusNotFound, "404 Not found")
	}
	if !c.may(at.level(c.user.ID), at.manages) {
		return forbidden()
	}
	return c.setMember(at, u, http.StatusOK)
}

// setMember changes a membership. A level below the inherited one makes no sense to GitLab.
func (c *call) setMember(at seat, u *User, status int) reply {
	level := int(c.number("access_level"))
	if !slices.Contains([]int{5, 10, 15, 20, 30, 40, 50}, level) {
		return reply{status: http.StatusBadRequest, body: map[string]any{"error": "access_level does not have a valid value"}}
	}
	if above := at.above(u.ID); above > level {
		return invalid("access_level", fmt.Sprintf("should be greater than or equal to %d inherited membership from group %s", above, at.name))
	}
	m := Member{Level: level, Expires: c.text("expires_at")}
	at.direct[u.ID], c.wrote = m, true
	return reply{status: status, body: showMember(c, u, m)}
}

// removeMember ends a membership and, unless skip_subresources is set, those in all that lies below a group.
func removeMember(c *call) reply {
	at, refusal := c.seat()
	if refusal != nil {
		return *refusal
	}
	u := c.named()
	if u == nil || at.direct[u.ID].Level == 0 {
		return fail(http.StatusNotFound, "404 Not found")
	}
	if !c.may(at.level(c.user.ID), at.manages) && c.user != u {
		return forbidden()
	}
	delete(at.direct, u.ID)
	if c.URL.Query().Get("skip_subresources") != "true" {
		for _, g := range c.s.groups {
			if strings.HasPrefix(g.Path, at.name+"/") {
				delete(g.Members, u.ID)
			}
		}
		for _, p := range c.s.projects {
			if strings.HasPrefix(p.Path, at.name+"/") {
				delete(p.Members, u.ID)
			}
		}
	}
	c.wrote = true
	return reply{status: http.StatusNoContent}
}
