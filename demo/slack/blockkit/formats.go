package blockkit

import (
	"net/mail"
	"net/url"
	"time"
)

// format is a rule for the inside of a string.
type format int

const (
	formatNone format = iota
	formatDate
	formatTime
	// formatLink is any absolute address: buttons may open slack:// links too.
	formatLink
	// formatWeb is an http or https address.
	formatWeb
	// formatSecure is an https address.
	formatSecure
	formatEmail
)

func (f format) name() string {
	switch f {
	case formatDate:
		return "date"
	case formatTime:
		return "time"
	case formatEmail:
		return "email"
	default:
		return "uri"
	}
}

// complaint is the sentence for a string that breaks the format. Slack's engine words the date; its words for
// the others are published nowhere, so they follow the same pattern.
func (f format) complaint() string { return "input must be a valid: " + f.name() }

func (f format) matches(text string) bool {
	switch f {
	case formatDate:
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	case formatTime:
		_, err := time.Parse("15:04", text)
		return err == nil && len(text) == len("15:04")
	case formatEmail:
		address, err := mail.ParseAddress(text)
		return err == nil && address.Address == text
	case formatNone:
		return true
	default:
		return f.matchesLink(text)
	}
}

func (f format) matchesLink(text string) bool {
	link, err := url.Parse(text)
	if err != nil || link.Scheme == "" {
		return false
	}
	switch link.Scheme {
	case "https":
		return link.Host != ""
	case "http":
		return link.Host != "" && f != formatSecure
	default:
		return f == formatLink && (link.Host != "" || link.Opaque != "" || link.Path != "")
	}
}

// characters counts the UTF-16 units of a text, which are never fewer than its code points. Slack does not say
// which of the two it counts, so the stricter one holds.
func characters(text string) int64 {
	n := int64(0)
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
