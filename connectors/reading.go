package connectors

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lowerSnake is how endpoints, arguments and outputs are named.
var lowerSnake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// reading is one map within a declaration. What is wrong is added to mistakes, and reading goes on.
type reading struct {
	deps     Deps
	index    int
	path     []string
	values   map[string]any
	mistakes *[]error
	// args are the declared arguments, once they were read.
	args []Field
}

// wrong notes a mistake at a key of this map, or at the map itself.
func (r reading) wrong(reason string, path ...string) {
	whole := append(slices.Clone(r.path), path...)
	*r.mistakes = append(*r.mistakes, &DeclarationError{Index: r.index, Path: whole, Reason: reason})
}

// only notes the keys that have no meaning here.
func (r reading) only(known ...string) {
	for _, key := range sortedKeys(r.values) {
		if !slices.Contains(known, key) {
			r.wrong(fmt.Sprintf("unknown key %q: known are %s", key, strings.Join(known, ", ")), key)
		}
	}
}

// text reads an optional text.
func (r reading) text(key string) string {
	value, given := r.values[key]
	if !given || value == nil {
		return ""
	}
	text, ok := value.(string)
	if !ok {
		r.wrong("must be a text", key)
	}
	return strings.TrimSpace(text)
}

// must reads a text that may not be absent.
func (r reading) must(key, why string) string {
	value := r.text(key)
	if _, wrong := r.values[key]; value == "" && (!wrong || r.values[key] == nil || r.values[key] == "") {
		if wrong {
			r.wrong("is missing: "+why, key)
		} else {
			r.wrong(fmt.Sprintf("%q is missing: %s", key, why))
		}
	}
	return value
}

// oneOf reads a text that is one of a few, the first if absent.
func (r reading) oneOf(key string, choices ...string) string {
	value := r.text(key)
	if value == "" {
		return choices[0]
	}
	if !slices.Contains(choices, value) {
		r.wrong(fmt.Sprintf("%q is none of %s", value, strings.Join(choices, ", ")), key)
	}
	return value
}

// name reads a name in lower_snake.
func (r reading) name(key string) string {
	name := r.must(key, "what the endpoint is called")
	switch {
	case name == "":
	case !lowerSnake.MatchString(name) || len(name) > 64:
		r.wrong(fmt.Sprintf("%q is no name: use small letters, digits and single underscores, at most 64", name), key)
	case separates(name):
		r.wrong(fmt.Sprintf("%q must not hold the words api or webhook between underscores: they separate the names in script types", name), key)
	}
	return name
}

// object reads an optional map.
func (r reading) object(key string) (reading, bool) {
	value, given := r.values[key]
	if !given || value == nil {
		return reading{}, false
	}
	values, ok := value.(map[string]any)
	if !ok {
		r.wrong("must be a map", key)
		return reading{}, false
	}
	inner := r
	inner.path, inner.values = append(slices.Clone(r.path), key), values
	return inner, true
}

// list reads an optional list.
func (r reading) list(key string) []any {
	value, given := r.values[key]
	if !given || value == nil {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		r.wrong("must be a list", key)
	}
	return list
}

// statuses reads a list of HTTP statuses.
func (r reading) statuses(key string) []int {
	var all []int
	for i, value := range r.list(key) {
		status, ok := whole(value)
		if !ok || status < 200 || status > 599 {
			r.wrong("must be an HTTP status from 200 to 599", key, strconv.Itoa(i))
		}
		all = append(all, status)
	}
	return all
}

// flag reads an optional boolean.
func (r reading) flag(key string) bool {
	value, given := r.values[key]
	if !given || value == nil {
		return false
	}
	flag, ok := value.(bool)
	if !ok {
		r.wrong("must be true or false", key)
	}
	return flag
}

// span reads a duration within bounds.
func (r reading) span(key string, fallback, low, high time.Duration) time.Duration {
	text := r.text(key)
	if text == "" {
		return fallback
	}
	span, err := parseSpan(text)
	if err != nil || span < low || span > high {
		r.wrong(fmt.Sprintf("%q is not a duration from %s to %s", text, low, high), key)
	}
	return span
}

// parseSpan reads Go's durations and whole days such as 7d.
func parseSpan(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

// whole reads a whole number as YAML or JSON writes it.
func whole(value any) (int, bool) {
	switch v := value.(type) {
	case int:
		return v, true
	case int64:
		return int(v), true
	case uint64:
		return int(min(v, math.MaxInt32)), true
	case float64:
		return int(v), v == math.Trunc(v) && math.Abs(v) < 1<<31
	}
	return 0, false
}

func sortedKeys(values map[string]any) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
