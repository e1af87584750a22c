package config

import (
	"math"
	"slices"
)

// kind is what a YAML value is.
type kind string

const (
	null    kind = "nothing"
	text    kind = "text"
	integer kind = "a whole number"
	decimal kind = "a decimal number"
	boolean kind = "true or false"
	list    kind = "a list"
	mapping kind = "a map of keys and values"
)

// node is a YAML value with its place, independent of the YAML library.
type node struct {
	kind         kind
	line, column int
	scalar       any // string, int64, float64 or bool
	raw          string
	exact        int // how many columns after column the text begins; -1 where the text and the file differ
	items        []node
	entries      []entry
}

// entry is one key of a mapping with its value.
type entry struct {
	key          string
	line, column int
	value        node
}

// find returns the value of a key; a key whose value is null counts as absent.
func (n node) find(key string) (node, bool) {
	for _, e := range n.entries {
		if e.key == key && e.value.kind != null {
			return e.value, true
		}
	}
	return node{}, false
}

// plain is the value as JSON would hold it: string, int64, float64, bool, nil, []any and map[string]any. Null values
// of a map are left out.
func (n node) plain() any {
	switch n.kind {
	case list:
		all := make([]any, len(n.items))
		for i, item := range n.items {
			all[i] = item.plain()
		}
		return all
	case mapping:
		all := map[string]any{}
		for _, e := range n.entries {
			if e.value.kind != null {
				all[e.key] = e.value.plain()
			}
		}
		return all
	case decimal:
		return wholeNumber(n.scalar)
	default:
		return n.scalar
	}
}

// wholeNumber turns 3.0 into 3, as a column of JSON would.
func wholeNumber(value any) any {
	if f, ok := value.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return value
}

// normal turns what was read from a column of JSON into the form of plain.
func normal(value any) any {
	switch v := value.(type) {
	case map[string]any:
		all := map[string]any{}
		for key, inner := range v {
			if inner != nil {
				all[key] = normal(inner)
			}
		}
		return all
	case []any:
		all := slices.Clone(v)
		for i := range all {
			all[i] = normal(all[i])
		}
		return all
	}
	return wholeNumber(value)
}
