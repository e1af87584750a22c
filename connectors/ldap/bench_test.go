package ldap_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/ldap"
)

// bench is a directory and the connector.
type bench struct {
	*slapd

	wire     *wire
	provider connectors.Provider
}

func newBench(t *testing.T, settings map[string]any) *bench {
	t.Helper()
	b := &bench{slapd: startSlapd(t)}
	b.wire = newWire(t, b.address)
	b.provider = b.open(t, settings)
	return b
}

// open makes a provider that binds as the connector's account, through the wire.
func (b *bench) open(t *testing.T, more map[string]any) connectors.Provider {
	t.Helper()
	given := b.settings(t, more)
	provider, err := ldap.Connector{}.Open(given, connectors.Deps{Secret: connectors.ResolveSecret})
	require.NoError(t, err)
	return provider
}

func (b *bench) settings(t *testing.T, more map[string]any) map[string]any {
	t.Helper()
	given := map[string]any{
		"url": "ldap://" + b.wire.address, "bind_dn": usherDN, "password": secretFile(t, secret),
		"users_base": people, "groups_base": groups, "disable": "ppolicy", "policy_dn": policyDN, "placeholder_member": usherDN, "consistency": "100ms",
	}
	for name, value := range more {
		given[name] = value
		if value == nil {
			delete(given, name)
		}
	}
	return given
}

func ana() connectors.Person {
	return connectors.Person{Email: "ana@example.com", Name: "Ana Maria Silva"}
}

const anaDN = "uid=ana," + people

func (b *bench) run(t *testing.T, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	return b.runIn(t, t.Context(), endpoint, call)
}

func (b *bench) runIn(t *testing.T, ctx context.Context, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	if call.Subject.Email == "" {
		call.Subject = ana()
	}
	result := connectors.Run(ctx, connectortest.Endpoint(t, b.provider, endpoint), call)
	connectortest.RequireNoSecret(t, result, []string{secret})
	return result
}

// do runs what must be applied.
func (b *bench) do(t *testing.T, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	result := b.run(t, endpoint, call)
	require.Equal(t, connectors.Applied, result.Outcome, "%s: %s", endpoint, result.Summary)
	return result
}

// to is a call about a group or a unit.
func to(target string) connectors.Call { return connectors.Call{Target: target} }

// secretFile keeps a secret in a file and answers the reference to it.
func secretFile(t *testing.T, value string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte(value+"\n"), 0o600))
	return "file:" + file
}
