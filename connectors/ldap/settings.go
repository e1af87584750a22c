package ldap

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"
)

// setAddress takes the settings about the way to the directory.
func (p *provider) setAddress(address, caFile string, startTLS bool) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "ldap" && u.Scheme != "ldaps" {
		return fmt.Errorf("setting %q: an address such as ldaps://ldap.example.com is needed", "url")
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return fmt.Errorf("setting %q: only scheme, host and port may stand here", "url")
	}
	if startTLS && u.Scheme == "ldaps" {
		return fmt.Errorf("setting %q: ldaps:// is encrypted from the start", "start_tls")
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ldap": "389", "ldaps": "636"}[u.Scheme]
	}
	p.address, p.tlsAtOnce, p.startTLS = net.JoinHostPort(u.Hostname(), port), u.Scheme == "ldaps", startTLS
	p.tls = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return nil
	}
	certificates, err := os.ReadFile(caFile)
	if err != nil {
		return fmt.Errorf("setting %q: %w", "ca_file", err)
	}
	p.tls.RootCAs = x509.NewCertPool()
	if !p.tls.RootCAs.AppendCertsFromPEM(certificates) {
		return fmt.Errorf("setting %q: there is no certificate in the file", "ca_file")
	}
	return nil
}

// check compares settings with what is known.
func (p *provider) check() error {
	names := map[string]string{"bind_dn": p.bindDN, "users_base": p.usersBase, "groups_base": p.groupsBase}
	if p.placeholder != "" && p.memberAttribute != memberUID {
		names["placeholder_member"] = p.placeholder
	}
	if p.disable == disablePolicy {
		names["policy_dn"] = p.policy
	}
	for name, value := range names {
		if dn, err := goldap.ParseDN(value); err != nil || len(dn.RDNs) == 0 {
			return fmt.Errorf("setting %q: %q is not a name such as cn=usher,dc=example,dc=com", name, value)
		}
	}
	for name, value := range map[string]string{"user_filter": p.userFilter, "user_rdn": p.userRDN, "user_class": p.userClass} {
		if !descriptor.MatchString(value) {
			return fmt.Errorf("setting %q: %q is not the name of an attribute or object class", name, value)
		}
	}
	classes := map[string]string{member: "groupOfNames", uniqueMember: "groupOfUniqueNames", memberUID: "posixGroup"}
	if classes[p.memberAttribute] == "" {
		return fmt.Errorf("setting %q: %q is none of member, uniqueMember, memberUid", "member_attribute", p.memberAttribute)
	}
	if p.groupClass == "" {
		p.groupClass = classes[p.memberAttribute]
	}
	switch {
	case !descriptor.MatchString(p.groupClass):
		return fmt.Errorf("setting %q: %q is not the name of an object class", "group_class", p.groupClass)
	case p.disable != disableNone && p.disable != disablePolicy && p.disable != disableAD:
		return fmt.Errorf("setting %q: %q is none of none, ppolicy, ad", "disable", p.disable)
	}
	return nil
}
