package handlers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers/views"
)

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
