package workflow

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestValue is how many words without quotation marks a value may have.
const longestValue = 4

// valuesOf reads a value, or several with "or" between them, as typed.
func valuesOf(words []word) ([]string, bool) {
	parts, ok := alternatives(words)
	if !ok {
		return nil, false
	}
	values := make([]string, 0, len(parts))
	for _, part := range parts {
		text, ok := valueOf(part)
		if !ok {
			return nil, false
		}
		values = append(values, text)
	}
	return values, true
}

// alternatives cuts "A", "A or B" and "A, B or C" at what separates them.
func alternatives(words []word) ([][]word, bool) {
	var parts [][]word
	start, either := 0, false
	for n := 0; n <= len(words); n++ {
		if n < len(words) && !words[n].is("or") && words[n].shape != comma {
			continue
		}
		afterComma := n > 0 && n < len(words) && words[n].is("or") && words[n-1].shape == comma
		if n == start && !afterComma {
			return nil, false
		}
		if n > start {
			parts = append(parts, words[start:n])
		}
		either = either || n < len(words) && words[n].is("or")
		start = n + 1
	}
	return parts, len(parts) == 1 || either
}

// valueOf is one value: a text in quotation marks, or words that are plainly a name.
func valueOf(words []word) (string, bool) {
	if len(words) == 1 && words[0].shape == quoted {
		return words[0].text, true
	}
	if len(words) == 0 || len(words) > longestValue {
		return "", false
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w.raw)
		if w.shape != plain || w.owns || !unicode.IsUpper(first) && !unicode.IsDigit(first) || w.in(articles) {
			return "", false
		}
	}
	return textOf(words), true
}

// comparison is a CEL expression that compares a text with one value or several.
func comparison(path string, values []string, not bool) string {
	if len(values) == 1 {
		return path + map[bool]string{false: " == ", true: " != "}[not] + literal(values[0])
	}
	quoted := make([]string, len(values))
	for n, value := range values {
		quoted[n] = literal(value)
	}
	expr := path + " in [" + strings.Join(quoted, ", ") + "]"
	if not {
		return "!(" + expr + ")"
	}
	return expr
}

// literal writes a text in CEL.
func literal(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`).Replace(text) + "'"
}
