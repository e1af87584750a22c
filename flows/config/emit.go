package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// flow writes a value as YAML on one line. Equal values are written alike, so that it also serves to compare.
func flow(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return flowText(v)
	case float64:
		return flowNumber(v)
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = flow(v[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var sorted fields
		for _, key := range slices.Sorted(maps.Keys(v)) {
			sorted = append(sorted, field{key, v[key]})
		}
		return flow(sorted)
	case fields:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = flowText(one.key) + ": " + flow(one.value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(value)
}

func flowNumber(v float64) string {
	written := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(written, ".e") {
		return written + ".0"
	}
	if mantissa, exponent, big := strings.Cut(written, "e"); big && !strings.Contains(mantissa, ".") {
		return mantissa + ".0e" + exponent
	}
	return written
}

var (
	// bare are texts that every reader of YAML takes for texts, without quotes.
	bare     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./@-]*( [A-Za-z0-9][A-Za-z0-9_./@-]*)*$`)
	bareTime = regexp.MustCompile(`^([0-9]+[smhdw])+$`)
	// words that some version of YAML takes for something else
	notText = []string{"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"}
)

func flowText(value string) string {
	if (bare.MatchString(value) || bareTime.MatchString(value)) && !slices.Contains(notText, strings.ToLower(value)) {
		return value
	}
	return strconv.Quote(value) // Go's escapes are YAML's; what a terminal would obey is among them
}

// document writes a configuration file in the order of its keys.
type document struct{ out strings.Builder }

func (d *document) setting(key string, value any) {
	fmt.Fprintf(&d.out, "%s: %s\n", key, flow(value))
}

// section writes a list of objects: a line for each key, and a line for each part of what is a list of objects.
func (d *document) section(key string, objects []fields) {
	if len(objects) == 0 {
		fmt.Fprintf(&d.out, "%s: []\n", key)
		return
	}
	fmt.Fprintf(&d.out, "%s:\n", key)
	for _, object := range objects {
		lead := "  - "
		for _, one := range object.some() {
			d.key(lead, one)
			lead = "    "
		}
	}
}

// blockable says whether a text can stand as it is below its key: printable lines, none of them empty or beginning or
// ending with a space.
func blockable(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" || strings.TrimSpace(line) != line || strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
			return false
		}
	}
	return true
}

func (d *document) key(lead string, one field) {
	if text, isText := one.value.(string); isText && one.key == "workflow" && blockable(text) {
		fmt.Fprintf(&d.out, "%s%s: |-\n      %s\n", lead, one.key, strings.ReplaceAll(text, "\n", "\n      "))
		return
	}
	items, isList := one.value.([]any)
	if !isList || len(items) == 0 {
		fmt.Fprintf(&d.out, "%s%s: %s\n", lead, one.key, flow(one.value))
		return
	}
	if _, objects := items[0].(fields); !objects {
		fmt.Fprintf(&d.out, "%s%s: %s\n", lead, one.key, flow(one.value))
		return
	}
	fmt.Fprintf(&d.out, "%s%s:\n", lead, one.key)
	for _, item := range items {
		fmt.Fprintf(&d.out, "      - %s\n", flow(item))
	}
}
