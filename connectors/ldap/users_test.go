package ldap_test

import (
	"testing"

	goldap "github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// login binds as ana.
func (b *bench) login(t *testing.T) (*goldap.Conn, error) {
	t.Helper()
	conn, err := goldap.DialURL("ldap://" + b.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn, conn.Bind(anaDN, "her password")
}

// TestLockedAccount shows that a disabled account cannot bind, that an enabled one can again, and what the policy does
// not do: end what is bound.
func TestLockedAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	request := goldap.NewModifyRequest(anaDN, nil)
	request.Replace("userPassword", []string{"her password"})
	require.NoError(t, b.root.Modify(request))
	bound, err := b.login(t)
	require.NoError(t, err)

	require.Equal(t, false, b.do(t, "disable_user", connectors.Call{}).Output["active"])
	_, err = b.login(t)
	require.True(t, goldap.IsErrorWithCode(err, goldap.LDAPResultInvalidCredentials), err)
	_, err = bound.WhoAmI(nil)
	require.NoError(t, err)

	b.do(t, "create_user", connectors.Call{})
	_, err = b.login(t)
	require.NoError(t, err)
}

// TestLockThatDoesNotHold meets a policy under which OpenLDAP stores the lock and lets the person in all the same: nobody
// may call that disabled.
func TestLockThatDoesNotHold(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	lax := "cn=lax," + suffix
	b.add(t, lax, "objectClass=organizationalRole", "objectClass=pwdPolicy", "cn=lax", "pwdAttribute=userPassword")
	b.do(t, "create_user", connectors.Call{})
	request := goldap.NewModifyRequest(anaDN, nil)
	request.Replace("pwdPolicySubentry", []string{lax})
	request.Replace("userPassword", []string{"her password"})
	request.Replace("pwdAccountLockedTime", []string{"000001010000Z"})
	require.NoError(t, b.root.Modify(request))
	_, err := b.login(t)
	require.NoError(t, err, "she is locked, and comes in")

	result := b.run(t, "disable_user", connectors.Call{})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, lax+" does not heed locks")
	for _, policy := range []string{lax, "cn=nothing," + suffix} {
		require.ErrorContains(t, b.open(t, map[string]any{"policy_dn": policy}).Check(t.Context()), "set pwdLockout there to TRUE")
	}
}

// TestLockThatPasses does not take the lock of failed logins for a disabled account.
func TestLockThatPasses(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	request := goldap.NewModifyRequest(anaDN, nil)
	request.Replace("pwdAccountLockedTime", []string{"20260101000000Z"})
	require.NoError(t, b.root.Modify(request))
	require.Equal(t, connectors.Already, b.run(t, "create_user", connectors.Call{}).Outcome)
	b.do(t, "disable_user", connectors.Call{})
	require.Equal(t, []string{"000001010000Z"}, b.values(t, anaDN, "pwdAccountLockedTime"))
}

// TestFlags changes the one flag of Active Directory's and leaves the others.
func TestFlags(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"disable": "ad"})
	b.do(t, "create_user", connectors.Call{Args: map[string]any{"attributes": map[string]any{
		"objectClass": []any{"inetOrgPerson", "flagged"}, "userAccountControl": 66048,
	}}})
	b.do(t, "disable_user", connectors.Call{})
	require.Equal(t, []string{"66050"}, b.values(t, anaDN, "userAccountControl"))
	require.Equal(t, connectors.Already, b.run(t, "disable_user", connectors.Call{}).Outcome)
	b.do(t, "create_user", connectors.Call{})
	require.Equal(t, []string{"66048"}, b.values(t, anaDN, "userAccountControl"))

	b.do(t, "create_user", connectors.Call{Subject: connectors.Person{Email: "ben@example.com"}})
	result := b.run(t, "disable_user", connectors.Call{Subject: connectors.Person{Email: "ben@example.com"}})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "not an Active Directory")
}

// TestNoWayToDisable says so and names another way.
func TestNoWayToDisable(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"disable": nil})
	b.do(t, "create_user", connectors.Call{})
	result := b.run(t, "disable_user", connectors.Call{})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "use delete_user")
	require.NotEmpty(t, b.values(t, anaDN, "cn"))
}

// TestNewAccount looks at what is written.
func TestNewAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{Args: map[string]any{"attributes": map[string]any{
		"title": "Editor", "SN": "Silva Santos", "telephoneNumber": []any{"1", "2"}, "description": "",
	}}})
	for attribute, want := range map[string][]string{
		"objectClass": {"inetOrgPerson"}, "uid": {"ana"}, "cn": {"Ana Maria Silva"}, "givenName": {"Ana Maria"}, "sn": {"Silva Santos"},
		"mail": {"ana@example.com"}, "title": {"Editor"}, "telephoneNumber": {"1", "2"}, "userPassword": {}, "description": {},
	} {
		require.ElementsMatch(t, want, b.values(t, anaDN, attribute), attribute)
	}
	result := b.run(t, "create_user", connectors.Call{Subject: connectors.Person{Email: "ben@example.com"}, Args: map[string]any{
		"attributes": map[string]any{"cn:dn:": "x"},
	}})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "not the name of an attribute")

	result = b.run(t, "create_user", connectors.Call{Subject: connectors.Person{Email: "ana@other.example"}})
	require.Equal(t, connectors.Refused, result.Outcome, "somebody else is called uid=ana")
	require.Contains(t, result.Summary, "68 Entry Already Exists")

	b.provider = b.open(t, map[string]any{"user_rdn": "cn"})
	b.do(t, "create_user", connectors.Call{Subject: connectors.Person{Email: "eve@example.com", Name: "Eve, Jr."}})
	require.Equal(t, []string{"eve@example.com"}, b.values(t, `cn=Eve\, Jr.,`+people, "mail"))
	b.provider = b.open(t, map[string]any{"user_rdn": "mail"})
	b.do(t, "create_user", connectors.Call{Subject: connectors.Person{Email: "kim@example.com"}})
	require.Equal(t, []string{"kim@example.com"}, b.values(t, "mail=kim@example.com,"+people, "cn"))
}

// TestTwoOfOneName does not choose.
func TestTwoOfOneName(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, uid := range []string{"ana1", "ana2"} {
		b.add(t, "uid="+uid+","+people, "objectClass=inetOrgPerson", "uid="+uid, "cn=Ana", "sn=Ana", "mail=ana@example.com")
	}
	for _, endpoint := range []string{"get_user", "create_user", "disable_user", "delete_user", "remove_user_from_group"} {
		result := b.run(t, endpoint, to("Editors"))
		require.Equal(t, connectors.Refused, result.Outcome, endpoint)
		require.Contains(t, result.Summary, "2 entries are called ana@example.com")
	}
}
