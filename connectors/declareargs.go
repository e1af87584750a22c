package connectors

import "fmt"

// outputs reads a map of templates over the answer.
func (r reading) outputs() map[string]any {
	inner, given := r.object("outputs")
	if !given {
		return nil
	}
	for _, name := range sortedKeys(inner.values) {
		if !lowerSnake.MatchString(name) {
			inner.wrong(fmt.Sprintf("%q is no name: use small letters, digits and single underscores", name), name)
		}
	}
	inner.template(inner.values, []string{scopeArgs, scopeTarget, scopeResponse})
	return inner.values
}

// arguments reads the declared arguments and their defaults.
func (r reading) arguments() ([]Field, map[string]any) {
	all, given := r.object("args")
	if !given {
		return nil, nil
	}
	var fields []Field
	defaults := map[string]any{}
	for _, name := range sortedKeys(all.values) {
		if !lowerSnake.MatchString(name) {
			all.wrong(fmt.Sprintf("%q is no name: use small letters, digits and single underscores", name), name)
		}
		inner, ok := all.object(name)
		if !ok {
			if all.values[name] == nil {
				all.wrong("must be a map, such as {type: string, doc: which ticket}", name)
			}
			continue
		}
		field, fallback := inner.argument(name)
		fields = append(fields, field)
		if fallback != nil {
			defaults[name] = fallback
		}
	}
	return fields, defaults
}

func (r reading) argument(name string) (Field, any) {
	r.only("type", "required", "default", "doc")
	field := Field{
		Name: name, Type: r.oneOf("type", TypeString, TypeBool, TypeInt, TypeMap, TypeAny),
		Required: r.flag("required"), Doc: r.text("doc"),
	}
	fallback := r.values["default"]
	if fallback != nil && !fits(field.Type, fallback) {
		r.wrong("must be of type "+field.Type, "default")
	}
	if fallback != nil && field.Required {
		r.wrong("what is required has no default", "default")
	}
	r.template(fallback, []string{scopeTarget}, "default")
	if field.Doc == "" {
		field.Doc = "argument " + name
	}
	return field, fallback
}
