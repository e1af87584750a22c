// Package rules evaluates what administrators write between the rows of the catalogue: conditions, and the
// placeholders {{ … }} in the arguments of scripts. Both are CEL (Common Expression Language, cel.dev) over the
// variables requester, subject, approvers, entitlement, provider, request, grant and duration, and over the output of
// each earlier script by the script's name. Conditions that are not about a request are over person, or over person and
// change: see [OverPeople] and [OverChanges].
//
// What is known about a variable is declared, so that a misspelt field is found when an expression is checked and not
// when somebody waits for access. An expression has no effects and is bounded in time and memory. Two things are added
// to CEL: duration('7d') and duration('2w') work beside CEL's own units, and the functions of its strings extension
// (lowerAscii, split, replace, …) are there.
package rules

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// Scope holds the values of the variables, by name. A variable that is absent is an error when an expression uses it.
// Build the known ones with [Person], [Entitlement], [Provider], [Request], [Grant] and [Change]; duration is a db.Duration or a
// time.Duration; the output of an earlier script is a map under the script's name. In a name with hyphens the
// expression has underscores instead.
type Scope map[string]any

// CheckCondition says what is wrong with a condition before it is used: it must compile, know all its names and answer
// true or false. Earlier are the scripts whose output it may use. The error is an [*Error].
func CheckCondition(expr string, earlier ...Output) error {
	return CheckConditionOver(VariableNames(), expr, earlier...)
}

// CheckConditionOver is CheckCondition for a place where only some of the variables exist.
func CheckConditionOver(variables []string, expr string, earlier ...Output) error {
	if strings.TrimSpace(expr) == "" {
		return nil
	}
	c, err := compile(expr, variables, earlier)
	if err != nil {
		return err.in(condition, expr)
	}
	if kind := c.ast.OutputType(); kind.Kind() != types.BoolKind && kind.Kind() != types.DynKind {
		return &Error{What: condition, Expr: expr, Column: 1, Reason: "must answer true or false, and this is " + kindName(kind)}
	}
	return nil
}

// Holds evaluates a condition. The empty one holds. What cannot be told, because a value is missing or is not of the
// kind that the condition expects, is an error and never an answer.
func Holds(expr string, scope Scope) (bool, error) {
	if strings.TrimSpace(expr) == "" {
		return true, nil
	}
	value, err := evaluate(expr, scope, nil)
	if err != nil {
		return false, err.in(condition, expr)
	}
	answer, ok := value.(types.Bool)
	if !ok {
		return false, &Error{What: condition, Expr: expr, Column: 1, Reason: "must answer true or false, and answered " + value.Type().TypeName()}
	}
	return bool(answer), nil
}

// kindName is what people call a type.
func kindName(kind *cel.Type) string {
	switch kind.Kind() {
	case types.StringKind:
		return "a text"
	case types.IntKind, types.UintKind, types.DoubleKind:
		return "a number"
	case types.ListKind:
		return "a list"
	case types.StructKind:
		if script, is := strings.CutPrefix(kind.TypeName(), outputNamespace); is {
			return "the whole output of " + script
		}
		return "a whole " + strings.ToLower(strings.TrimPrefix(kind.TypeName(), namespace))
	default:
		return kind.String()
	}
}
