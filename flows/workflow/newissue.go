package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// partForms are the parts of an instruction to open an issue.
var partForms = []struct {
	pattern
	arg string
}{
	{form("titled|called|named <q>"), "title"},
	{form("with the? title <q>"), "title"},
	{form("and? the? title <q>"), "title"},
	{form("with the? description|text|body <q>"), "description"},
	{form("and? the? description|text|body <q>"), "description"},
	{form("saying|describing <q>"), "description"},
	{form("from|with|using the? template <q>"), "template"},
	{form("from|with|using the? <q> template"), "template"},
	{form("in|at? the? project <q>"), "project"},
	{form("in|at the? <q> project"), "project"},
	{form("in|at <q>"), "project"},
	{form("with the? label <q>"), "labels"},
	{form("labelled|labeled|tagged <q>"), "labels"},
	{form("and? label it <q>"), "labels"},
	{form("and? the? label <q>"), "labels"},
	{form("assigned to @"), "assignee"},
	{form("and? assign it to @"), "assignee"},
	{form("for @"), ""},
	{form("about <q>"), "title"},
	{form("<q>"), "title"},
}

// newIssue compiles "open a GitLab issue …".
func (c *compiler) newIssue(words []word, when *cond) *unclear {
	args := map[string]any{}
	system := false
	for n := 0; n < len(words); {
		slugs, length := c.index.providersAt(words[n:])
		switch {
		case length > 0:
			if len(slugs) != 1 || !c.isGitLab(slugs[0]) {
				return cannot("%s has no issues that a workflow can open.", textOf(words[n:n+length])).or("Open a GitLab issue")
			}
			c.nameGitLab(args, slugs[0])
			system = true
			n += length
		case words[n].in(articles), words[n].in(issueNouns), words[n].shape == comma, words[n].shape == colon, words[n].is("new", "confidential"):
			n++
		case words[n].is("in", "at") && n+1 < len(words) && begunBy(c, words[n+1:]):
			n++
		default:
			used, reason := c.issuePart(args, words[n:])
			if reason != nil {
				return reason
			}
			n += used
		}
	}
	if c.ticketElsewhere(words) && !system {
		return cannot("A ticket may be an issue of GitLab or something of another system: write which.").or("Open a GitLab issue")
	}
	if args["title"] == nil {
		args["title"] = map[bool]string{true: "Remove {{ entitlement.name }} from {{ subject.name }}", false: "Give {{ entitlement.name }} to {{ subject.name }}"}[c.kind == db.Deprovision]
	}
	for _, value := range args {
		if text, is := value.(string); is {
			if reason := c.fillable(text); reason != nil {
				return reason
			}
		}
	}
	return c.add(made{script: db.Script{Type: "gitlab_issue_create", Args: args}, verb: opens}, "issue", when)
}

func begunBy(c *compiler, words []word) bool {
	_, length := c.index.providersAt(words)
	return length > 0
}

// ticketElsewhere says whether another system declares something called a ticket.
func (c *compiler) ticketElsewhere(words []word) bool {
	return holds(words, "ticket") && slices.ContainsFunc(c.index.providers(), func(p providerOf) bool {
		return slices.ContainsFunc(p.Info.Endpoints, func(e connectors.Endpoint) bool { return strings.Contains(e.Name, "ticket") })
	})
}

// issuePart reads one part, and answers how many words it has.
func (c *compiler) issuePart(args map[string]any, words []word) (int, *unclear) {
	if words[0].is("to", "about", "for") && len(words) > 1 && words[1].shape == plain && args["title"] == nil && !isPerson(words[1]) && !startsPerson(words[1:]) {
		args["title"] = upper(spoken(words[1:])) // all that follows is what it is about
		if slices.ContainsFunc(words, func(w word) bool { return w.shape == quoted || w.is("not", "it", "them", "their") }) {
			return 0, cannot("Put the title of the issue in quotation marks, so that it is clear where it ends.").or(titledIssue(words))
		}
		return len(words), nil
	}
	for end := min(len(words), 8); end > 0; end-- {
		for _, p := range partForms {
			f, ok := p.match(words[:end])
			if !ok {
				continue
			}
			switch q := f.words["q"]; {
			case p.arg == "" && f.who[0].role == subject:
				return end, nil
			case p.arg == "assignee" && !strings.HasPrefix(f.who[0].to, "#") && !strings.HasPrefix(f.who[0].to, "@"):
				args["assignee"] = f.who[0].to
				return end, nil
			case len(q) == 1 && (q[0].shape == quoted || p.arg != "title" && p.arg != "description" && strings.ContainsAny(q[0].raw, "/:-") && q[0].shape == plain || (p.arg == "labels" || p.arg == "template") && q[0].shape == plain && !q[0].in(articles) && !q[0].in(prepositions)):
				value := q[0].text
				if q[0].shape == plain {
					value = q[0].raw
				}
				if args[p.arg] != nil {
					return 0, cannot("The %s of the issue is given twice.", p.arg)
				}
				args[p.arg] = value
				return end, nil
			}
		}
	}
	return 0, notUnderstood(words[:1])
}

// titledIssue opens an issue whose title is what is to be done there.
func titledIssue(words []word) string {
	start := 1
	for n := len(words) - 2; n > 0; n-- {
		if words[n].is("to") && words[n+1].shape == plain && !words[n+1].in(articles) {
			start = n + 1
			break
		}
	}
	return "Open a GitLab issue titled \"" + strings.ReplaceAll(upper(spoken(words[start:])), "\"", "'") + "\""
}

func startsPerson(words []word) bool {
	for n := min(longestPerson, len(words)); n > 0; n-- {
		if _, is := readPerson(words[:n]); is {
			return true
		}
	}
	return false
}
