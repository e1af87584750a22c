package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers/views"
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

// setValue puts a value at a key, and makes the maps and lists in between.
func setValue(values map[string]any, key string, value any) {
	name, rest, deeper := strings.Cut(key, ".")
	if !deeper {
		values[name] = value
		return
	}
	number, further, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if err != nil {
		inner, _ := values[name].(map[string]any)
		inner = maps.Clone(inner)
		if inner == nil {
			inner = map[string]any{}
		}
		setValue(inner, rest, value)
		values[name] = inner
		return
	}
	items, _ := values[name].([]any)
	items = slices.Clone(items)
	for len(items) < n {
		items = append(items, map[string]any{})
	}
	inner, _ := items[n-1].(map[string]any)
	inner = maps.Clone(inner)
	if inner == nil {
		inner = map[string]any{}
	}
	setValue(inner, further, value)
	items[n-1] = inner
	values[name] = items
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

// takeTyped puts what a form holds into the values. The error is about a field that cannot be read.
func takeTyped(values map[string]any, state views.AdminState, fields []views.AdminField, typed bot.State) error {
	for _, field := range fields {
		block, action := state.Block(field.Key), views.AdminAction(field)
		if _, shown := typed[block]; !shown {
			continue
		}
		if field.As == views.AsFlags {
			for _, choice := range field.Choices {
				setValue(values, choice[0], orNil(slices.Contains(typed.Values(block, action), choice[0])))
			}
			continue
		}
		value, err := typedValue(field, typed.Value(block, action), typed.Values(block, action))
		if err != nil {
			return err
		}
		setValue(values, field.Key, value)
	}
	return nil
}

// orNil is true, or nothing at all.
func orNil(set bool) any {
	if set {
		return true
	}
	return nil
}

func typedValue(field views.AdminField, text string, chosen []string) (any, error) {
	text = strings.TrimSpace(text)
	switch field.As {
	case views.AsMany:
		return listOf(chosen), nil
	case views.AsWords:
		return listOf(strings.Split(text, ",")), nil
	case views.AsNumber, views.AsChoice:
		if n, err := strconv.Atoi(text); err == nil {
			return n, nil
		}
	case views.AsYAML:
		value, err := config.ReadLines(text)
		if err != nil {
			return nil, &flows.Error{Field: field.Key, Text: err.Error()}
		}
		return value, nil
	}
	return text, nil
}

// roomIn says what optional parts a form needs for what an object holds.
func roomIn(kind string, values map[string]any) views.AdminRoom {
	rules, _ := values["approval"].([]any)
	_, emergency := values["emergency"]
	return views.AdminRoom{Rules: max(len(rules), 1), Emergency: emergency, Step: kind == config.KindSeparation && values["effect"] == db.SeparationAsks}
}
