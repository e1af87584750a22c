package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// valueAt finds the value of a key such as durations.max or approval.2.chain, where the second of a list is meant; nil
// when there is none.
func valueAt(values map[string]any, key string) any {
	var at any = values
	for part := range strings.SplitSeq(key, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[part]
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n < 1 || n > len(v) {
				return nil
			}
			at = v[n-1]
		default:
			return nil
		}
	}
	return at
}

// setValue puts a value at a key, and makes the maps and lists in between. What stood there is copied, not changed.
func setValue(values map[string]any, key string, value any) {
	name, rest, deeper := strings.Cut(key, ".")
	if !deeper {
		values[name] = value
		return
	}
	number, further, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if err != nil {
		values[name] = withValue(values[name], rest, value)
		return
	}
	items, _ := values[name].([]any)
	items = slices.Clone(items)
	for len(items) < n {
		items = append(items, map[string]any{})
	}
	items[n-1] = withValue(items[n-1], further, value)
	values[name] = items
}

// withValue is a copy of a map with a value at a key.
func withValue(old any, key string, value any) map[string]any {
	inner, _ := old.(map[string]any)
	if inner = maps.Clone(inner); inner == nil {
		inner = map[string]any{}
	}
	setValue(inner, key, value)
	return inner
}

// textOf writes a single value as a person types it.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// textsOf are the texts of a list, or the one text.
func textsOf(value any) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		texts := make([]string, 0, len(v))
		for _, item := range v {
			texts = append(texts, textOf(item))
		}
		return texts
	}
	if text := textOf(value); text != "" {
		return []string{text}
	}
	return nil
}

func listOf(texts []string) []any {
	items := make([]any, 0, len(texts))
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			items = append(items, text)
		}
	}
	return items
}

// isSet says whether a value is true.
func isSet(value any) bool {
	set, _ := value.(bool)
	return set
}

// number is a whole number, however the value was stored.
func number(value any) (int, bool) {
	switch v := value.(type) {
	case int:
		return v, true
	case int64:
		return int(v), true
	case float64:
		return int(v), true
	}
	return 0, false
}

// pruned drops what says nothing: empty texts and maps, and rows of a form that nobody filled in.
func pruned(values map[string]any) map[string]any {
	kept := map[string]any{}
	for key, value := range values {
		switch v := value.(type) {
		case nil:
			continue
		case string:
			if strings.TrimSpace(v) == "" {
				continue
			}
		case map[string]any:
			inner := pruned(v)
			if len(inner) == 0 {
				continue
			}
			value = inner
		case []any:
			value = prunedList(v)
		}
		kept[key] = value
	}
	return kept
}

func prunedList(items []any) []any {
	kept := []any{}
	for _, item := range items {
		if inner, is := item.(map[string]any); is {
			if inner = pruned(inner); len(inner) == 0 {
				continue
			}
			item = inner
		}
		kept = append(kept, item)
	}
	return kept
}
