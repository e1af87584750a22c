package connectors

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// CheckArgs compares a script's arguments with an endpoint's fields. The error names the argument and what was meant.
// It can be used before placeholders are filled in: a text that still holds one fits every type.
func CheckArgs(fields []Field, args map[string]any) error {
	return checkFields("argument", fields, args)
}

// CheckSettings compares a provider's settings with a connector's fields. A secret written out is refused: only a
// reference may stand in a configuration.
func CheckSettings(fields []Field, settings map[string]any) error {
	if err := checkFields("setting", fields, settings); err != nil {
		return err
	}
	for _, field := range fields {
		value, ok := settings[field.Name]
		if !field.Secret || !ok {
			continue
		}
		if err := checkReference(fmt.Sprint(value)); err != nil {
			return fmt.Errorf("setting %q: %w", field.Name, err)
		}
	}
	return nil
}

func checkFields(what string, fields []Field, values map[string]any) error {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.Name
		value, ok := values[field.Name]
		if (!ok || value == nil || value == "") && field.Required {
			return fmt.Errorf("%s %q is missing: %s", what, field.Name, field.Doc)
		}
		if ok && value != nil && !fits(field.Type, value) {
			return fmt.Errorf("%s %q must be of type %s", what, field.Name, field.Type)
		}
	}
	given := make([]string, 0, len(values))
	for name := range values {
		given = append(given, name)
	}
	slices.Sort(given)
	for _, name := range given {
		if !slices.Contains(names, name) {
			return fmt.Errorf("unknown %s %q: known are %s", what, name, orNone(names))
		}
	}
	return nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// fits reports whether a value, perhaps written as text, is of a field's type.
func fits(kind string, value any) bool {
	text, isText := value.(string)
	if isText && strings.Contains(text, "{{") {
		return true
	}
	switch kind {
	case TypeString:
		return isText
	case TypeBool:
		_, isBool := value.(bool)
		return isBool || isText && (text == "true" || text == "false")
	case TypeInt:
		return isInt(value)
	case TypeMap:
		_, isMap := value.(map[string]any)
		return isMap
	}
	return true
}

func isInt(value any) bool {
	switch v := value.(type) {
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return true
	case float64:
		return v == math.Trunc(v) && !math.IsInf(v, 0)
	case string:
		_, err := strconv.Atoi(v)
		return err == nil
	}
	return false
}
