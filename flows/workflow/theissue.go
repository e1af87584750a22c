package workflow

import (
	"regexp"
	"slices"
	"strings"
)

// theIssue finds the issue that words mean: one with a number, or the last that the workflow opened. Opened is the
// condition under which that was done.
func (c *compiler) theIssue(words []word) (args map[string]any, opened string, reason *unclear) {
	args = map[string]any{}
	var numbers, rest []word
	for n := 0; n < len(words); {
		w := words[n]
		slugs, length := c.index.providersAt(words[n:])
		switch {
		case length > 0:
			if len(slugs) != 1 || !c.isGitLab(slugs[0]) {
				return nil, "", cannot("%s has no issues that a workflow can work with.", textOf(words[n:n+length]))
			}
			c.nameGitLab(args, slugs[0])
			n += length - 1
		case w.shape == plain && pathForm.MatchString(w.raw) && args["project"] == nil:
			args["project"] = w.raw
		case w.in(articles) || w.in(issueNouns) || w.is("it", "in", "of", "number", "project"):
		case w.shape == channel && isDigits(w.text[1:]), isDigits(w.text):
			numbers = append(numbers, w)
		default:
			rest = append(rest, w)
		}
		n++
	}
	if len(rest) > 0 {
		return nil, "", notUnderstood(rest)
	}
	if len(numbers) == 1 {
		args["issue"] = atoi(strings.TrimPrefix(numbers[0].text, "#"))
		return args, "", nil
	}
	if c.adrift() {
		return nil, "", afterUnclear()
	}
	for n := len(c.made) - 1; n >= 0 && len(numbers) == 0 && args["project"] == nil; n-- {
		m := c.made[n]
		if number, is := m.script.Args["issue"].(int); is && strings.HasPrefix(m.kind.Endpoint, "issue_") {
			return c.numbered(words, m, number)
		}
		if m.kind.Endpoint == "issue_create" {
			args["issue"] = "{{ " + strings.ReplaceAll(m.script.Name, "-", "_") + ".iid }}"
			for _, name := range []string{"project", "provider"} {
				if value, is := m.script.Args[name]; is {
					args[name] = value
				}
			}
			return args, m.script.When, nil
		}
	}
	return nil, "", cannot("It is not clear which issue is meant: no step before opens one. Write its number, such as issue 12.")
}

// pathForm is the path of a project.
var pathForm = regexp.MustCompile(`^[\p{L}\p{N}_-]+(/[\p{L}\p{N}_.-]+)+$`)

// numbered is the issue that a script before named by its number.
func (c *compiler) numbered(words []word, m made, number int) (map[string]any, string, *unclear) {
	if !holds(words, "it") && slices.ContainsFunc(c.made, func(m made) bool { return m.kind.Endpoint == "issue_create" }) {
		return nil, "", cannot("It is not clear whether issue %d is meant or the one that the workflow opens: write its number, or \"it\".", number)
	}
	args := map[string]any{"issue": number}
	for _, name := range []string{"project", "provider"} {
		if value, is := m.script.Args[name]; is {
			args[name] = value
		}
	}
	return args, "", nil
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func (c *compiler) isGitLab(slug string) bool {
	p, _ := c.index.provider(slug)
	return p.Connector == "gitlab"
}

// nameGitLab names the GitLab that is meant, where there are several.
func (c *compiler) nameGitLab(args map[string]any, slug string) {
	several := 0
	for _, p := range c.index.providers() {
		if p.Connector == "gitlab" {
			several++
		}
	}
	if several > 1 {
		args["provider"] = slug
	}
}
