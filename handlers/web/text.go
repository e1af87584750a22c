package web

import (
	"strings"
	"unicode"
)

// clean drops what can't be seen and could mislead, and keeps lines.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(seen, strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "")))
}

func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// clip cuts a text at a character, and ends what was cut with "…".
func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return text
}

// seen drops control characters and those that turn the direction of writing.
func seen(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t' || r == '\r':
		return ' '
	case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == unicode.ReplacementChar:
		return -1
	}
	return r
}
