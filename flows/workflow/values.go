package workflow

import (
	"strings"
)

// longestValue is how many words without quotation marks a value may have.
const longestValue = 4

// valuesOf reads a value, or several with "or" between them, as typed.
func valuesOf(words []word) ([]string, bool) {
	var values []string
	start := 0
	for n := 0; n <= len(words); n++ {
		if n < len(words) && !words[n].is("or") && words[n].shape != comma {
			continue
		}
		part := words[start:n]
		start = n + 1
		if len(part) == 0 && n < len(words) && n > 0 {
			continue // a comma before "or"
		}
		text, ok := valueOf(part)
		if !ok {
			return nil, false
		}
		values = append(values, text)
	}
	return values, len(values) > 0
}

func valueOf(words []word) (string, bool) {
	if len(words) == 1 && words[0].shape == quoted {
		return words[0].text, true
	}
	if len(words) == 0 || len(words) > longestValue {
		return "", false
	}
	for _, w := range words {
		if w.shape != plain || w.in(articles) || w.is("and", "not", "is", "has", "any", "none", "either", "neither", "known", "empty", "same", "different", "department", "in") {
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
