package config

import (
	"maps"
	"slices"
	"strings"
)

// Written writes a value as YAML on one line, as a [FieldChange] does.
func Written(value any) string { return flow(value) }

// Lines writes a value for people to change: each key of a map and each item of a list on a line of its own.
func Lines(value any) string {
	var lines []string
	switch v := value.(type) {
	case nil:
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			lines = append(lines, flowText(key)+": "+flow(normal(v[key])))
		}
	case []any:
		for _, item := range v {
			lines = append(lines, "- "+flow(normal(item)))
		}
	default:
		return flow(normal(v))
	}
	return strings.Join(lines, "\n")
}

// ReadLines reads YAML that somebody typed, such as Lines writes. Nothing is an empty text; the error is [EditErrors].
func ReadLines(text string) (any, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	root, errs := readYAML("", []byte("value:\n"+indented(text)))
	if len(errs) > 0 {
		return nil, EditErrors{{Text: sentence(errs[0].Text)}}
	}
	value, _ := root.find("value")
	return value.plain(), nil
}

// indented puts a text below a key.
func indented(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	return "  " + strings.Join(lines, "\n  ") + "\n"
}
