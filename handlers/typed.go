package handlers

import (
	"context"
	"regexp"
	"strings"

	"github.com/usherhq/usher/db"
)

// reference is how Slack writes people, channels and links into the text of a command
// (https://docs.slack.dev/interactivity/implementing-slash-commands, "Escaping").
var reference = regexp.MustCompile(`<([@#]?)([^<>|]+)(?:\|([^<>|]*))?>`)

var unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// typed turns the text of a command back into what the person typed: names instead of ids, bare addresses, and the
// three characters that Slack escapes.
func (h *Handlers) typed(ctx context.Context, text string) string {
	return unescaped.Replace(reference.ReplaceAllStringFunc(text, func(found string) string {
		part := reference.FindStringSubmatch(found)
		sign, id, label := part[1], part[2], part[3]
		switch {
		case sign == "@":
			if p, err := db.PersonBySlackID(ctx, h.store, id); err == nil {
				return "@" + p.Name
			}
			return "@" + firstOf(label, id)
		case sign == "#":
			return "#" + firstOf(label, id)
		case strings.Contains(id, "://") || strings.HasPrefix(id, "mailto:"):
			return firstOf(label, id)
		}
		return found
	}))
}

func firstOf(label, id string) string {
	if label != "" {
		return label
	}
	return id
}
