package ldap_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/ldap"
)

// TestCutWire loses the connection at a write, before the directory heard of it and after it was carried out.
func TestCutWire(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"consistency": "0s"})
	for _, step := range []struct{ endpoint, target string }{
		{"create_user", ""},
		{"create_group", "Editors"},
		{"create_entity", "Desk"},
		{"add_user_to_group", "Editors"},
		{"remove_user_from_group", "Editors"},
		{"disable_user", ""},
		{"create_user", ""},
		{"delete_entity", "Desk"},
		{"delete_group", "Editors"},
		{"delete_user", ""},
	} {
		b.wire.cut.Store(before)
		result := b.run(t, step.endpoint, to(step.target))
		require.Equal(t, connectors.Unknown, result.Outcome, "%s: %s", step.endpoint, result.Summary)
		b.wire.cut.Store(after)
		settled := b.run(t, step.endpoint, connectors.Call{Target: step.target, Settle: true})
		require.Equal(t, connectors.Applied, settled.Outcome, "%s: %s", step.endpoint, settled.Summary)
		require.Equal(t, connectors.Already, b.run(t, step.endpoint, to(step.target)).Outcome)
	}
}

// TestDeletionByHalves loses the connection after the account was taken out of its groups.
func TestDeletionByHalves(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	b.do(t, "create_group", to("Editors"))
	b.do(t, "add_user_to_group", to("Editors"))
	b.add(t, "ou=below,"+anaDN, "objectClass=organizationalUnit", "ou=below")
	result := b.run(t, "delete_user", connectors.Call{})
	require.Equal(t, connectors.Unknown, result.Outcome, "it is out of the group, and still there")
	require.Contains(t, result.Summary, "the account is out of its groups, but the directory answered 66")
	settled := b.run(t, "delete_user", connectors.Call{Settle: true})
	require.Equal(t, connectors.Refused, settled.Outcome)
}

// TestCancelledWrite gives up while the directory is silent: before the write nothing was done, after it nobody knows.
func TestCancelledWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.wire.cut.Store(never)
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan connectors.Result)
	before := b.wire.writes.Load()
	go func() { results <- b.runIn(t, ctx, "create_user", connectors.Call{}) }()
	require.Eventually(t, func() bool { return b.wire.writes.Load() > before }, patience, tick)
	cancel()
	result := <-results
	require.Equal(t, connectors.Unknown, result.Outcome, result.Summary)
	require.ErrorIs(t, result.Err, context.Canceled)
	b.do(t, "create_user", connectors.Call{Settle: true})
}

// TestServerStops stops the directory between two calls and starts it again.
func TestServerStops(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	b.stop(t)
	for _, endpoint := range []string{"get_user", "disable_user", "remove_user_from_group"} {
		result := b.run(t, endpoint, to("Editors"))
		require.Equal(t, connectors.Transient, result.Outcome, result.Summary)
	}
	b.start(t)
	b.do(t, "disable_user", connectors.Call{})
}

// TestCheckSaysHowToMend is for `usher doctor`.
func TestCheckSaysHowToMend(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	certificate := filepath.Join(b.folder, "cert.pem")
	for name, tc := range map[string]struct {
		settings map[string]any
		want     string
	}{
		"plain":               {nil, ""},
		"start_tls":           {map[string]any{"url": "ldap://" + b.address, "start_tls": true, "ca_file": certificate}, ""},
		"ldaps":               {map[string]any{"url": "ldaps://" + b.secure, "ca_file": certificate}, ""},
		"unknown certificate": {map[string]any{"url": "ldaps://" + b.secure}, "certificate is not trusted"},
		"the same, start_tls": {map[string]any{"url": "ldap://" + b.address, "start_tls": true}, "certificate"},
		"wrong password":      {map[string]any{"password": secretFile(t, "wrong-"+secret)}, "check the provider's bind_dn and password"},
		"no such base":        {map[string]any{"users_base": "ou=nobody," + suffix}, "check users_base and groups_base"},
		"nobody at home":      {map[string]any{"url": "ldap://" + freeAddress(t)}, "reach the directory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := b.open(t, tc.settings).Check(t.Context())
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), secret)
		})
	}
}

// TestRefusals goes through what the directory or the connector says no to.
func TestRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_group", to("Editors"))
	nobody := connectors.Person{Name: "Zoe", Email: " "}
	for name, tc := range map[string]struct {
		settings map[string]any
		endpoint string
		call     connectors.Call
		want     string
	}{
		"may not write":     {map[string]any{"groups_base": suffix}, "create_group", to("Writers"), "check what the provider's bind_dn may write"},
		"missing users":     {map[string]any{"users_base": "ou=nobody," + suffix}, "disable_user", to(""), "check users_base and groups_base"},
		"missing groups":    {map[string]any{"groups_base": "ou=nobody," + suffix}, "remove_user_from_group", to("Editors"), "check users_base and groups_base"},
		"unknown class":     {map[string]any{"user_class": "alien"}, "create_user", to(""), "the directory answered"},
		"missing attribute": {map[string]any{"member_attribute": "memberUid", "placeholder_member": nil}, "create_group", to("Writers"), "give them as the argument attributes"},
		"no account":        {nil, "add_user_to_group", to("Editors"), "let a create_user step come first"},
		"no such group":     {nil, "add_user_to_group", to("Writers"), "there is no group called Writers"},
		"no group":          {nil, "create_group", to(""), "no group is named"},
		"no unit":           {nil, "create_entity", to(""), "no organizational unit is named"},
		"no e-mail":         {nil, "create_user", connectors.Call{Subject: nobody}, "no e-mail address"},
		"no print":          {nil, "create_group", to("a\x00b"), "cannot be printed"},
	} {
		t.Run(name, func(t *testing.T) {
			own := *b
			own.provider = b.open(t, tc.settings)
			result := own.run(t, tc.endpoint, tc.call)
			require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, tc.want)
		})
	}
	for _, endpoint := range []string{"disable_user", "delete_user", "remove_user_from_group", "delete_group", "delete_entity"} {
		require.Equal(t, connectors.Already, b.run(t, endpoint, to("Gone")).Outcome, endpoint)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		setting string
		value   any
		want    string
	}{
		"no address":         {"url", "ldap.example.com", "an address such as ldaps://"},
		"other scheme":       {"url", "https://ldap.example.com", "an address such as ldaps://"},
		"password in it":     {"url", "ldap://usher:" + secret + "@ldap.example.com", "only scheme, host and port"},
		"tls twice":          {"start_tls", true, "encrypted from the start"},
		"no certificate":     {"ca_file", "fault_test.go", "there is no certificate"},
		"no such file":       {"ca_file", "nothing.pem", "no such file"},
		"no name":            {"bind_dn", "usher", "is not a name such as"},
		"no base":            {"users_base", "people", "is not a name such as"},
		"no group base":      {"groups_base", ",", "is not a name such as"},
		"odd attribute":      {"user_filter", "mail=*)(x", "not the name of an attribute"},
		"odd class":          {"group_class", "a)(b", "not the name of an object class"},
		"odd list":           {"member_attribute", "owner", "none of member, uniqueMember, memberUid"},
		"odd placeholder":    {"placeholder_member", "nobody", "is not a name such as"},
		"odd way to disable": {"disable", "maybe", "none of none, ppolicy, ad"},
		"no policy":          {"disable", "ppolicy", "is not a name such as"},
		"no duration":        {"consistency", "soon", "is not a duration"},
		"past":               {"consistency", "-1s", "is not a duration"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := map[string]any{
				"url": "ldaps://ldap.example.com", "bind_dn": usherDN, "password": secretFile(t, secret), "users_base": people, "groups_base": groups,
			}
			given[tc.setting] = tc.value
			_, err := ldap.Connector{}.Open(given, connectors.Deps{Secret: connectors.ResolveSecret})
			if name != "no policy" { // which names the setting that is missing
				require.ErrorContains(t, err, `setting "`+tc.setting+`"`)
			}
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), secret)
		})
	}
}
