package gitlab

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// list reads an argument that is a list or a text with commas. Blank entries do not count.
func list(value any) []string {
	var all []string
	elements, isList := value.([]any)
	if texts, ok := value.([]string); ok {
		return list(strings.Join(texts, ","))
	}
	if !isList {
		for part := range strings.SplitSeq(text(value), ",") {
			elements = append(elements, part)
		}
	}
	for _, element := range elements {
		if one := text(element); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// issueNumber reads the argument issue, an iid such as 12. Numbers that came through JSON may be floats.
func issueNumber(call connectors.Call) (int64, error) {
	value := call.Args["issue"]
	if number, ok := value.(float64); ok && number == math.Trunc(number) {
		value = int64(number)
	}
	iid, err := strconv.ParseInt(text(value), 10, 64)
	if err != nil || iid < 1 {
		return 0, refuse(fmt.Sprintf("%q is no issue: the number within its project is needed, such as 12", text(value)))
	}
	return iid, nil
}

// boolean reads an argument that is a boolean, perhaps written as text.
func boolean(call connectors.Call, name string, fallback bool) bool {
	value, err := strconv.ParseBool(call.Text(name, ""))
	if err != nil {
		return fallback
	}
	return value
}

// variables are what a template's placeholders stand for: what is always known about the call, and the argument
// variables, which wins.
func variables(call connectors.Call) map[string]string {
	all := map[string]string{
		"subject_email": call.Subject.Email, "subject_name": call.Subject.Name, "target": call.Target,
	}
	given, _ := call.Args["variables"].(map[string]any)
	for name, value := range given {
		if _, isList := value.([]any); isList {
			all[name] = strings.Join(list(value), ", ")
			continue
		}
		all[name] = text(value)
	}
	return all
}
