package target

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// resource is a SCIM resource as JSON. Attribute names are brought to the spelling in canonical when they come in.
type resource map[string]any

// canonical is the spelling of the attributes that this service provider knows.
var canonical = []string{
	"schemas", "id", "externalId", "meta", "userName", "name", "displayName", "nickName", "profileUrl", "title",
	"userType", "preferredLanguage", "locale", "timezone", "active", "password", "emails", "phoneNumbers", "ims",
	"photos", "addresses", "groups", "entitlements", "roles", "x509Certificates", "members",
}

// many are the attributes with several values.
var many = []string{"emails", "phoneNumbers", "ims", "photos", "addresses", "entitlements", "roles", "x509Certificates", "members"}

// readOnly are the attributes that only we write (RFC 7643 section 7).
var readOnly = []string{"id", "meta", "groups", "schemas"}

// spell brings an attribute name to its known spelling.
func spell(name string) string {
	for _, known := range canonical {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// clean takes over what a client may write: known spellings, no read-only attributes, no password, no nulls, booleans
// as booleans.
func clean(body map[string]any) resource {
	r := resource{}
	for name, value := range body {
		name = spell(name)
		if value == nil || name == "password" || slices.Contains(readOnly, name) {
			continue
		}
		r.set(name, value)
	}
	return r
}

// set writes a top-level attribute.
func (r resource) set(name string, value any) {
	switch {
	case name == "active":
		value = boolean(value)
	case slices.Contains(many, name):
		value = unique(list(value))
	}
	r[name] = value
}

// boolean takes the text booleans that some clients send.
func boolean(value any) any {
	if text, ok := value.(string); ok && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false")) {
		return strings.EqualFold(text, "true")
	}
	return value
}

// list is a value as several values, each of them an object.
func list(value any) []any {
	values, ok := value.([]any)
	if !ok {
		values = []any{value}
	}
	objects := []any{}
	for _, v := range values {
		if _, isObject := v.(map[string]any); !isObject {
			v = map[string]any{"value": v}
		}
		objects = append(objects, v)
	}
	return objects
}

// unique drops elements whose value and type occurred before (RFC 7643 section 2.4).
func unique(elements []any) []any {
	seen := map[string]bool{}
	return slices.DeleteFunc(elements, func(element any) bool {
		object, _ := element.(map[string]any)
		key, _ := json.Marshal([]any{lookup(object, "value"), lookup(object, "type")})
		if lookup(object, "value") == nil || !seen[string(key)] {
			seen[string(key)] = true
			return false
		}
		return true
	})
}

func (r resource) text(name string) string {
	text, _ := r[name].(string)
	return text
}

func (r resource) elements(name string) []any {
	elements, _ := r[name].([]any)
	return elements
}

func elementValue(element any) string {
	object, _ := element.(map[string]any)
	value, _ := lookup(object, "value").(string)
	return value
}

// lookup reads an attribute of an object; names ignore case.
func lookup(object map[string]any, name string) any {
	if value, ok := object[name]; ok {
		return value
	}
	for key, value := range object {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// copied is a deep copy.
func (r resource) copied() resource {
	fresh := maps.Clone(r)
	for key, inner := range fresh {
		fresh[key] = copyValue(inner)
	}
	return fresh
}

func copyValue(value any) any {
	switch v := value.(type) {
	case map[string]any:
		return map[string]any(resource(v).copied())
	case []any:
		fresh := make([]any, len(v))
		for i, inner := range v {
			fresh[i] = copyValue(inner)
		}
		return fresh
	}
	return value
}
