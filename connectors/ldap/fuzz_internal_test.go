package ldap

import (
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"
)

// FuzzNames puts any name that is let through into a distinguished name and a filter, and reads it out again: it never
// becomes more than a value.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"Editors", `a,ou=groups`, `)(mail=*`, `*`, ` #x `, `\2a`, `a+uid=b`, `"`, "名", "é ", `\`, "=", "a  b"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = strings.TrimSpace(name)
		if name == "" || checkName(name) != nil {
			return
		}
		dn, err := goldap.ParseDN(below("ou=groups,dc=example,dc=com", "cn", name))
		require.NoError(t, err)
		require.Len(t, dn.RDNs, 4)
		require.Len(t, dn.RDNs[0].Attributes, 1)
		require.Equal(t, name, dn.RDNs[0].Attributes[0].Value)

		packet, err := goldap.CompileFilter(equals("cn", name))
		require.NoError(t, err)
		require.EqualValues(t, goldap.FilterEqualityMatch, packet.Tag)
		require.Equal(t, name, packet.Children[1].Data.String())
	})
}
