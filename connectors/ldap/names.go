package ldap

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usherhq/usher/connectors"
)

// The arguments that name things, and those of what is new.
var (
	userArg       = connectors.Field{Name: "user", Type: connectors.TypeString, Doc: "value of the account's user_filter attribute; the subject's e-mail if absent"}
	groupArg      = connectors.Field{Name: "group", Type: connectors.TypeString, Doc: "cn of the group; the entitlement's target if absent"}
	entityArg     = connectors.Field{Name: "entity", Type: connectors.TypeString, Doc: "ou of the organizational unit; the entitlement's target if absent"}
	attributesArg = connectors.Field{Name: "attributes", Type: connectors.TypeMap, Doc: "further attributes of what is new, each a text or a list of texts"}
)

func userName(call connectors.Call) string {
	return call.Text("user", strings.TrimSpace(call.Subject.Email))
}

func groupName(call connectors.Call) string {
	return call.Text("group", strings.TrimSpace(call.Target))
}

func unitName(call connectors.Call) string {
	return call.Text("entity", strings.TrimSpace(call.Target))
}

func checkUser(call connectors.Call) error {
	if userName(call) == "" {
		return connectors.Refuse(errors.New("the person has no e-mail address, which names the account"))
	}
	return checkName(userName(call))
}

// checkTarget refuses what cannot name a group or a unit.
func checkTarget(what, argument, name string) error {
	if name == "" {
		return connectors.Refuse(fmt.Errorf("no %s is named: set the entitlement's target or the argument %s", what, argument))
	}
	return checkName(name)
}

// maxName bounds names, in bytes: directories take 256 or fewer.
const maxName = 256

// checkName refuses names that nobody could tell apart by sight.
func checkName(name string) error {
	switch {
	case len(name) > maxName:
		return connectors.Refuse(fmt.Errorf("the name %s… is longer than %d bytes", strings.ToValidUTF8(name[:20], ""), maxName))
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return connectors.Refuse(fmt.Errorf("the name %q holds what cannot be printed", name))
	}
	return nil
}
