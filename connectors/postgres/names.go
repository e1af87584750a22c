package postgres

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usherhq/usher/connectors"
)

// maxName is how long a name may be, in bytes. PostgreSQL cuts longer ones, and what is left may be somebody else's.
const maxName = 63

// The arguments that name things.
var (
	userArg   = connectors.Field{Name: "user", Type: connectors.TypeString, Doc: "name of the account; what the setting account makes of the subject's e-mail if absent"}
	roleArg   = connectors.Field{Name: "role", Type: connectors.TypeString, Doc: "name of the role; the entitlement's target if absent"}
	entityArg = connectors.Field{Name: "entity", Type: connectors.TypeString, Doc: "name of the schema; the entitlement's target if absent"}
)

// userName is what the person's account is called: the argument as it stands, else the e-mail in lower case.
func (p *provider) userName(call connectors.Call) string {
	email := strings.ToLower(strings.TrimSpace(call.Subject.Email))
	if local, _, found := strings.Cut(email, "@"); found && p.account == byLocalPart {
		email = local
	}
	return call.Text("user", email)
}

func roleName(call connectors.Call) string { return call.Text("role", strings.TrimSpace(call.Target)) }

func schemaName(call connectors.Call) string {
	return call.Text("entity", strings.TrimSpace(call.Target))
}

// checkUser refuses what cannot be a person's account.
func (p *provider) checkUser(call connectors.Call) error {
	if p.userName(call) == "" {
		return connectors.Refuse(errors.New("the person has no e-mail address, which names the account"))
	}
	return checkRoleName(p.userName(call))
}

// checkRole refuses what cannot be a role of ours.
func checkRole(call connectors.Call) error {
	if roleName(call) == "" {
		return connectors.Refuse(errors.New("no role is named: set the entitlement's target or the argument role"))
	}
	return checkRoleName(roleName(call))
}

// checkRoleName also refuses the names with a meaning of their own: public stands for everybody, even in quotes.
func checkRoleName(name string) error {
	if name == "public" || name == "none" || strings.HasPrefix(name, "pg_") {
		return connectors.Refuse(fmt.Errorf("%s is a name that PostgreSQL keeps for itself", name))
	}
	return checkName(name)
}

// checkSchema refuses what cannot be a schema of ours.
func checkSchema(call connectors.Call) error {
	switch name := schemaName(call); {
	case name == "":
		return connectors.Refuse(errors.New("no schema is named: set the entitlement's target or the argument entity"))
	case name == "information_schema", strings.HasPrefix(name, "pg_"):
		return connectors.Refuse(fmt.Errorf("%s is a schema of PostgreSQL itself", name))
	default:
		return checkName(name)
	}
}

// checkName refuses names that the server would take for other ones, and those that nobody could tell apart by sight.
func checkName(name string) error {
	switch {
	case len(name) > maxName:
		return connectors.Refuse(fmt.Errorf("the name %s… is longer than the %d bytes that PostgreSQL keeps", strings.ToValidUTF8(name[:20], ""), maxName))
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return connectors.Refuse(fmt.Errorf("the name %q holds what cannot be printed", name))
	}
	return nil
}
