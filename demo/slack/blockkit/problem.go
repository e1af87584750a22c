package blockkit

import (
	"fmt"
	"strconv"
)

const (
	codeMissing    = "missing_field"
	codeType       = "invalid_type"
	codeConstraint = "failed_constraint"
)

func missing(at, name string) Problem {
	return Problem{Message: missingPrefix + name, Pointer: at, Code: codeMissing}
}

// missingPrefix starts the sentence about an absent field; the rest is its name.
const missingPrefix = "missing required field: "

func wrongType(at, message string) Problem {
	return Problem{Message: message, Pointer: at, Code: codeType}
}

func failed(at, message, constraint string, expected, got any) Problem {
	return Problem{
		Message: message, Pointer: at, Code: codeConstraint,
		Constraint: map[string]any{"type": constraint, "expected": expected, "got": got},
	}
}

func tooLong(at string, maximum, got int64) Problem {
	return failed(at, fmt.Sprintf("must be less than %d characters", maximum+1), "max_length", maximum, got)
}

func tooShort(at string, minimum, got int64) Problem {
	return failed(at, fmt.Sprintf("must be more than %d characters", minimum-1), "min_length", minimum, got)
}

func tooMany(at string, maximum, got int64) Problem {
	return failed(at, fmt.Sprintf("no more than %d items allowed", maximum), "max_items", maximum, got)
}

func tooFew(at string, minimum, got int64) Problem {
	return failed(at, fmt.Sprintf("must provide at least %d items", minimum), "min_items", minimum, got)
}

func notInEnum(at, message string, expected []string, got string) Problem {
	return failed(at, message, "enum", expected, got)
}

func additional(at, name string) Problem {
	return Problem{
		Message: "invalid additional property: " + name, Pointer: at, Code: codeConstraint,
		Constraint: map[string]any{"type": "additional_properties", "got": name},
	}
}

// allOf is the line for an object that must satisfy several descriptions at once; what failed follows it.
func allOf(at string) Problem {
	return Problem{
		Message: "failed to match all allowed schemas", Pointer: at, Code: codeConstraint,
		Constraint: map[string]any{"type": "all_of"},
	}
}

// severalOf is the line for an object with two fields that exclude each other.
func severalOf(at string) Problem {
	return Problem{
		Message: "failed to match exactly one allowed schema", Pointer: at, Code: codeConstraint,
		Constraint: map[string]any{"type": "one_of"},
	}
}

// broken is a fault that only a rule outside the schema finds.
func broken(at, message string) Problem {
	return Problem{Message: message, Pointer: at, Code: codeConstraint}
}

func index(at string, i int) string { return at + "/" + strconv.Itoa(i) }

func asList(value any) []any {
	items, _ := value.([]any)
	return items
}

func asObject(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

func asString(value any) string {
	text, _ := value.(string)
	return text
}

func asFlag(value any) bool {
	set, _ := value.(bool)
	return set
}
