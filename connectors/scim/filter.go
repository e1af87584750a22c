package scim

import (
	"bytes"
	"encoding/json"
	"strings"
)

// equals is a filter for one attribute (RFC 7644 section 3.4.2.2). The value is a JSON string.
func equals(attribute, value string) string { return attribute + " eq " + quote(value) }

// quote writes a value as a JSON string, with no more escapes than JSON demands: some parsers know only those.
func quote(value string) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	// A string always has a JSON form, so there is no error to handle.
	_ = encoder.Encode(strings.ToValidUTF8(value, "\uFFFD"))
	return strings.TrimSuffix(buffer.String(), "\n")
}

// elementPath points at the element of a multi-valued attribute with this value (RFC 7644 figure 1).
func elementPath(attribute, value string) string {
	return attribute + "[" + equals("value", value) + "]"
}
