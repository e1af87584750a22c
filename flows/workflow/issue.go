package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

var issueNouns = setOf("issue ticket")

// issueAbout says whether an instruction is about an issue.
func issueAbout(words []word) bool {
	if len(words) > 1 && words[0].is("issue") && (words[1].in(articles) || words[1].in(subjectThey)) {
		words = words[1:] // to issue a license
	}
	return slices.ContainsFunc(words, func(w word) bool { return w.in(issueNouns) })
}

// aboutIssueBefore says whether "it" in an instruction is the issue that was opened right before.
func (c *compiler) aboutIssueBefore(words []word) bool {
	if len(c.made) == 0 || !strings.HasPrefix(c.made[len(c.made)-1].kind.Endpoint, "issue_") || !words[0].is("assign", "unassign", "label", "tag", "comment", "close", "add") {
		return false
	}
	return !c.adrift() && (holds(words, "it") || words[0].is("comment"))
}

// issueForms are the instructions about issues. <i> is the issue; <t> is in quotation marks.
var issueForms = []struct {
	pattern
	does string
}{
	{form("comment on <i> with|saying|that? :? 't'"), "add_comment"},
	{form("comment 't' on|to <i>"), "add_comment"},
	{form("comment with|saying? :? 't'"), "add_comment"},
	{form("add|leave|post|write a|the? comment to|on <i> with|saying|that? the? text? :? 't'"), "add_comment"},
	{form("add|leave|post|write a|the? comment saying|with? :? 't' to|on <i>"), "add_comment"},
	{form("add|put|post|write 't' as a? comment to|on <i>"), "add_comment"},
	{form("add|leave|post|write a|the? comment with|saying? :? 't'"), "add_comment"},
	{form("comment <t> on <i>"), "add_comment"},
	{form("add|put|attach|set a|the? label .t to|on <i>"), "add_label"},
	{form("add|put|attach|set the? .t label to|on <i>"), "add_label"},
	{form("label|tag <i> as|with? .t"), "add_label"},
	{form("label|tag <i> with the label .t"), "add_label"},
	{form("remove|delete|drop|take a|the? label .t from|off <i>"), "remove_label"},
	{form("remove|delete|drop|take the? .t label from|off <i>"), "remove_label"},
	{form("unlabel|untag <i> .t"), "remove_label"},
	{form("close|resolve <i> with|saying the|a? comment|note|message|text? :? 't'"), "comment_close"},
	{form("close|resolve <i> ,? and? comment|commenting|saying :? 't'"), "comment_close"},
	{form("close|resolve <i>"), "close"},
	{form("mark <i> as closed|resolved|done"), "close"},
	{form("assign <i> to @"), "assign_user"},
	{form("assign @ to <i>"), "assign_user"},
	{form("add @ as assignee to|of <i>"), "assign_user"},
	{form("unassign @ from <i>"), "unassign_user"},
	{form("remove @ as assignee from|of <i>"), "unassign_user"},
	{form("remove @ from <i>"), "unassign_user"},
	{form("unassign <i> from @"), "unassign_user"},
}

// issue compiles an instruction about an issue of GitLab.
func (c *compiler) issue(words []word, when *cond) *unclear {
	words = c.withoutVia(words)
	var worst *unclear
	for _, p := range issueForms {
		f, ok := p.match(words)
		if !ok {
			continue
		}
		reason := c.issueStep(p.does, f, when)
		if reason == nil {
			return nil
		}
		worst = better(worst, reason)
	}
	if worst != nil {
		return worst
	}
	if words[0].is("open", "create", "file", "raise", "submit", "log", "make", "add") {
		return c.newIssue(words[1:], when)
	}
	return cannot("An issue can be opened, commented on, labelled, assigned and closed; %q was not understood.", textOf(words)).
		or("Open a GitLab issue", "Close the issue")
}

// issueStep adds a script about an issue that is there.
func (c *compiler) issueStep(does string, f found, when *cond) *unclear {
	args, opened, reason := c.theIssue(f.words["i"])
	if reason != nil {
		return reason
	}
	if opened != "" {
		when = both(&cond{expr: opened}, when)
	}
	switch does {
	case "add_comment", "add_label", "remove_label", "comment_close":
		text, is := given(f.words["t"], strings.HasSuffix(does, "_label"))
		if !is {
			return cannot("Put %q in quotation marks, so that it is clear where it ends.", textOf(f.words["t"]))
		}
		if reason := c.fillable(text); reason != nil {
			return reason
		}
		args[map[bool]string{true: "label", false: "text"}[strings.HasSuffix(does, "_label")]] = text
	case "assign_user", "unassign_user":
		if f.who[0].role == named && !strings.Contains(f.who[0].to, ".") || strings.HasPrefix(f.who[0].to, "#") || strings.HasPrefix(f.who[0].to, "@") {
			return cannot("An issue is assigned to a person: write the owner, the manager or an e-mail address.")
		}
		args["user"] = f.who[0].to
	}
	if does == "comment_close" {
		closing := maps.Clone(args)
		delete(closing, "text")
		if reason := c.add(made{script: db.Script{Type: "gitlab_issue_add_comment", Args: args}, verb: notes}, "comment", when); reason != nil {
			return reason
		}
		does, args = "close", closing
	}
	name := map[string]string{"add_comment": "comment", "add_label": "add_label", "remove_label": "remove_label", "close": "close_issue", "assign_user": "assign_issue", "unassign_user": "unassign_issue"}[does]
	return c.add(made{script: db.Script{Type: "gitlab_issue_" + does, Args: args}, verb: notes}, name, when)
}

// given is a text in quotation marks, or a single word where that is clear enough.
func given(words []word, single bool) (string, bool) {
	if len(words) != 1 {
		return "", false
	}
	if words[0].shape == quoted {
		return words[0].text, true
	}
	return words[0].raw, single && words[0].shape == plain && !words[0].in(articles) && !words[0].in(issueNouns)
}
