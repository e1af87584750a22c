package connectors

import (
	"errors"
	"regexp"
	"strings"
)

// piece is a part of a text: written out, or a placeholder with its braces.
type piece struct {
	text   string
	filled bool
}

var errUnclosed = errors.New("a {{ is never closed by }}")

// pieces takes a text apart at its placeholders. The end of a placeholder is the first }} outside of the expression's
// own brackets and quotes.
func pieces(text string) ([]piece, error) {
	var all []piece
	for text != "" {
		before, after, found := strings.Cut(text, "{{")
		if before != "" {
			all = append(all, piece{text: before})
		}
		if !found {
			break
		}
		end := endOf(after)
		if end < 0 {
			return nil, errUnclosed
		}
		all = append(all, piece{text: "{{" + after[:end] + "}}", filled: true})
		text = after[end+2:]
	}
	return all, nil
}

func endOf(text string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == '}' && strings.HasPrefix(text[i:], "}}"):
			return i
		}
	}
	return -1
}

// holds reports whether a text or anything in a value holds a placeholder.
func holds(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.Contains(v, "{{")
	case []any:
		for _, element := range v {
			if holds(element) {
				return true
			}
		}
	case map[string]any:
		for key, element := range v {
			if strings.Contains(key, "{{") || holds(element) {
				return true
			}
		}
	}
	return false
}

var (
	quotedText = regexp.MustCompile(`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`)
	argsUse    = regexp.MustCompile(`(?:^|[^\w.])args\.([A-Za-z_]\w*)`)
)

// argsIn lists the names that an expression uses as args.NAME. Methods, such as args.size(), are left out.
func argsIn(expr string) []string {
	expr = quotedText.ReplaceAllString(expr, `""`)
	var names []string
	for _, at := range argsUse.FindAllStringSubmatchIndex(expr, -1) {
		if !strings.HasPrefix(strings.TrimSpace(expr[at[3]:]), "(") {
			names = append(names, expr[at[2]:at[3]])
		}
	}
	return names
}
