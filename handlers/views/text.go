package views

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/slack-go/slack"
)

// alike are characters that look like those which format in mrkdwn. Slack has no escape for formatting, and
// zero-width characters beside the mark work in some clients only, so the mark itself is replaced.
var alike = map[rune]string{'*': "∗", '~': "∼", '`': "ˋ", '&': "&amp;", '<': "&lt;", '>': "&gt;"}

// broadcast finds the words that a client could take for a mention of everybody.
var broadcast = regexp.MustCompile(`(?i)@(channel|here|everyone|group)`)

// plain is a text object that Slack shows as it is: for titles, labels and what people typed.
func plain(text string, limit int) *slack.TextBlockObject {
	text = clip(visible(text), limit)
	if blank(text) {
		text = "–"
	}
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// mrkdwn is a text object of our own words and escaped parts. It is verbatim: Slack makes no links or mentions of it
// that are not written as such.
func mrkdwn(text string, limit int) *slack.TextBlockObject {
	text = fit(text, limit)
	if blank(text) {
		text = "–"
	}
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

// escape makes what somebody typed harmless inside mrkdwn, on one line of at most limit UTF-16 units before escaping.
func escape(text string, limit int) string {
	var out strings.Builder
	runes := []rune(clip(oneLine(text), limit))
	for n, r := range runes {
		switch {
		case alike[r] != "":
			out.WriteString(alike[r])
		case r == '_' && !inWord(runes, n):
			out.WriteString("＿")
		default:
			out.WriteRune(r)
		}
	}
	return broadcast.ReplaceAllString(out.String(), "@\u2060$1")
}

// inWord says that the underscore at n joins letters or digits, where Slack leaves it alone: drive_editors.
func inWord(runes []rune, n int) bool {
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return n > 0 && n < len(runes)-1 && letter(runes[n-1]) && letter(runes[n+1])
}

// code shows an expression of an administrator in fixed width.
func code(text string, limit int) string {
	if text = oneLine(text); blank(text) {
		return "–"
	}
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "ˋ").Replace(clip(text, limit))
	return "`" + broadcast.ReplaceAllString(text, "@\u2060$1") + "`"
}

// visible drops what cannot be seen and could mislead: control characters and those that turn the direction of
// writing.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

func oneLine(text string) string { return strings.Join(strings.Fields(visible(text)), " ") }

// blank says that there is nothing to read in a text: only spaces and characters that cannot be seen.
func blank(text string) bool {
	return strings.IndexFunc(visible(text), func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) < 0
}

// clip cuts a text at a rune so that it has at most limit UTF-16 units, and ends what was cut with "…".
func clip(text string, limit int) string {
	units, last := 0, 0
	for at, r := range text {
		width := 1
		if r > 0xFFFF {
			width = 2
		}
		if units+width > limit {
			return strings.TrimRight(text[:last], " ") + "…"
		}
		if units+width <= limit-1 {
			last = at + len(string(r))
		}
		units += width
	}
	return text
}

// size counts UTF-16 units.
func size(text string) int {
	units := 0
	for _, r := range text {
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return units
}

// sentence makes a text from a row end like a sentence.
func sentence(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") || strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}

// permalink is an address that may stand in a link, or nothing.
func permalink(address string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return ""
	}
	if len(address) > 500 || strings.ContainsAny(address, "<>|\" \n\r\t") {
		return ""
	}
	return strings.ReplaceAll(address, "&", "&amp;")
}
