package audit

import (
	"strings"
	"unicode"
)

// harmful are the characters with which a spreadsheet takes a cell for a formula, with their full-width and small
// forms, which some programs fold into the plain ones (OWASP, "CSV Injection").
const harmful = "=+-@|\t\r\n＝＋－＠｜﹦﹢﹣﹫−"

// breaks are the characters at which a program that does not expect commas begins a new cell, even inside quotes that
// it did not see open. What follows one is treated like the beginning of a cell.
const breaks = ";|\t\r\n"

// Guard writes a cell so that no spreadsheet runs it: an apostrophe goes before what would be run, at the beginning
// and after each of breaks. An apostrophe that was there already gets another one, so that unguard has no choice.
func Guard(cell string) string {
	if !strings.ContainsAny(cell, harmful+"'") {
		return cell
	}
	var out strings.Builder
	begins := true
	for i, r := range cell {
		if begins && (r == '\'' || runs(cell[i:])) {
			out.WriteByte('\'')
		}
		out.WriteString(cell[i : i+width(cell[i:], r)])
		begins = strings.ContainsRune(breaks, r)
	}
	return out.String()
}

// unguard gives back what Guard was given.
func unguard(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	var out strings.Builder
	begins := true
	for i, r := range cell {
		if begins && r == '\'' {
			begins = false
			continue
		}
		out.WriteString(cell[i : i+width(cell[i:], r)])
		begins = strings.ContainsRune(breaks, r)
	}
	return out.String()
}

// runs says whether a spreadsheet could run a cell that begins like this: programs have been seen to skip spaces,
// quotes and marks that are not drawn before they look.
func runs(cell string) bool {
	for _, r := range cell {
		switch {
		case strings.ContainsRune(harmful, r):
			return true
		case r == '"' || r == '\'' || unicode.IsSpace(r) || !unicode.IsPrint(r):
		default:
			return false
		}
	}
	return false
}

// width is the number of bytes of the first character; a broken byte is a character of its own.
func width(text string, r rune) int {
	if r == unicode.ReplacementChar && !strings.HasPrefix(text, "\uFFFD") {
		return 1
	}
	return len(string(r))
}
