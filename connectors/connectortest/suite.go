// Package connectortest is the conformance suite that every connector passes, against a real target: what is done
// happens once, doing it again changes nothing, plans do not write, and secrets stay inside.
package connectortest

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// Suite is one connector and one target to try it on.
type Suite struct {
	Connector connectors.Connector
	// Settings hold references to secrets, as in a configuration.
	Settings map[string]any
	// Secrets are the values behind the references; none may ever come out.
	Secrets []string
	// Subject is the person of all calls.
	Subject connectors.Person
	Pairs   []Pair
	// Writes counts what was written at the target so far. Nil counts HTTP requests other than GET and HEAD.
	Writes func() int
}

// Pair is an endpoint and the one that takes it back. Setup runs first.
type Pair struct {
	Name     string
	Setup    []Step
	Do, Undo Step
}

// Step is a call of one endpoint.
type Step struct {
	Endpoint, Target string
	Args             map[string]any
}

// Run tries everything. Pairs run one after the other, in the order given.
func Run(t *testing.T, s Suite) {
	t.Helper()
	wire := &Wire{}
	if s.Writes == nil {
		s.Writes = wire.Writes
	}
	provider, err := s.Connector.Open(s.Settings, wire.Deps())
	require.NoError(t, err)
	t.Run("describes itself", func(t *testing.T) { s.describes(t, provider) })
	t.Run("refuses wrong settings", s.settings)
	t.Run("checks the target", func(t *testing.T) {
		before := s.Writes()
		require.NoError(t, provider.Check(t.Context()))
		require.Equal(t, before, s.Writes(), "a check writes nothing")
	})
	for _, pair := range s.Pairs {
		t.Run(pair.Name, func(t *testing.T) { s.pair(t, provider, pair) })
	}
}

// lowerSnake is how endpoints and fields are named.
var lowerSnake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

func (s Suite) describes(t *testing.T, provider connectors.Provider) {
	info, opened := s.Connector.Info(), provider.Endpoints()
	require.Regexp(t, lowerSnake, info.Name)
	require.NotEmpty(t, info.Doc)
	require.Len(t, opened, len(info.Endpoints), "what is described is what is there")
	for i, e := range opened {
		described := info.Endpoints[i]
		require.Equal(t, described.Name, e.Name)
		require.Equal(t, described.Args, e.Args)
		require.Equal(t, described.Outputs, e.Outputs)
		require.Nil(t, described.Read, "a description does nothing")
		require.NotNil(t, e.Read, e.Name)
		require.Equal(t, e.Effect != connectors.Reads, e.Write != nil, "%s writes unless it reads only", e.Name)
		require.Equal(t, e.Effect != connectors.Reads, e.Did != nil, "%s says what it did", e.Name)
		if e.Undo != "" {
			_, known := info.Endpoint(e.Undo)
			require.True(t, known, "%s is undone by %s", e.Name, e.Undo)
		}
		requireNamed(t, e.Name, e.Doc, append(append([]connectors.Field{}, e.Args...), e.Outputs...))
	}
	requireNamed(t, info.Name, info.Doc, info.Settings)
	requireLeaving(t, info, provider)
}

// requireLeaving looks whether a person can be shut out by what the provider names for that, without any argument.
func requireLeaving(t *testing.T, info connectors.Info, provider connectors.Provider) {
	t.Helper()
	leaving, ok := provider.(connectors.Leaving)
	if !ok {
		return
	}
	sessions, suspend := leaving.Leaving()
	for _, name := range []string{sessions, suspend} {
		if name == "" {
			continue
		}
		e, known := info.Endpoint(name)
		require.True(t, known, name)
		require.Equal(t, connectors.Revokes, e.Effect, name)
		require.NoError(t, connectors.CheckArgs(e.Args, nil), name)
		require.True(t, e.EndsSessions || name != sessions, "%s looks whether sessions ended", name)
	}
}

func requireNamed(t *testing.T, name, doc string, fields []connectors.Field) {
	t.Helper()
	require.Regexp(t, lowerSnake, name)
	require.NotEmpty(t, doc, name)
	for _, field := range fields {
		require.Regexp(t, lowerSnake, field.Name)
		require.NotEmpty(t, field.Doc, "%s: %s", name, field.Name)
		require.Contains(t, []string{connectors.TypeString, connectors.TypeBool, connectors.TypeInt, connectors.TypeMap, connectors.TypeAny}, field.Type)
	}
}

// settings leaves out, misspells and writes out settings; each is an error that names the setting and no value.
func (s Suite) settings(t *testing.T) {
	registry := connectors.NewRegistry(s.Connector)
	name := s.Connector.Info().Name
	require.NoError(t, registry.Check("here", name, s.Settings))
	require.ErrorContains(t, registry.Check("here", name, with(s.Settings, "no_such_setting", "x")), "no_such_setting")
	for _, field := range s.Connector.Info().Settings {
		if field.Required {
			_, err := registry.Open("here", name, with(s.Settings, field.Name, nil), nil)
			require.ErrorContains(t, err, field.Name)
		}
		if field.Secret {
			_, err := registry.Open("here", name, with(s.Settings, field.Name, "written-out-secret"), nil)
			require.ErrorContains(t, err, field.Name)
			require.ErrorContains(t, err, "env:")
			require.NotContains(t, err.Error(), "written-out-secret")
		}
	}
}

func with(settings map[string]any, name string, value any) map[string]any {
	changed := map[string]any{name: value}
	for key, old := range settings {
		if key != name {
			changed[key] = old
		}
	}
	if value == nil {
		delete(changed, name)
	}
	return changed
}
