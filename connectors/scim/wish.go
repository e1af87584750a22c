package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// notWritten are attributes of a resource that are its own service's affair, and the password, which nobody can read
// back and which is not Usher's to carry.
var notWritten = []string{"id", "meta", "schemas", "groups", "password"}

// wished is the account that a call of sync_user asks for, with its userName. Null and an empty list say that an
// attribute is to go.
func wished(call connectors.Call) (resource, error) {
	given, _ := call.Args["resource"].(map[string]any)
	body, err := json.Marshal(given)
	if err != nil {
		return nil, connectors.Refuse(errors.New("the argument resource is no SCIM user"))
	}
	wanted, err := decode(body)
	if err != nil || bytes.Equal(body, []byte("{}")) {
		return nil, connectors.Refuse(errors.New("the argument resource is no SCIM user: it must name the attributes that the account is to have"))
	}
	name := wishedName(call)
	if name == "" {
		return nil, connectors.Refuse(errors.New("the person has no e-mail address, which names the account"))
	}
	return wanted.without(notWritten...).with("userName", name), nil
}

// wishedName is the userName that the account is to have.
func wishedName(call connectors.Call) string {
	given, _ := call.Args["resource"].(map[string]any)
	fallback := strings.TrimSpace(resource(given).text("userName"))
	if fallback == "" {
		fallback = strings.TrimSpace(call.Subject.Email)
	}
	return call.Text("user", fallback)
}

// possible is a wished account without what the service provider does not keep, and the paths of that.
func (p *provider) possible(wanted resource, known schemas) (kept resource, left []string) {
	keeps := func(path string) bool {
		leave := func(other string) bool { return strings.EqualFold(path, other) }
		return !slices.ContainsFunc(p.leaveOut, leave) && known.keeps(path)
	}
	return trimmed(wanted, "", keeps)
}

// trimmed leaves out the attributes, and the parts of complex ones, whose paths are not kept.
func trimmed(object map[string]any, prefix string, keeps func(path string) bool) (kept map[string]any, left []string) {
	kept = map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		path := prefix + name
		if !keeps(path) {
			left = append(left, path)
			continue
		}
		separator := "."
		if isURN(name) {
			separator = ":"
		}
		var more []string
		kept[name], more = trimmedValue(object[name], path+separator, keeps)
		left = append(left, more...)
	}
	return kept, left
}

func trimmedValue(value any, prefix string, keeps func(path string) bool) (kept any, left []string) {
	switch v := value.(type) {
	case map[string]any:
		return trimmed(v, prefix, keeps)
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			var more []string
			list[i], more = trimmedValue(element, prefix, keeps)
			left = append(left, more...)
		}
		slices.Sort(left)
		return list, slices.Compact(left)
	}
	return value, nil
}

// body is a new account as it is sent: its schemas are named, and it is active unless it says otherwise.
func (r resource) body() resource {
	sent := merged("", nil, r)
	if sent.get("active") == nil {
		sent = sent.with("active", true)
	}
	return sent.withSchemas(userSchema)
}

// withSchemas names the schemas of a resource: those that it named already, its own and that of each extension in it.
func (r resource) withSchemas(own string) resource {
	named := slices.Clone(r.elements("schemas"))
	for _, urn := range append([]string{own}, slices.Sorted(maps.Keys(r))...) {
		known := slices.ContainsFunc(named, func(s any) bool { return strings.EqualFold(scalar(s), urn) })
		if isURN(urn) && !known {
			named = append(named, urn)
		}
	}
	return r.with("schemas", named)
}
