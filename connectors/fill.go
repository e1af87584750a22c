package connectors

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The bounds of what may come of templates, in bytes.
const (
	maxAddress = 8 << 10
	maxHeader  = 8 << 10
)

// filler fills in the templates of one call. Its errors are final: another try would come to the same.
type filler struct {
	deps  Deps
	scope map[string]any
}

// with is the same filler with one name more.
func (f filler) with(name string, value any) filler {
	scope := maps.Clone(f.scope)
	scope[name] = value
	return filler{deps: f.deps, scope: scope}
}

// value fills in all texts of a value.
func (f filler) value(value any) (any, error) {
	if !holds(value) {
		return value, nil
	}
	filled, err := f.deps.Expand(value, f.scope)
	if err != nil {
		return nil, Refuse(err)
	}
	return filled, nil
}

// text fills in a template that comes to a text, a number or a boolean.
func (f filler) text(template any) (string, error) {
	value, err := f.value(template)
	if err != nil {
		return "", err
	}
	text, err := scalar(value)
	if err != nil {
		return "", Refuse(fmt.Errorf("%v %w", template, err))
	}
	if !utf8.ValidString(text) {
		return "", Refuse(fmt.Errorf("%v is no valid text", template))
	}
	return text, nil
}

func scalar(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", errors.New("comes to nothing")
	case string:
		return v, nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case []any, map[string]any:
		return "", errors.New("comes to a list or a map, and only a text, a number or a boolean can stand here")
	}
	return fmt.Sprint(value), nil
}

// path fills in a path. What a placeholder comes to stays within its segment.
func (f filler) path(parts []piece) (string, error) {
	var path strings.Builder
	for _, p := range parts {
		text, err := f.pathPart(p)
		if err != nil {
			return "", err
		}
		path.WriteString(text)
	}
	return path.String(), checkPath(path.String())
}

func (f filler) pathPart(p piece) (string, error) {
	if !p.filled {
		return p.text, nil
	}
	text, err := f.text(p.text)
	switch {
	case err != nil:
		return "", err
	case text == "":
		return "", Refuse(fmt.Errorf("%s comes to nothing: the path would name something else", p.text))
	case leavesSegment(text) || hasControl(text):
		return "", Refuse(fmt.Errorf("%s comes to a text that cannot stand in a path: it holds . or .. as a segment, or a control character", p.text))
	}
	return url.PathEscape(text), nil
}

// checkPath refuses a path in which written and filled-in parts together step out of a segment.
func checkPath(path string) error {
	unescaped, err := url.PathUnescape(path)
	if err != nil || leavesSegment(unescaped) {
		return Refuse(errors.New("the path comes to one with . or .. as a segment"))
	}
	if len(path) > maxAddress {
		return Refuse(fmt.Errorf("the path is longer than %d KB", maxAddress>>10))
	}
	return nil
}

func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f })
}

// query fills in the parameters of a query. What comes to null is left out.
func (f filler) query(templates map[string]any) (url.Values, error) {
	query, size := url.Values{}, 0
	for _, name := range sortedKeys(templates) {
		filled, err := f.value(templates[name])
		if err != nil {
			return nil, err
		}
		values, several := filled.([]any)
		if !several && filled != nil {
			values = []any{filled}
		}
		for _, value := range values {
			text, err := scalar(value)
			if err != nil {
				return nil, Refuse(fmt.Errorf("query parameter %s %w", name, err))
			}
			query.Add(name, text)
			size += len(text)
		}
	}
	if size > maxAddress {
		return nil, Refuse(fmt.Errorf("the query is longer than %d KB", maxAddress>>10))
	}
	return query, nil
}

// headers fills in headers. One value is one header: line breaks are refused.
func (f filler) headers(templates map[string]any) (http.Header, error) {
	header := http.Header{}
	for _, name := range sortedKeys(templates) {
		text, err := f.text(templates[name])
		switch {
		case err != nil:
			return nil, err
		case hasControl(text):
			return nil, Refuse(fmt.Errorf("header %s comes to a text with a line break or another control character", name))
		case len(text) > maxHeader:
			return nil, Refuse(fmt.Errorf("header %s is longer than %d KB", name, maxHeader>>10))
		}
		header.Set(name, text)
	}
	return header, nil
}

// outputs fills in outputs from an answer.
func (f filler) outputs(templates map[string]any) (map[string]any, error) {
	output := make(map[string]any, len(templates))
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		value, err := f.value(templates[name])
		if err != nil {
			return nil, Refuse(fmt.Errorf("output %s: %w", name, err))
		}
		output[name] = value
	}
	if size := sizeOf(output); size > maxOutput {
		return nil, Refuse(fmt.Errorf("the outputs are larger than %d KB: name only what later scripts need", maxOutput>>10))
	}
	return output, nil
}
