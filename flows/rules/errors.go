package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
)

// What an expression is.
const (
	condition   = "condition"
	placeholder = "placeholder"
)

// Error says what is wrong with an expression, or why it has no answer.
type Error struct {
	What   string // condition or placeholder
	Expr   string // the condition, or the whole text in which the placeholder stands
	Column int    // in Expr, in characters, from 1; 0 where the place is not known
	Reason string // the rest of a sentence that begins with the expression
}

// Error is one sentence with the expression, the column and the reason.
func (e *Error) Error() string {
	expr := strings.Join(strings.Fields(e.Expr), " ")
	if runes := []rune(expr); len(runes) > 120 {
		expr = string(runes[:119]) + "…"
	}
	if e.Column > 0 {
		return fmt.Sprintf("%s %q, column %d: %s", e.What, expr, e.Column, e.Reason)
	}
	return fmt.Sprintf("%s %q: %s", e.What, expr, e.Reason)
}

// in says in which text the expression stands.
func (e *Error) in(what, expr string) *Error {
	return &Error{What: what, Expr: expr, Column: e.Column, Reason: e.Reason}
}

var (
	undeclared = regexp.MustCompile(`undeclared reference to '([^']*)'`)
	undefined  = regexp.MustCompile(`undefined field '([^']*)'`)
	absent     = regexp.MustCompile(`^no such attribute\(s\): ([\w.]+)`)
	unexpected = regexp.MustCompile(`(?:mismatched|extraneous) input '(.*?)' expecting|no viable alternative at input '(.*)'`)
	keyless    = regexp.MustCompile(`no such key: (\S+)`)
)

// explain turns the first of the compiler's complaints into the rest of a sentence.
func explain(expr string, issues *cel.Issues, known []string, scripts []Output) *Error {
	if len(issues.Errors()) == 0 {
		return &Error{Column: 1, Reason: issues.Err().Error()}
	}
	first := issues.Errors()[0]
	reason := strings.TrimPrefix(strings.TrimSpace(first.Message), "Syntax error: ")
	if m := undeclared.FindStringSubmatch(reason); m != nil {
		reason = unknownName(m[1], namesOf(known, scripts))
	} else if m := undefined.FindStringSubmatch(reason); m != nil {
		reason = unknownField(m[1], scripts)
	} else if m := unexpected.FindStringSubmatch(reason); m != nil {
		reason = unexpectedText(m[1] + m[2])
	} else {
		reason = "is not a valid expression: " + strings.TrimSuffix(reason, " (in container '')")
	}
	return &Error{Column: columnIn(expr, first.Location.Line(), first.Location.Column()), Reason: reason}
}

func unexpectedText(found string) string {
	if strings.Contains(found, "<EOF>") {
		return "is not a valid expression: it ends too early"
	}
	return fmt.Sprintf("is not a valid expression: %q cannot stand here", found)
}

func unknownName(name string, names []string) string {
	if hint := DidYouMean(name, names); hint != "" {
		return fmt.Sprintf("nothing here is called %q%s", name, hint)
	}
	return fmt.Sprintf("nothing here is called %q: known are %s", name, strings.Join(names, ", "))
}

func namesOf(known []string, scripts []Output) []string {
	names := slices.Clone(known)
	for _, script := range scripts {
		names = append(names, script.Name)
	}
	return names
}

func unknownField(name string, scripts []Output) string {
	var all []string
	for _, known := range fields() {
		all = slices.AppendSeq(all, maps.Keys(known))
	}
	for _, script := range scripts {
		all = slices.AppendSeq(all, maps.Keys(script.Fields))
	}
	return fmt.Sprintf("there is no field %q%s", name, DidYouMean(name, all))
}

// columnIn counts from the beginning of the text, whatever lines it has: line from 1, column from 0, in characters.
func columnIn(expr string, line, column int) int {
	lines := strings.SplitAfter(expr, "\n")
	for n := 0; n < line-1 && n < len(lines); n++ {
		column += len([]rune(lines[n]))
	}
	return column + 1
}

// explainRun turns an error of running into the rest of a sentence.
func explainRun(err error) *Error {
	text := err.Error()
	switch {
	case absent.MatchString(text):
		return &Error{Reason: fmt.Sprintf("%s is not known here", absent.FindStringSubmatch(text)[1])}
	case keyless.MatchString(text):
		return &Error{Reason: fmt.Sprintf("there is no value called %s: ask has(…) first", keyless.FindStringSubmatch(text)[1])}
	case strings.Contains(text, "limit exceeded"):
		return &Error{Reason: "takes too long: make it simpler"}
	}
	return &Error{Reason: "has no answer: " + text}
}
