// Package ldap changes accounts, groups and organizational units in a directory that speaks LDAP version 3 (RFC 4511),
// such as OpenLDAP.
//
// The account that it binds as needs to read and write the entries below users_base and groups_base, and nothing else
// (OpenLDAP: https://www.openldap.org/doc/admin26/access-control.html). An account is the entry whose user_filter
// attribute is the person's e-mail, a group the one whose cn is the target.
//
// Directories answer "it is so already" with an error, each with a code of its own that also stands for real failures.
// So a code never decides: every change is read back (by connectors.Run). A connection lives for one call; what was
// bound before an account is disabled stays bound.
package ldap

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
)

// defaultConsistency is how long we look for a change of our own if the settings say nothing: another server of the
// directory may answer the read.
const defaultConsistency = 2 * time.Second

// Connector makes providers that are directories. Its zero value is ready.
type Connector struct{}

// Info describes the settings and endpoints.
func (Connector) Info() connectors.Info {
	text := func(name, doc string) connectors.Field {
		return connectors.Field{Name: name, Type: connectors.TypeString, Doc: doc}
	}
	needed := func(field connectors.Field) connectors.Field {
		field.Required = true
		return field
	}
	return connectors.Info{
		Name: "ldap",
		Doc:  "Accounts, groups and organizational units in an LDAP directory",
		Settings: []connectors.Field{
			needed(text("url", "address of the directory: ldaps://host, or ldap://host")),
			{Name: "start_tls", Type: connectors.TypeBool, Doc: "true to encrypt an ldap:// connection before anything is said"},
			text("ca_file", "file with the certificates (PEM) that the directory's own is checked with; the system's if absent"),
			needed(text("bind_dn", "name of the account to bind as, for example cn=usher,dc=example,dc=com")),
			{Name: "password", Type: connectors.TypeString, Required: true, Secret: true, Doc: "its password, as env:NAME or file:PATH"},
			needed(text("users_base", "entry below which accounts are, for example ou=people,dc=example,dc=com")),
			needed(text("groups_base", "entry below which groups are")),
			text("user_filter", "attribute that holds the person's e-mail; mail if absent"),
			text("user_rdn", "attribute that names a new account's entry; uid if absent"),
			text("user_class", "object class of a new account; inetOrgPerson if absent"),
			text("member_attribute", "attribute of a group that lists members: member (default), uniqueMember or memberUid"),
			text("group_class", "object class of groups; groupOfNames, groupOfUniqueNames or posixGroup if absent"),
			text("placeholder_member", "name that stands in a group without members, where the object class wants one"),
			text("disable", "how accounts are disabled: none (default), ppolicy (OpenLDAP) or ad (Active Directory)"),
			text("policy_dn", "entry of the default password policy, for disable: ppolicy"),
			text("consistency", "how long a change may take to show, for example 5s; 2s if absent"),
		},
		Endpoints: described(),
	}
}

// Open checks the settings and makes a provider.
func (Connector) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	get := func(name, fallback string) string { return text(settings[name], fallback) }
	p := &provider{
		bindDN: get("bind_dn", ""), usersBase: get("users_base", ""), groupsBase: get("groups_base", ""),
		userFilter: get("user_filter", "mail"), userRDN: get("user_rdn", "uid"), userClass: get("user_class", "inetOrgPerson"),
		memberAttribute: get("member_attribute", member), groupClass: get("group_class", ""),
		placeholder: get("placeholder_member", ""), disable: get("disable", disableNone), policy: get("policy_dn", ""), consistency: defaultConsistency,
	}
	var err error
	if p.password, err = deps.Secret(get("password", "")); err != nil {
		return nil, fmt.Errorf("setting %q: %w", "password", err)
	}
	if value := get("consistency", ""); value != "" {
		if p.consistency, err = time.ParseDuration(value); err != nil || p.consistency < 0 {
			return nil, fmt.Errorf("setting %q: %q is not a duration such as 5s", "consistency", value)
		}
	}
	if err := p.setAddress(get("url", ""), get("ca_file", ""), get("start_tls", "false") == "true"); err != nil {
		return nil, err
	}
	return p, p.check()
}

// errNoBase is why nothing is found below an entry that is not there: nobody may take it for "no access".
var errNoBase = errors.New("the entry does not exist or may not be read: check users_base and groups_base")

// text reads a setting that may be written as text or as a plain YAML value.
func text(value any, fallback string) string {
	if value == nil {
		return fallback
	}
	if written := strings.TrimSpace(fmt.Sprint(value)); written != "" {
		return written
	}
	return fallback
}
