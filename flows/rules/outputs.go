package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// Output is what an expression may know of an earlier script: its name and, as far as they are known, the fields of its
// output. Nil Fields means that any field may be asked for.
type Output struct {
	Name   string
	Fields map[string]string // to "string", "bool", or anything else for what is told apart only when it runs
}

// Outputs are scripts of which only the names are known.
func Outputs(names ...string) []Output {
	all := make([]Output, len(names))
	for n, name := range names {
		all[n] = Output{Name: name}
	}
	return all
}

// usable are the outputs under the names by which expressions know them: ordered, once each, without what means
// another thing.
func usable(scripts []Output) []Output {
	byName := map[string]Output{}
	for _, script := range scripts {
		if name := Name(script.Name); !Reserved(name) {
			byName[name] = Output{Name: name, Fields: script.Fields}
		}
	}
	all := make([]Output, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, byName[name])
	}
	return all
}

// keyOf tells apart expressions that know different outputs.
func keyOf(scripts []Output) string {
	var key strings.Builder
	for _, script := range scripts {
		key.WriteString(script.Name + ",")
		if script.Fields == nil {
			continue
		}
		key.WriteString("{") // no fields are not the same as any field
		for _, field := range slices.Sorted(maps.Keys(script.Fields)) {
			key.WriteString("." + field + ":" + script.Fields[field])
		}
	}
	return key.String()
}

// outputNamespace sets the types of outputs apart from ours.
const outputNamespace = namespace + "output."

func (o Output) celType() *cel.Type {
	if o.Fields == nil {
		return cel.DynType
	}
	return cel.ObjectType(outputNamespace + o.Name)
}

// outputTypes declares the types of outputs whose fields are known.
func outputTypes(scripts []Output) ([]cel.EnvOption, error) {
	known := fields()
	for _, script := range scripts {
		if script.Fields == nil {
			continue
		}
		declared := map[string]*cel.Type{}
		for field, kind := range script.Fields {
			declared[field] = fieldType(kind)
		}
		known[script.celType().TypeName()] = declared
	}
	if len(known) == len(fields()) {
		return nil, nil
	}
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, fmt.Errorf("make types of outputs: %w", err)
	}
	return []cel.EnvOption{cel.CustomTypeProvider(records{Registry: registry, fields: known})}, nil
}

func fieldType(kind string) *cel.Type {
	switch kind {
	case "string":
		return cel.StringType
	case "bool":
		return cel.BoolType
	}
	return cel.DynType
}
