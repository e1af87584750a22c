package rules

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/usherhq/usher/db"
)

// maxText bounds the text that the placeholders of one text come to, in bytes.
const maxText = 256 << 10

// Expand returns a copy of a value in which the placeholders of all texts are filled in. A text that is only one
// placeholder becomes the placeholder's value, of the types that JSON has: string, bool, int64, float64, nil, []any
// and map[string]any. Durations and times become texts ("8h", RFC 3339) always. Within a longer text a list or a map
// is written as JSON, and a value that is null is an error. What was filled in is not looked at again.
func Expand(value any, scope Scope) (any, error) {
	var expanded any
	err := walk(value, 0, func(text string) (any, error) { return expandText(text, scope) }, &expanded)
	if err != nil {
		return nil, err
	}
	return expanded, nil
}

func expandText(text string, scope Scope) (any, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	parts, problem := split(text)
	if problem != nil {
		return nil, problem
	}
	var whole strings.Builder
	for _, p := range parts {
		if !p.cel {
			whole.WriteString(p.text)
			continue
		}
		value, err := expandOne(p, text, scope)
		if err != nil {
			return nil, err
		}
		if len(parts) == 1 {
			return value, nil
		}
		written, reason := written(value)
		if reason != "" {
			return nil, &Error{What: placeholder, Expr: text, Column: p.column, Reason: reason}
		}
		whole.WriteString(written)
		if whole.Len() > maxText {
			return nil, &Error{What: placeholder, Expr: text, Column: p.column, Reason: "comes to more than 256 KB of text"}
		}
	}
	return whole.String(), nil
}

func expandOne(p part, text string, scope Scope) (any, error) {
	result, problem := evaluate(p.text, scope, writable)
	if problem != nil {
		problem.Column = p.column + max(problem.Column-1, 0)
		return nil, problem.in(placeholder, text)
	}
	value, err := native(result, 0)
	if err != nil {
		return nil, &Error{What: placeholder, Expr: text, Column: p.column, Reason: err.Error()}
	}
	return value, nil
}

// native turns CEL's value into Go's, of the types that JSON has.
func native(value ref.Val, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("lists and maps stand in each other more than %d times", maxDepth)
	}
	switch v := value.(type) {
	case types.String, types.Bool, types.Int, types.Double:
		return v.Value(), nil
	case types.Uint:
		return nativeUint(uint64(v))
	case types.Null:
		return nil, nil //nolint:nilnil // null is a value here
	case types.Duration:
		return durationText(v.Duration), nil
	case types.Timestamp:
		return v.Time.UTC().Format(time.RFC3339), nil
	case traits.Lister:
		return nativeList(v, depth)
	case traits.Mapper:
		return nativeMap(v, depth)
	}
	return nil, fmt.Errorf("is a %s, which cannot be written", value.Type().TypeName())
}

func nativeUint(v uint64) (any, error) {
	if v > math.MaxInt64 {
		return nil, fmt.Errorf("the number %d is too large", v)
	}
	return int64(v), nil
}

// durationText writes whole seconds as people do and anything else as Go does.
func durationText(length time.Duration) string {
	if length <= 0 || length%time.Second != 0 {
		return length.String()
	}
	return db.Duration(length).String()
}

func nativeList(list traits.Lister, depth int) (any, error) {
	all := []any{}
	for it := list.Iterator(); it.HasNext() == types.True; {
		value, err := native(it.Next(), depth+1)
		if err != nil {
			return nil, err
		}
		all = append(all, value)
	}
	return all, nil
}

func nativeMap(m traits.Mapper, depth int) (any, error) {
	all := map[string]any{}
	for it := m.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		name, isText := key.(types.String)
		if !isText {
			return nil, fmt.Errorf("the map has a key of type %s: only texts can be keys", key.Type().TypeName())
		}
		value, err := native(m.Get(key), depth+1)
		if err != nil {
			return nil, err
		}
		all[string(name)] = value
	}
	return all, nil
}

// written is a value within a longer text, or the reason why it cannot be.
func written(value any) (text, reason string) {
	switch v := value.(type) {
	case nil:
		return "", "is null, which cannot stand in a text"
	case string:
		return v, ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), ""
	case []any, map[string]any:
		encoded, err := json.Marshal(v)
		if err != nil {
			return "", "cannot be written as JSON: " + err.Error()
		}
		return string(encoded), ""
	}
	return fmt.Sprint(value), ""
}
