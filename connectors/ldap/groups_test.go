package ldap_test

import (
	"context"
	"sync"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
)

const editorsDN = "cn=Editors," + groups

// TestLastMember takes the last member out of a group that may not be empty.
func TestLastMember(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"member", "uniqueMember"} {
		b := newBench(t, map[string]any{"member_attribute": attribute})
		b.do(t, "create_user", connectors.Call{})
		class := map[string]string{"member": "groupOfNames", "uniqueMember": "groupOfUniqueNames"}[attribute]
		b.add(t, editorsDN, "objectClass="+class, "cn=Editors", attribute+"=UID=Ana, "+people)

		b.provider = b.open(t, map[string]any{"member_attribute": attribute, "placeholder_member": nil})
		result := b.run(t, "remove_user_from_group", to("Editors"))
		require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
		require.Contains(t, result.Summary, "65 Object Class Violation")
		require.Contains(t, result.Summary, "set placeholder_member")
		require.Len(t, b.values(t, editorsDN, attribute), 1, "she is still in it")
		result = b.run(t, "create_group", to("Others"))
		require.Equal(t, connectors.Refused, result.Outcome)
		require.Contains(t, result.Summary, "set placeholder_member")

		b.provider = b.open(t, map[string]any{"member_attribute": attribute})
		b.do(t, "remove_user_from_group", to("Editors"))
		require.Equal(t, []string{usherDN}, b.values(t, editorsDN, attribute))
		b.do(t, "add_user_to_group", to("Editors"))
		b.do(t, "remove_user_from_group", to("Editors"))
		require.Equal(t, []string{usherDN}, b.values(t, editorsDN, attribute), "the placeholder is there once")
	}
}

// TestDeletedAccountLeavesItsGroups: a new account of the same name is not let in again.
func TestDeletedAccountLeavesItsGroups(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	b.do(t, "create_group", to("Editors"))
	b.add(t, "cn=Alone,"+groups, "objectClass=groupOfNames", "cn=Alone", "member="+anaDN)
	b.do(t, "add_user_to_group", to("Editors"))
	b.do(t, "delete_user", connectors.Call{})
	for _, dn := range []string{editorsDN, "cn=Alone," + groups} {
		require.Equal(t, []string{usherDN}, b.values(t, dn, "member"), dn)
	}
	require.Equal(t, connectors.Already, b.run(t, "remove_user_from_group", to("Editors")).Outcome)
	b.do(t, "create_user", connectors.Call{})
	b.do(t, "add_user_to_group", to("Editors"))
}

// TestAlreadySo makes the change behind our back between our read and our write. The directory answers with an error of
// another code each time; all are about what is there, and the read-back decides.
func TestAlreadySo(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	other := b.open(t, nil)
	for _, step := range []struct {
		endpoint, target string
		code             uint16
	}{
		{"create_user", "", goldap.LDAPResultEntryAlreadyExists},
		{"create_group", "Editors", goldap.LDAPResultEntryAlreadyExists},
		{"create_entity", "Desk", goldap.LDAPResultEntryAlreadyExists},
		{"add_user_to_group", "Editors", goldap.LDAPResultAttributeOrValueExists},
		{"remove_user_from_group", "Editors", goldap.LDAPResultNoSuchAttribute},
		{"delete_group", "Editors", goldap.LDAPResultNoSuchObject},
		{"delete_entity", "Desk", goldap.LDAPResultNoSuchObject},
		{"delete_user", "", goldap.LDAPResultNoSuchObject},
	} {
		call := connectors.Call{Subject: ana(), Target: step.target}
		endpoint := connectortest.Endpoint(t, b.provider, step.endpoint)
		write := endpoint.Write
		endpoint.Write = func(ctx context.Context, call connectors.Call, found connectors.State) error {
			faster := connectors.Run(ctx, connectortest.Endpoint(t, other, step.endpoint), call)
			require.Equal(t, connectors.Applied, faster.Outcome, faster.Summary)
			err := write(ctx, call, found)
			var refused *connectors.RefusedError
			require.ErrorAs(t, err, &refused, step.endpoint)
			require.True(t, refused.Conflict)
			require.True(t, goldap.IsErrorWithCode(err, step.code), err)
			return err
		}
		result := connectors.Run(t.Context(), endpoint, call)
		require.Equal(t, connectors.Already, result.Outcome, "%s: %s", step.endpoint, result.Summary)
	}
}

// TestManyAtOnce runs the same and neighbouring changes at the same time: each is there once.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_group", to("Editors"))
	for _, endpoint := range []string{"create_user", "add_user_to_group", "remove_user_from_group", "disable_user", "delete_user"} {
		var all sync.WaitGroup
		results := make([]connectors.Result, 12)
		for i := range results {
			person := connectors.Person{Email: []string{"ana", "ben", "eve"}[i%3] + "@example.com"}
			all.Go(func() { results[i] = b.run(t, endpoint, connectors.Call{Subject: person, Target: "Editors"}) })
		}
		all.Wait()
		for _, result := range results {
			require.Contains(t, []connectors.Outcome{connectors.Applied, connectors.Already}, result.Outcome, "%s: %s", endpoint, result.Summary)
		}
	}
	require.Equal(t, []string{usherDN}, b.values(t, editorsDN, "member"))
}

// TestUnitInUse refuses to delete what is not empty.
func TestUnitInUse(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_entity", to("Desk"))
	b.add(t, "ou=Drawer,ou=Desk,"+people, "objectClass=organizationalUnit", "ou=Drawer")
	result := b.run(t, "delete_entity", to("Desk"))
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "move or delete what is below it first")
}

// TestHostileNames uses names that mean something in filters and distinguished names.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"user_filter": "uid"})
	b.do(t, "create_user", connectors.Call{Args: map[string]any{"user": "ben"}})
	b.do(t, "create_group", to("Precious"))
	for _, hostile := range []string{
		`*`, `a*`, `)(mail=*`, `*)(objectClass=*`, `a,ou=groups`, `,dc=com`, `a+uid=b`, `#dead`, `\`, `\2a`, `"`, `<a>;b`, `a=b`, `名`, `( )`, `a  b`,
	} {
		t.Run(hostile, func(t *testing.T) {
			before := b.run(t, "get_user", connectors.Call{Args: map[string]any{"user": hostile}})
			require.Equal(t, false, before.Output["exists"], "it is nobody's name")
			call := connectors.Call{Target: hostile, Args: map[string]any{"user": hostile}}
			b.do(t, "create_user", connectors.Call{Args: map[string]any{"user": hostile}})
			b.do(t, "create_group", to(hostile))
			b.do(t, "add_user_to_group", call)
			b.do(t, "create_entity", to(hostile))
			b.do(t, "delete_entity", to(hostile))
			b.do(t, "remove_user_from_group", call)
			b.do(t, "delete_group", to(hostile))
			b.do(t, "delete_user", connectors.Call{Args: map[string]any{"user": hostile}})
		})
	}
	require.NotEmpty(t, b.values(t, "uid=ben,"+people, "cn"))
	require.NotEmpty(t, b.values(t, "cn=Precious,"+groups, "cn"))
}
