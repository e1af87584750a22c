package rules

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/common/types"
)

// part is a piece of a text: plain, or the expression of a placeholder.
type part struct {
	text   string
	column int // of the expression in the whole text, in characters, from 1
	cel    bool
}

// split takes a text apart at its placeholders. The end of a placeholder is the first }} outside of CEL's own brackets
// and quotes.
func split(text string) ([]part, *Error) {
	var parts []part
	for rest, column := text, 1; rest != ""; {
		before, after, found := strings.Cut(rest, "{{")
		if before != "" {
			parts = append(parts, part{text: before})
		}
		if !found {
			break
		}
		column += len([]rune(before)) + 2
		end := endOf(after)
		if end < 0 {
			return nil, &Error{What: placeholder, Expr: text, Column: column - 2, Reason: "the {{ is never closed by }}"}
		}
		if strings.TrimSpace(after[:end]) == "" {
			return nil, &Error{What: placeholder, Expr: text, Column: column - 2, Reason: "nothing stands between {{ and }}"}
		}
		parts = append(parts, part{text: after[:end], column: column, cel: true})
		column += len([]rune(after[:end])) + 2
		rest = after[end+2:]
	}
	return parts, nil
}

// endOf finds the }} that closes a placeholder, or -1.
func endOf(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"', '\'':
			i = skipQuoted(text, i)
		case '{':
			depth++
		case '}':
			if depth == 0 {
				if strings.HasPrefix(text[i:], "}}") {
					return i
				}
				return -1
			}
			depth--
		}
	}
	return -1
}

// skipQuoted returns the place of the quote that ends the text literal beginning at i, or the end of text.
func skipQuoted(text string, i int) int {
	quote := text[i : i+1]
	if strings.HasPrefix(text[i:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	raw := i > 0 && (text[i-1] == 'r' || text[i-1] == 'R')
	for i += len(quote); i < len(text); i++ {
		if text[i] == '\\' && !raw {
			i++
		} else if strings.HasPrefix(text[i:], quote) {
			return i + len(quote) - 1
		}
	}
	return len(text)
}

// CheckTemplate says what is wrong with the placeholders in the texts of a value, which may be a text, a list, a map
// with text keys or anything without texts. Earlier are the scripts whose output they may use.
func CheckTemplate(value any, earlier ...Output) error {
	return CheckTemplateOver(VariableNames(), value, earlier...)
}

// CheckTemplateOver is CheckTemplate for a place where only some of the variables exist.
func CheckTemplateOver(variables []string, value any, earlier ...Output) error {
	check := func(text string) (any, error) { return text, checkText(text, variables, earlier) }
	if err := walk(value, 0, check, new(any)); err != nil {
		return err
	}
	return nil
}

func checkText(text string, variables []string, earlier []Output) error {
	parts, problem := split(text)
	if problem != nil {
		return problem
	}
	for _, p := range parts {
		if !p.cel {
			continue
		}
		c, err := compile(p.text, variables, earlier)
		if err == nil {
			err = writable(c)
		}
		if err != nil {
			err.Column += max(p.column-1, 0)
			return err.in(placeholder, text)
		}
	}
	return nil
}

// writable refuses placeholders that would write out all that is known about somebody or something.
func writable(c compiled) *Error {
	kind := c.ast.OutputType()
	if kind.Kind() == types.ListKind && len(kind.Parameters()) == 1 {
		kind = kind.Parameters()[0]
	}
	if kind.Kind() == types.StructKind {
		return &Error{Column: 1, Reason: "is " + kindName(kind) + ": name the field that you mean, for example subject.email"}
	}
	return nil
}

// maxDepth is how deep lists and maps may stand in each other.
const maxDepth = 50

// walk puts into result a copy of value in which each text is what change makes of it.
func walk(value any, depth int, change func(string) (any, error), result *any) error {
	if depth > maxDepth {
		return fmt.Errorf("lists and maps stand in each other more than %d times", maxDepth)
	}
	var err error
	switch v := value.(type) {
	case string:
		*result, err = change(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			if err := walk(v[i], depth+1, change, &list[i]); err != nil {
				return err
			}
		}
		*result = list
	case map[string]any:
		*result, err = walkMap(v, depth, change)
	default:
		*result = value
	}
	return err
}

func walkMap(value map[string]any, depth int, change func(string) (any, error)) (map[string]any, error) {
	copied := make(map[string]any, len(value))
	for key, inner := range value {
		if strings.Contains(key, "{{") {
			return nil, &Error{What: placeholder, Expr: key, Column: 1, Reason: "a key may not hold placeholders, only a value"}
		}
		var changed any
		if err := walk(inner, depth+1, change, &changed); err != nil {
			return nil, err
		}
		copied[key] = changed
	}
	return copied, nil
}
