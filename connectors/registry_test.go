package connectors_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// plain is a connector with one setting and some endpoints.
type plain struct {
	name      string
	endpoints []string
}

func (p plain) Info() connectors.Info {
	info := connectors.Info{Name: p.name, Settings: []connectors.Field{
		{Name: "token", Type: connectors.TypeString, Secret: true, Required: true, Doc: "a token"},
	}}
	for _, name := range p.endpoints {
		info.Endpoints = append(info.Endpoints, connectors.Endpoint{Name: name})
	}
	return info
}

func (p plain) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	if _, err := deps.Secret(settings["token"].(string)); err != nil {
		return nil, err
	}
	return opened(p), nil
}

type opened plain

func (o opened) Endpoints() []connectors.Endpoint { return plain(o).Info().Endpoints }
func (o opened) Check(context.Context) error      { return nil }

func TestRegistryKnowsItsConnectors(t *testing.T) {
	t.Parallel()
	registry := connectors.NewRegistry(plain{"zeta", []string{"get_user"}}, plain{"alpha", nil})
	require.Equal(t, []string{"alpha", "zeta"}, registry.Names())
	info, ok := registry.Info("zeta")
	require.True(t, ok)
	_, ok = info.Endpoint("get_user")
	require.True(t, ok)
	_, ok = info.Endpoint("get_usr")
	require.False(t, ok)
	_, ok = registry.Info("beta")
	require.False(t, ok)
	_, err := registry.Open("drive", "beta", nil, nil)
	require.EqualError(t, err, `provider drive: unknown connector "beta": known are alpha, zeta`)
	require.Equal(t, "drive_api_get_user", connectors.ScriptType("drive", "get_user"))
}

func TestRegistryRefusesDuplicates(t *testing.T) {
	t.Parallel()
	require.Panics(t, func() { connectors.NewRegistry(plain{"a", nil}, plain{"a", nil}) })
	require.Panics(t, func() { connectors.NewRegistry(plain{"a", []string{"x", "x"}}) })
}

func TestSecretsAreReferences(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("from file\r\n"), 0o600))
	t.Setenv("USHER_TEST_TOKEN", "from environment")
	t.Setenv("USHER_TEST_EMPTY", "")
	for ref, want := range map[string]string{"env:USHER_TEST_TOKEN": "from environment", "file:" + file: "from file"} {
		got, err := connectors.ResolveSecret(ref)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for ref, want := range map[string]string{
		"xoxb-very-secret": `write "env:NAME" or "file:PATH"`, "vault:very-secret": `write "env:NAME"`, "env:": `write "env:NAME"`,
		"env:USHER_TEST_EMPTY": "env:USHER_TEST_EMPTY is empty", "file:/does/not/exist": "/does/not/exist",
	} {
		_, err := connectors.ResolveSecret(ref)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "very-secret")
	}
	registry := connectors.NewRegistry(plain{"a", nil})
	_, err := registry.Open("drive", "a", map[string]any{"token": "very-secret"}, nil)
	require.ErrorContains(t, err, `provider drive: setting "token": must not stand here`)
	require.NotContains(t, err.Error(), "very-secret")
	require.NoError(t, registry.Check("drive", "a", map[string]any{"token": "env:USHER_TEST_ABSENT"}), "a check resolves nothing")
	_, err = registry.Open("drive", "a", map[string]any{"token": "env:USHER_TEST_TOKEN"}, nil)
	require.NoError(t, err)
}
