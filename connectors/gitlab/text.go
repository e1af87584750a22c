package gitlab

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/usherhq/usher/connectors"
)

// joiner is U+2060, word joiner: it has no width. Behind @ or & it keeps GitLab from seeing a mention or a character
// reference, in every place where Markdown or HTML may put the text. A backslash would not do: within an HTML block
// it is an ordinary character.
const joiner = "\u2060"

// markdown collects a text of GitLab out of two kinds of pieces: what a template's author wrote, which keeps its
// meaning, and what people typed, which only ever is text. People read what they typed as they typed it, but it runs
// no quick actions (https://docs.gitlab.com/user/project/quick_actions/) and mentions nobody:
//
//   - a slash at the beginning of a line gets a backslash, which Markdown does not show: GitLab runs what stands
//     behind a slash there;
//   - an @ that does not follow a letter or digit, as in an address, gets a joiner behind it;
//   - an & before a letter or # gets one, too, so that &commat; does not become an @.
//
// Author's text may come to stand at the beginning of a line only because of what was typed before it. So its slashes
// and mentions live only where they would have lived without that.
type markdown struct {
	out strings.Builder
	// lineStart says that only spaces stand in this line so far.
	lineStart bool
	last      rune
}

func newMarkdown() *markdown { return &markdown{lineStart: true} }

// typed adds what people typed.
func (m *markdown) typed(text string) {
	runes := []rune(plain(text))
	for i, r := range runes {
		switch {
		case r == '/' && m.lineStart:
			m.add('\\')
			m.add(r)
		case r == '@' && !alphanumeric(m.last):
			m.join(r)
		case r == '&' && (i+1 == len(runes) || runes[i+1] == '#' || alphanumeric(runes[i+1])):
			m.join(r)
		default:
			m.add(r)
		}
	}
}

// authored adds what a template's author wrote. Fresh says that it is the beginning of the template and not what
// follows a placeholder.
func (m *markdown) authored(text string, fresh bool) {
	ownStart := fresh
	for i, r := range []rune(plain(text)) {
		switch {
		case r == '/' && m.lineStart && !ownStart:
			m.add('\\')
			m.add(r)
		case r == '@' && i == 0 && !fresh && !alphanumeric(m.last):
			m.join(r)
		default:
			m.add(r)
		}
		ownStart = r == '\n' || ownStart && unicode.IsSpace(r)
	}
}

func (m *markdown) add(r rune) {
	m.out.WriteRune(r)
	m.lineStart = r == '\n' || m.lineStart && unicode.IsSpace(r)
	m.last = r
}

func (m *markdown) join(r rune) {
	m.add(r)
	m.out.WriteString(joiner)
}

// paragraph begins a new paragraph unless nothing stands there yet.
func (m *markdown) paragraph() {
	if m.out.Len() > 0 {
		m.add('\n')
		m.add('\n')
	}
}

// plain makes line ends \n, as GitLab deletes \r before it looks for quick actions, and drops what GitLab cannot store.
func plain(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(text)
}

// alphanumeric is about ASCII only: to GitLab, a mention may follow any other letter.
func alphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// maxTitle is the longest title that GitLab takes, in characters.
const maxTitle = 255

// titleOf writes typed text as a title: one line, without mentions, not too long. Titles run no quick actions.
func titleOf(text string) string {
	m := &markdown{}
	m.typed(strings.Join(strings.Fields(plain(text)), " "))
	runes := []rune(m.out.String())
	if len(runes) > maxTitle {
		runes = append(runes[:maxTitle-1], '…')
	}
	return string(runes)
}

// placeholder is where a template wants a variable. GitLab's own description templates have no placeholders, and {{ }}
// is what Usher fills in a step's arguments.
var placeholder = regexp.MustCompile(`%\{\s*([A-Za-z0-9_]+)\s*\}`)

// fill adds a template with its variables filled in. It answers the names of the variables that are not there.
func (m *markdown) fill(template string, variables map[string]string) (missing []string) {
	end := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(template, -1) {
		name := template[at[2]:at[3]]
		value, known := variables[name]
		if !known && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		m.authored(template[end:at[0]], end == 0)
		m.typed(value)
		end = at[1]
	}
	m.authored(template[end:], end == 0)
	return missing
}

// comment is what a typed comment looks like at GitLab.
func comment(call connectors.Call, text string) string {
	m := newMarkdown()
	m.typed(text)
	return m.marked(call)
}
