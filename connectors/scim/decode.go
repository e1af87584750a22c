package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// errNotSCIM means that something answered which is no SCIM service.
var errNotSCIM = errors.New("the answer is not SCIM; check the provider's base_url")

// list is one page of a ListResponse. Total is -1 if the target did not say.
type list struct {
	resources []resource
	total     int
}

// decode reads a JSON object. Numbers keep their text.
func decode(body []byte) (resource, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var r resource
	if err := decoder.Decode(&r); err != nil || r == nil {
		return nil, errNotSCIM
	}
	return r, nil
}

// decodeList reads a ListResponse. An object without any of its marks is an error: to take it for an empty list would
// mean to believe that people have no access.
func decodeList(body []byte) (list, error) {
	r, err := decode(body)
	if err != nil {
		return list{}, err
	}
	total, hasTotal := number(r.get("totalResults"))
	elements, hasElements := r.get("Resources").([]any)
	if !hasTotal && !hasElements {
		return list{}, errNotSCIM
	}
	if !hasTotal {
		total = -1
	}
	found := list{total: total}
	for _, element := range elements {
		object, ok := element.(map[string]any)
		if !ok || resource(object).id() == "" {
			return list{}, fmt.Errorf("the target lists something without an id: %w", errNotSCIM)
		}
		found.resources = append(found.resources, object)
	}
	return found, nil
}

func scalar(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func number(value any) (int, bool) {
	n, err := strconv.Atoi(scalar(value))
	return n, err == nil && n >= 0
}

// errorDetail finds the sentence in a SCIM error body (RFC 7644 section 3.12).
func errorDetail(body []byte) string {
	r, err := decode(body)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(r.text("scimType") + " " + r.text("detail"))
}
