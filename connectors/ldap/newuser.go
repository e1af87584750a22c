package ldap

import (
	"fmt"
	"maps"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// newUser is the name and the attributes of a new account: those of inetOrgPerson (RFC 2798), which other classes may
// be given by the argument attributes. It has no password: that is between the person and the directory.
func (p *provider) newUser(call connectors.Call) (dn string, attributes map[string][]string, err error) {
	name := userName(call)
	full := strings.Join(strings.Fields(call.Subject.Name), " ")
	if full == "" || !strings.EqualFold(name, call.Subject.Email) {
		full = name
	}
	given, family := "", full
	if space := strings.LastIndex(full, " "); space > 0 {
		given, family = full[:space], full[space+1:]
	}
	attributes = map[string][]string{"objectClass": {p.userClass}, "cn": {full}, "sn": {family}, p.userFilter: {name}}
	if given != "" {
		attributes["givenName"] = []string{given}
	}
	rdn := p.rdn(name)
	if p.userRDN == "cn" {
		rdn = full
	}
	if !strings.EqualFold(p.userRDN, p.userFilter) {
		attributes[p.userRDN] = []string{rdn}
	}
	if err := further(attributes, call); err != nil {
		return "", nil, err
	}
	return below(p.usersBase, p.userRDN, rdn), attributes, nil
}

// rdn names a new entry: the part before the @, unless the whole name is what entries are named by.
func (p *provider) rdn(name string) string {
	if local, _, found := strings.Cut(name, "@"); found && local != "" && !strings.EqualFold(p.userRDN, p.userFilter) {
		return local
	}
	return name
}

// further adds the argument attributes, which win.
func further(attributes map[string][]string, call connectors.Call) error {
	given, _ := call.Args["attributes"].(map[string]any)
	for name, value := range given {
		if !descriptor.MatchString(name) {
			return connectors.Refuse(fmt.Errorf("argument %q: %q is not the name of an attribute", "attributes", name))
		}
		maps.DeleteFunc(attributes, func(other string, _ []string) bool { return strings.EqualFold(other, name) })
		var values []string
		list, isList := value.([]any)
		if !isList {
			list = []any{value}
		}
		for _, element := range list {
			if element != nil && fmt.Sprint(element) != "" {
				values = append(values, fmt.Sprint(element))
			}
		}
		if len(values) > 0 {
			attributes[name] = values
		}
	}
	return nil
}
