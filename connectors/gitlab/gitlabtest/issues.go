package gitlabtest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Issue is an issue. Commands are the quick actions that were run, Mentions who was mentioned, in its texts and
// comments alike.
type Issue struct {
	ID, IID                            int64
	Title, Description, State, DueDate string
	Confidential                       bool
	Author                             int64
	Labels                             []string
	Assignees                          []int64
	Notes                              []Note
	Commands, Mentions                 []string
	created                            time.Time
}

func (i *Issue) show(c *call, p *Project) map[string]any {
	assignees := []any{}
	for _, id := range i.Assignees {
		assignees = append(assignees, c.s.user(id).show(c))
	}
	var due any
	if i.DueDate != "" {
		due = i.DueDate
	}
	return map[string]any{
		"id": i.ID, "iid": i.IID, "project_id": p.ID, "title": i.Title, "description": i.Description, "state": i.State,
		"confidential": i.Confidential, "labels": append([]string{}, i.Labels...), "assignees": assignees, "due_date": due,
		"web_url": c.address(p.Path + "/-/issues/" + strconv.FormatInt(i.IID, 10)), "created_at": stamp(i.created), "updated_at": stamp(i.created),
	}
}

// mayRead says whether somebody sees an issue: confidential ones are for Reporters, the author and the assignees.
func (c *call) mayRead(u *User, p *Project, i *Issue) bool {
	level := c.s.levelInProject(u.ID, p)
	return u.Admin || level >= reporter || level >= guest && (!i.Confidential || i.Author == u.ID || slices.Contains(i.Assignees, u.ID))
}

// issue finds the issue in the path; the answer is set where there is none that the caller sees.
func (c *call) issue() (*Project, *Issue, *reply) {
	p := c.visibleProject()
	if p == nil {
		answer := notFound("Project")
		return nil, nil, &answer
	}
	for _, i := range p.Issues {
		if strconv.FormatInt(i.IID, 10) == c.PathValue("issue") && !p.issuesOff && c.mayRead(c.user, p, i) {
			return p, i, nil
		}
	}
	answer := fail(http.StatusNotFound, "404 Not found")
	return nil, nil, &answer
}

func getIssue(c *call) reply {
	p, i, refusal := c.issue()
	if refusal != nil {
		return *refusal
	}
	return reply{status: http.StatusOK, body: i.show(c, p)}
}

// listIssues filters by state, scope and search, the newest first.
func listIssues(c *call) reply {
	p := c.visibleProject()
	if p == nil {
		return notFound("Project")
	}
	query := c.URL.Query()
	var found []*Issue
	for n, i := range p.Issues {
		behind := n == len(p.Issues)-1 && c.s.lag > 0
		mine := query.Get("scope") != "created_by_me" || i.Author == c.user.ID
		state := query.Get("state") == "" || query.Get("state") == "all" || query.Get("state") == i.State
		if !behind && mine && state && !p.issuesOff && c.mayRead(c.user, p, i) && i.matches(query.Get("search"), query.Get("in")) {
			found = append(found, i)
		}
	}
	c.s.lag = max(0, c.s.lag-1)
	slices.Reverse(found)
	return paged(c, found, func(i *Issue) any { return i.show(c, p) })
}

// createIssue makes an issue. Only who may manage issues sets labels and assignees; others' are left out in silence.
func createIssue(c *call) reply {
	p := c.visibleProject()
	switch {
	case p == nil:
		return notFound("Project")
	case p.issuesOff:
		return forbidden()
	case c.text("title") == "":
		return missing("title")
	}
	i := &Issue{ID: c.s.id(), State: "opened", Author: c.user.ID, created: time.Now()}
	for _, other := range p.Issues {
		i.IID = max(i.IID, other.IID)
	}
	i.IID++
	if refusal := c.change(p, i); refusal != nil {
		return *refusal
	}
	p.Issues, c.wrote = append(p.Issues, i), true
	return reply{status: http.StatusCreated, body: i.show(c, p)}
}

func editIssue(c *call) reply {
	p, i, refusal := c.issue()
	switch {
	case refusal != nil:
		return *refusal
	case !c.may(c.s.levelInProject(c.user.ID, p), reporter) && i.Author != c.user.ID:
		return forbidden()
	case len(c.body) == 0:
		return reply{status: http.StatusBadRequest, body: map[string]any{"error": "at least one parameter must be provided"}}
	}
	if refusal := c.change(p, i); refusal != nil {
		return *refusal
	}
	c.wrote = true
	return reply{status: http.StatusOK, body: i.show(c, p)}
}
