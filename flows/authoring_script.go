package flows

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// fill writes what was chosen into a script. Its retries, its time and what follows a failure stay.
func fill(catalogue *scripts.Catalogue, script db.Script, fix Fix) (db.Script, error) {
	t, err := catalogue.Type(fix.Type, map[string]any{"provider": fix.Args["provider"]})
	if err != nil {
		return script, refuseField(FieldScriptType, 0, "%s.", err)
	}
	script.Type, script.When, script.Args = fix.Type, strings.TrimSpace(fix.When), nil
	for _, arg := range t.Args {
		typed := strings.TrimSpace(fix.Args[arg.Name])
		if typed == "" {
			continue
		}
		value, err := argument(arg, typed)
		if err != nil {
			return script, refuseField(FieldArgument+arg.Name, 0, "%s", err)
		}
		if script.Args == nil {
			script.Args = map[string]any{}
		}
		script.Args[arg.Name] = value
	}
	return script, nil
}

// argument reads what was typed for an argument. A placeholder alone becomes whatever it stands for.
func argument(arg scripts.Arg, typed string) (any, error) {
	placeholder := strings.HasPrefix(typed, "{{") && strings.HasSuffix(typed, "}}")
	switch {
	case placeholder:
		return typed, nil
	case arg.Type == connectors.TypeBool:
		value, err := strconv.ParseBool(typed)
		if err != nil {
			return nil, fmt.Errorf("choose true or false")
		}
		return value, nil
	case arg.Type == connectors.TypeInt:
		value, err := strconv.ParseInt(typed, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("write a whole number")
		}
		return value, nil
	case arg.Type == connectors.TypeMap, arg.Type == connectors.TypeAny && strings.ContainsAny(typed[:1], "[{"):
		var value any
		if err := json.Unmarshal([]byte(typed), &value); err != nil {
			return nil, fmt.Errorf("write this as JSON, for example {\"key\": \"value\"} or [\"one\", \"two\"]: %w", err)
		}
		return value, nil
	}
	return typed, nil
}

// TrueOrFalse says whether an argument takes nothing but these two.
func TrueOrFalse(arg scripts.Arg) bool { return arg.Type == connectors.TypeBool }

// WrittenArgument is an argument as it would be typed.
func WrittenArgument(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// wrongScript refuses the first thing that is wrong with the script at a place, at its field.
func wrongScript(problems []scripts.Problem, at int) error {
	for _, problem := range problems {
		if problem.Index != at {
			continue
		}
		field := FieldScriptType
		switch {
		case len(problem.Path) > 1 && problem.Path[0] == "args":
			field = FieldArgument + problem.Path[1]
		case len(problem.Path) > 0 && problem.Path[0] == "name":
			field = FieldScriptName
		case len(problem.Path) > 0 && problem.Path[0] == "when":
			field = FieldWhen
		}
		return refuseField(field, 0, "%s.", strings.TrimSuffix(problem.Reason, "."))
	}
	return nil
}

// freeScriptName makes a name of a script type that no other script has.
func freeScriptName(kind string, others []db.Script) string {
	base := kind
	for _, separator := range scripts.Separators() {
		if _, endpoint, is := strings.Cut(kind, separator); is {
			base = endpoint
		}
	}
	base = base[:min(len(base), 50)]
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s_%d", base, n)
		}
		taken := slices.ContainsFunc(others, func(s db.Script) bool { return rules.Name(s.Name) == rules.Name(name) })
		if !taken && !rules.Reserved(name) {
			return name
		}
	}
}
