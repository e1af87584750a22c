package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

var errTooDeep = errors.New("too deep")

// decodeObject reads a body that has to be one JSON object. A name that stands twice in an object is refused, since
// readers differ about which one counts. Numbers keep their text.
func decodeObject(body []byte) (map[string]any, error) {
	if !utf8.Valid(body) {
		return nil, InvalidSyntax("The body is not UTF-8.")
	}
	if !json.Valid(body) {
		return nil, InvalidSyntax("The body is not JSON.")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	value, err := decodeValue(decoder, 0)
	if errors.Is(err, errTooDeep) {
		return nil, TooLarge("The body is nested more than %d deep.", mostNesting)
	}
	if err != nil {
		return nil, InvalidSyntax("The body cannot be read: %s.", err)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, InvalidSyntax("The body must be a JSON object.")
	}
	return object, nil
}

func decodeValue(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if _, opens := token.(json.Delim); opens && depth >= mostNesting {
		return nil, errTooDeep
	}
	switch token {
	case json.Delim('{'):
		return decodeMembers(decoder, depth+1)
	case json.Delim('['):
		return decodeElements(decoder, depth+1)
	}
	return token, nil
}

func decodeMembers(decoder *json.Decoder, depth int) (any, error) {
	object, seen := map[string]any{}, map[string]bool{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("read JSON: %w", err)
		}
		key, _ := name.(string)
		folded := strings.ToLower(key)
		if seen[folded] {
			return nil, fmt.Errorf("%s stands twice in one object", quoted(key))
		}
		seen[folded] = true
		if object[key], err = decodeValue(decoder, depth); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return object, err
}

func decodeElements(decoder *json.Decoder, depth int) (any, error) {
	list := []any{}
	for decoder.More() {
		value, err := decodeValue(decoder, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := decoder.Token()
	return list, err
}
