package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"github.com/usherhq/usher/connectors"
)

// longestSubject bounds a subject, in characters: more is shown nowhere.
const longestSubject = 250

// messageID is what a Message-ID may be: RFC 5322's dot-atoms, and the colon that many programs and IPv6 addresses use.
var messageID = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.:-]+@[A-Za-z0-9.:-]+$")

// letter is a message as it goes to the server.
type letter struct {
	from, to string
	content  []byte
}

// compose writes a message. What would end a header line in a subject or a name becomes a space; in an address or a
// Message-ID, which programs and not people write, it is refused.
func (s *Sender) compose(m Message) (letter, error) {
	to, err := netmail.ParseAddress(m.To)
	if err != nil || to.Address != m.To || !plainAddress(m.To) {
		return letter{}, connectors.Refuse(fmt.Errorf("%q is no mail address", shown(m.To)))
	}
	id := strings.TrimSuffix(strings.TrimPrefix(m.MessageID, "<"), ">")
	if len(id) > 250 || !messageID.MatchString(id) {
		return letter{}, connectors.Refuse(errors.New("the mail has no valid Message-ID"))
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&s.from)
	msg.ToMailAddress(&netmail.Address{Name: oneLine(m.ToName), Address: m.To})
	msg.Subject(subject(m.Subject))
	msg.SetMessageIDWithValue(id)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers from machines
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return letter{}, connectors.Refuse(fmt.Errorf("write the mail: %w", err))
	}
	return letter{from: s.from.Address, to: m.To, content: content.Bytes()}, nil
}

// subject is a subject on one line in which nobody can write what receivers would decode (RFC 2047).
func subject(text string) string {
	return clip(strings.ReplaceAll(oneLine(text), "=?", "= ?"), longestSubject)
}

// oneLine puts spaces in place of line breaks and drops what can't be seen.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(text), " ")
}

// shown is a text of somebody else's in an error.
func shown(text string) string { return clip(oneLine(text), 200) }

func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
