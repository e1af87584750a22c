package connectortest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/usherhq/usher/connectors"
)

var (
	placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)
	dotted      = regexp.MustCompile(`^[a-z_]\w*(\.\w+|\[\d+\])*$`)
	comparison  = regexp.MustCompile(`^(\S+) (==|!=|>) (\S.*)$`)
)

// WithTemplates adds a small language for templates and conditions to dependencies: paths such as args.title and
// response.body.items[0].id, and conditions that compare one with a text in single quotes, a number or a boolean by
// ==, != or >. The real language is flows/rules, which connectors may not know.
func WithTemplates(deps connectors.Deps) connectors.Deps {
	deps.Expand, deps.Holds = expand, compare
	deps.CheckTemplate = func(value any, names ...string) error {
		for _, found := range placeholder.FindAllStringSubmatch(fmt.Sprint(value), -1) {
			if err := knows(found[1], names); err != nil {
				return err
			}
		}
		return nil
	}
	deps.CheckCondition = func(expr string, names ...string) error {
		parts := comparison.FindStringSubmatch(expr)
		if parts == nil {
			return fmt.Errorf("%q is no condition", expr)
		}
		return knows(parts[1], names)
	}
	return deps
}

func knows(path string, names []string) error {
	first, _, _ := strings.Cut(path, ".")
	if !dotted.MatchString(path) {
		return fmt.Errorf("%q is no path", path)
	}
	if known := append([]string{"subject"}, names...); !slices.Contains(known, first) {
		return fmt.Errorf("nothing here is called %q: known are %s", first, strings.Join(known, ", "))
	}
	return nil
}

func expand(value any, scope map[string]any) (any, error) {
	switch v := value.(type) {
	case string:
		return expandText(v, scope)
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			var err error
			if list[i], err = expand(element, scope); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		all := make(map[string]any, len(v))
		for key, element := range v {
			var err error
			if all[key], err = expand(element, scope); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	return value, nil
}

func expandText(text string, scope map[string]any) (any, error) {
	if only := placeholder.FindStringSubmatch(text); only != nil && only[0] == text {
		return lookUp(only[1], scope)
	}
	var failed error
	whole := placeholder.ReplaceAllStringFunc(text, func(one string) string {
		value, err := lookUp(placeholder.FindStringSubmatch(one)[1], scope)
		if failed == nil {
			failed = err
		}
		return fmt.Sprint(value)
	})
	return whole, failed
}

// lookUp follows a path.
func lookUp(path string, scope map[string]any) (any, error) {
	var value any = scope
	for _, step := range strings.Split(strings.ReplaceAll(strings.ReplaceAll(path, "[", "."), "]", ""), ".") {
		inner, isMap := value.(map[string]any)
		list, isList := value.([]any)
		at, _ := strconv.Atoi(step)
		found, known := inner[step]
		switch {
		case isMap && known:
			value = found
		case isList && at < len(list):
			value = list[at]
		default:
			return nil, fmt.Errorf("%s: there is no %s", path, step)
		}
	}
	return value, nil
}

func compare(expr string, scope map[string]any) (bool, error) {
	parts := comparison.FindStringSubmatch(expr)
	value, err := lookUp(parts[1], scope)
	if err != nil {
		return false, err
	}
	left, right := fmt.Sprint(value), strings.Trim(parts[3], "'")
	switch parts[2] {
	case "==":
		return left == right, nil
	case "!=":
		return left != right, nil
	}
	a, errA := strconv.ParseFloat(left, 64)
	b, errB := strconv.ParseFloat(right, 64)
	if errA != nil || errB != nil {
		return false, fmt.Errorf("%s compares what is no number", expr)
	}
	return a > b, nil
}
