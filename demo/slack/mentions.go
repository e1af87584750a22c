package slack

import (
	"regexp"
	"strings"
)

var (
	mention = regexp.MustCompile(`(^|\s)([@#])([\w.-]+)`)
	link    = regexp.MustCompile(`(^|\s)(https?://[^\s<>|]+)`)
	escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// typed is a text as Slack's client sends it: &, < and > escaped, names as references. A slash command goes out as
// it was typed.
func (w *Workspace) typed(text string) string {
	if strings.HasPrefix(text, "/") {
		return text
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mentions(escapes.Replace(text))
}

// mentions writes @person, @group and #channel as references by id, as Slack does in messages and, for commands
// with should_escape, in their text. A name that nobody has stays as it is.
func (w *Workspace) mentions(text string) string {
	return mention.ReplaceAllStringFunc(text, func(found string) string {
		part := mention.FindStringSubmatch(found)
		if reference := w.reference(part[2], strings.TrimRight(part[3], ".")); reference != "" {
			return part[1] + reference + strings.TrimPrefix(part[3], strings.TrimRight(part[3], "."))
		}
		return found
	})
}

func (w *Workspace) reference(sign, name string) string {
	if sign == "#" {
		ch := w.findChannel(name)
		switch {
		case ch == nil:
			return ""
		case ch.private():
			return "<#" + ch.id + "|>"
		default:
			return "<#" + ch.id + "|" + ch.name + ">"
		}
	}
	if u := w.findUser(name); u != nil {
		return "<@" + u.ID + ">"
	}
	for _, g := range w.groups {
		if g.Handle == name && !g.Disabled {
			return "<!subteam^" + g.ID + "|@" + name + ">"
		}
	}
	return ""
}
