package gitlabtest

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// The longest texts that GitLab takes, in characters (administration/instance_limits).
const (
	maxTitle       = 255
	maxDescription = 1 << 20
)

// change sets what the body names; nothing is set where something is wrong.
func (c *call) change(p *Project, i *Issue) *reply {
	if utf8.RuneCountInString(c.text("title")) > maxTitle {
		answer := invalid("title", "is too long (maximum is 255 characters)")
		return &answer
	}
	if utf8.RuneCountInString(c.text("description")) > maxDescription {
		answer := invalid("description", "is too long (maximum is 1048576 characters)")
		return &answer
	}
	if event := c.text("state_event"); event != "" && event != "close" && event != "reopen" {
		return &reply{status: http.StatusBadRequest, body: map[string]any{"error": "state_event does not have a valid value"}}
	}
	if title := c.text("title"); title != "" {
		i.Title = title
		i.Mentions = append(i.Mentions, mentions(title)...)
	}
	if confidential, ok := c.body["confidential"].(bool); ok {
		i.Confidential = confidential
	}
	if due := c.text("due_date"); due != "" {
		i.DueDate = due
	}
	i.State = map[string]string{"close": "closed", "reopen": "opened", "": i.State}[c.text("state_event")]
	c.changeLabels(i)
	c.changeAssignees(p, i)
	if description, ok := c.body["description"].(string); ok {
		i.Description = c.run(p, i, description)
	}
	return nil
}

func (c *call) changeLabels(i *Issue) {
	if labels, ok := c.body["labels"].(string); ok {
		i.Labels = split(labels)
	}
	for _, label := range split(c.text("add_labels")) {
		if !slices.Contains(i.Labels, label) {
			i.Labels = append(i.Labels, label)
		}
	}
	for _, label := range split(c.text("remove_labels")) {
		i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return l == label })
	}
}

// changeAssignees replaces the assignees. Who may not read the issue is left out in silence; the free plan keeps one.
func (c *call) changeAssignees(p *Project, i *Issue) {
	ids, ok := c.body["assignee_ids"].([]any)
	if !ok {
		return
	}
	i.Assignees = nil
	for _, id := range ids {
		number, _ := id.(float64)
		u := c.s.user(int64(number))
		if u != nil && c.s.levelInProject(u.ID, p) >= guest && (len(i.Assignees) == 0 || !c.s.oneAssignee) {
			i.Assignees = append(i.Assignees, u.ID)
		}
	}
}

func split(labels string) []string {
	var all []string
	for label := range strings.SplitSeq(labels, ",") {
		if label = strings.TrimSpace(label); label != "" {
			all = append(all, label)
		}
	}
	return all
}
