package slack

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

const maxBody = 8 << 20

// args are the arguments of a call, each as raw JSON: those of a form are strings.
type args map[string]json.RawMessage

// has is true when the argument is there and not empty.
func (a args) has(key string) bool {
	raw := strings.TrimSpace(string(a[key]))
	return raw != "" && raw != "null" && raw != `""`
}

// text returns an argument as a string; numbers and booleans as they are written.
func (a args) text(key string) string {
	var s string
	if json.Unmarshal(a[key], &s) == nil {
		return s
	}
	if raw := strings.TrimSpace(string(a[key])); raw != "null" {
		return raw
	}
	return ""
}

// structure returns an argument that is JSON, be it as such or as a string that holds it.
func (a args) structure(key string) json.RawMessage {
	if !a.has(key) {
		return nil
	}
	var s string
	if json.Unmarshal(a[key], &s) == nil {
		return json.RawMessage(s)
	}
	return a[key]
}

// flag returns a boolean argument: true, "true" and "1" are true, anything else and none is false.
func (a args) flag(key string) bool {
	s := a.text(key)
	return s == "true" || s == "1"
}

// number returns a whole number between one and most, or the default when absent.
func (a args) number(key string, absent, most int) (int, error) {
	if !a.has(key) {
		return absent, nil
	}
	n, err := strconv.Atoi(a.text(key))
	if err != nil || n < 0 || n > most {
		return 0, refuse("invalid_limit")
	}
	if n == 0 {
		return absent, nil
	}
	return n, nil
}

// ids returns a list: comma-separated, or a JSON array.
func (a args) ids(key string) []string {
	if !a.has(key) {
		return nil
	}
	var items []string
	if json.Unmarshal(a.structure(key), &items) == nil {
		return items
	}
	for _, item := range strings.Split(a.text(key), ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// journaled is what the journal keeps of a call: everything but the token.
func (a args) journaled() map[string]any {
	out := map[string]any{}
	for key := range a {
		if key == "token" || !a.has(key) {
			continue
		}
		if raw := a.structure(key); json.Valid(raw) && strings.ContainsAny(string(raw), "{[") {
			out[key] = raw
			continue
		}
		out[key] = a.text(key)
	}
	return out
}

// require refuses when one of the arguments is missing.
func (a args) require(keys []string) error {
	for _, key := range keys {
		if !a.has(key) {
			return invalidArguments(fmt.Sprintf("missing required field: %s", key))
		}
	}
	return nil
}
