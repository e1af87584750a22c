package gitlabtest

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// commands are GitLab's quick actions for issues. Those without a case in [call.execute] are only noted.
const commands = "add_child|assign|award|blocked_by|blocks|clear_health_status|clear_weight|clone|close|confidential|convert_to_ticket|copy_metadata|" +
	"create_merge_request|done|due|duplicate|epic|estimate|health_status|invite_email|iteration|label|labels|link|lock|milestone|move|page|parent|" +
	"promote|promote_to|promote_to_incident|publish|react|reassign|relabel|relate|remove_due_date|remove_email|remove_estimate|remove_time_spent|" +
	"remove_zoom|reopen|severity|shrug|spend|spend_time|subscribe|tableflip|target_branch|timeline|title|todo|type|unassign|unlabel|unlink|unlock|" +
	"unparent|unsubscribe|weight|zoom"

// quickAction is a line that GitLab runs: the beginning of the line, a slash and a known name.
var quickAction = regexp.MustCompile(`(?im)^/(` + commands + `)(?: ([^\n]*))?[ \t]*(?:\n|\z)`)

// run carries out the quick actions of a text as GitLab does, which deletes \r first and takes the lines out. Actions
// within fences of code are not run by GitLab; they are here, so that a text that only hides them so is found out.
func (c *call) run(p *Project, i *Issue, text string) string {
	text = strings.ReplaceAll(text, "\r", "")
	for _, found := range quickAction.FindAllStringSubmatch(text, -1) {
		i.Commands = append(i.Commands, strings.TrimSpace(strings.TrimSpace(found[0])))
		c.execute(p, i, strings.ToLower(found[1]), strings.TrimSpace(found[2]))
	}
	text = strings.TrimRight(quickAction.ReplaceAllString(text, ""), " \t\n")
	i.Mentions = append(i.Mentions, mentions(text)...)
	return text
}

func (c *call) execute(p *Project, i *Issue, name, argument string) {
	switch name {
	case "close":
		i.State = "closed"
	case "reopen":
		i.State = "opened"
	case "confidential":
		i.Confidential = true
	case "label", "labels":
		i.Labels = append(i.Labels, labelNames(argument)...)
	case "unlabel":
		for _, label := range labelNames(argument) {
			i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return l == label })
		}
	case "assign":
		for _, u := range c.s.users {
			if "@"+u.Username == argument && c.s.levelInProject(u.ID, p) >= guest {
				i.Assignees = append(i.Assignees, u.ID)
			}
		}
	}
}

var labelName = regexp.MustCompile(`~(?:"([^"]+)"|(\S+))`)

func labelNames(argument string) []string {
	var names []string
	for _, found := range labelName.FindAllStringSubmatch(argument, -1) {
		names = append(names, found[1]+found[2])
	}
	return names
}

var (
	tag     = regexp.MustCompile(`(?s)<!--.*?-->|</?[A-Za-z][^>]*>`)
	mention = regexp.MustCompile(`(?:^|[^A-Za-z0-9])@([A-Za-z0-9_.][A-Za-z0-9_.\-/]*)`)
)

// mentions finds whoever a text might mention, whatever Markdown and HTML make of it: character references are read,
// also twice, and tags and backslashes taken out.
func mentions(text string) []string {
	var names []string
	once := html.UnescapeString(text)
	for _, form := range []string{text, once, html.UnescapeString(once), tag.ReplaceAllString(text, ""), strings.ReplaceAll(once, `\`, "")} {
		for _, found := range mention.FindAllStringSubmatch(form, -1) {
			if !slices.Contains(names, found[1]) {
				names = append(names, found[1])
			}
		}
	}
	return names
}

var (
	longWord = regexp.MustCompile(`[A-Za-z0-9+/@]{50,}`)
	word     = regexp.MustCompile(`[\p{L}\p{N}_]+`)
)

// matches reports whether an issue is found by a search: each word of it must begin a word of the texts named in
// fields, title and description if empty.
func (i *Issue) matches(search, fields string) bool {
	text := i.Title + "\n" + i.Description
	switch fields {
	case "title":
		text = i.Title
	case "description":
		text = i.Description
	}
	words := word.FindAllString(strings.ToLower(tag.ReplaceAllString(longWord.ReplaceAllString(text, " "), " ")), -1)
	for _, term := range word.FindAllString(strings.ToLower(search), -1) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, term) }) {
			return false
		}
	}
	return true
}

// Mentions is how this server finds mentions, for tests of texts alone.
func Mentions(text string) []string { return mentions(text) }

// QuickActions is how this server finds the lines that GitLab runs, for tests of texts alone.
func QuickActions(text string) []string {
	return quickAction.FindAllString(strings.ReplaceAll(text, "\r", ""), -1)
}
