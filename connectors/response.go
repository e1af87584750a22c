package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// The bounds of what is looked at of an answer and of what is kept of it, in bytes.
const (
	maxResponse = 1 << 20
	maxOutput   = 64 << 10
)

var errLargeAnswer = fmt.Errorf("the answer is larger than %d MB", maxResponse>>20)

// responseOf is how templates see an answer: status, body and headers, these by their names in small letters with _ for
// -, such as content_type. A body that is JSON is a value, any other a text, none is null. Secrets that the target wrote
// back are taken out.
func responseOf(answer Answer, secrets []string) (map[string]any, error) {
	if len(answer.Body) > maxResponse {
		return nil, errLargeAnswer
	}
	headers := make(map[string]any, len(answer.Header))
	for name, values := range answer.Header {
		headers[strings.ReplaceAll(strings.ToLower(name), "-", "_")] = scrub(strings.Join(values, ", "), secrets)
	}
	return map[string]any{
		"status": int64(answer.Status), "body": bodyOf([]byte(scrub(string(answer.Body), secrets))), "headers": headers,
	}, nil
}

// bodyOf reads a body.
func bodyOf(body []byte) any {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return bodyText(body)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return bodyText(body)
	}
	return numbers(value)
}

func bodyText(body []byte) any {
	if utf8.Valid(body) {
		return string(body)
	}
	return nil
}

// numbers keeps whole numbers exact: an id of 18 digits does not survive as a float.
func numbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return whole
		}
		if float, err := v.Float64(); err == nil && !math.IsInf(float, 0) {
			return float
		}
		return v.String()
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = numbers(v[key])
		}
	}
	return value
}

// sizeOf is how long a value is as JSON. What has no JSON form is longer than anything.
func sizeOf(value any) int {
	encoded, err := json.Marshal(value)
	if err != nil {
		return math.MaxInt
	}
	return len(encoded)
}

// JSONDetail finds the sentence for people in the usual forms of error bodies: message, error, detail, title,
// error_description, reason, and the same within error or errors. For [JSONClient.Detail].
func JSONDetail(body []byte) string { return detailIn(bodyOf(body), 0) }

func detailIn(value any, depth int) string {
	switch v := value.(type) {
	case string:
		if depth > 0 {
			return v
		}
	case []any:
		if len(v) > 0 && depth < 4 {
			return detailIn(v[0], depth+1)
		}
	case map[string]any:
		for _, key := range []string{"message", "error_description", "detail", "error", "errors", "title", "reason"} {
			if text := detailIn(v[key], depth+1); text != "" && depth < 4 {
				return text
			}
		}
	}
	return ""
}
