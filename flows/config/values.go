package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// valueTree makes the parser's nodes of the values of an edit. In place of lines it numbers the values, and remembers
// the key of each.
type valueTree struct {
	keepEmpty bool     // an empty text is a value too
	keys      []string // by line, from 1
	errs      EditErrors
}

func (t *valueTree) node(value any, key string) node {
	t.keys = append(t.keys, key)
	n := node{line: len(t.keys), column: 1, exact: -1, scalar: value, raw: fmt.Sprint(value)}
	switch v := value.(type) {
	case nil:
		n.kind = null
	case string:
		n.kind = text
		if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
			t.errs = append(t.errs, EditError{key, "this text holds a character that the database cannot keep"})
		}
	case bool:
		n.kind = boolean
	case int:
		n.kind, n.scalar = integer, int64(v)
	case int64:
		n.kind = integer
	case float64:
		n.kind, n.scalar = decimal, wholeNumber(v)
		if _, whole := n.scalar.(int64); whole {
			n.kind = integer
		}
	case []string:
		return t.list(n, words(v), key)
	case []any:
		return t.list(n, v, key)
	case map[string]any:
		n.kind = mapping
		t.entries(&n, v, key)
	default:
		t.errs = append(t.errs, EditError{key, fmt.Sprintf("%v can't stand in the configuration", value)})
	}
	return n
}

// list gives each item a key of its own, unless it is a mere text: then what is wrong is wrong with the list.
func (t *valueTree) list(n node, items []any, key string) node {
	n.kind, n.scalar = list, nil
	for i, item := range items {
		inner := key
		if _, object := item.(map[string]any); object {
			inner = within(key, strconv.Itoa(i+1))
		}
		n.items = append(n.items, t.node(item, inner))
	}
	return n
}

func (t *valueTree) entries(n *node, values map[string]any, key string) {
	n.scalar = nil
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !freeForm(key) && t.saysNothing(values[name]) {
			continue
		}
		value := t.node(values[name], within(key, name))
		n.entries = append(n.entries, entry{key: name, line: value.line, column: 1, value: value})
	}
}

// freeForm says whether a key belongs to what a connector or a company defines: there an empty text is a value too.
func freeForm(key string) bool {
	first, _, _ := strings.Cut(key, ".")
	return slices.Contains([]string{"settings", "endpoints", "attributes"}, first)
}

func (t *valueTree) saysNothing(value any) bool {
	if inner, object := value.(map[string]any); object {
		return len(inner) == 0 && !t.keepEmpty
	}
	return value == nil || value == "" && !t.keepEmpty
}

func within(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// told turns the parser's mistakes into those of the edit.
func (t *valueTree) told(errs Errors) EditErrors {
	all := t.errs
	for _, e := range errs.sorted() {
		key := ""
		if e.Line > 0 && e.Line <= len(t.keys) {
			key = t.keys[e.Line-1]
		}
		if e.Key != "" {
			key = within(key, e.Key)
		}
		all = append(all, EditError{key, sentence(e.Text)})
	}
	return all
}

// sentence is a mistake as people read it in a form.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.ContainsAny(text[len(text)-1:], ".?!") {
		text += "."
	}
	return text
}
