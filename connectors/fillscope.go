package connectors

import (
	"fmt"
	"strconv"
)

// fillerOf puts together what templates may use. Arguments that are absent get their default, or null.
func fillerOf(deps Deps, fields []Field, defaults map[string]any, call Call) (filler, error) {
	attributes := call.Subject.Attributes
	if attributes == nil {
		attributes = map[string]any{}
	}
	f := filler{deps: deps, scope: map[string]any{
		scopeTarget: call.Target,
		"subject": map[string]any{
			"email": call.Subject.Email, "name": call.Subject.Name, "department": call.Subject.Department,
			"title": call.Subject.Title, "attributes": attributes,
		},
	}}
	args := make(map[string]any, len(fields))
	for _, field := range fields {
		value := call.Args[field.Name]
		if value == nil {
			filled, err := f.value(defaults[field.Name])
			if err != nil {
				return f, fmt.Errorf("default of %s: %w", field.Name, err)
			}
			value = filled
		}
		args[field.Name] = typed(field.Type, value)
	}
	f.scope[scopeArgs] = args
	return f, nil
}

// typed turns a text into what the field wants, where it was written as text.
func typed(kind string, value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	switch kind {
	case TypeBool:
		if flag, err := strconv.ParseBool(text); err == nil {
			return flag
		}
	case TypeInt:
		if number, err := strconv.ParseInt(text, 10, 64); err == nil {
			return number
		}
	}
	return value
}
