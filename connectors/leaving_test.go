package connectors_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
)

// shutting is a connector whose providers can suspend accounts and perhaps end sessions.
type shutting struct {
	calling
	sessions, suspend string
}

func (s shutting) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	provider, err := s.calling.Open(settings, deps)
	return shut{provider, s}, err
}

type shut struct {
	connectors.Provider
	shutting
}

func (s shut) Endpoints() []connectors.Endpoint    { return s.Provider.Endpoints() }
func (s shut) Leaving() (sessions, suspend string) { return s.sessions, s.suspend }
func (s shut) Caller() *connectors.JSONClient      { return &connectors.JSONClient{} }

// TestLeaving asks providers how a person is shut out, with and without what a configuration declares.
func TestLeaving(t *testing.T) {
	const (
		ends    = `{"name":"end_sessions","effect":"revokes","path":"/out","idempotency_header":"Key"}`
		asks    = `{"name":"end_sessions","effect":"revokes","path":"/out","idempotency_header":"Key","args":{"why":{"required":true}}}`
		grants  = `{"name":"end_sessions","effect":"grants","path":"/out","idempotency_header":"Key"}`
		disable = `{"name":"disable_user","effect":"revokes","path":"/off","idempotency_header":"Key"}`
		other   = `{"name":"shred","effect":"revokes","path":"/shred","idempotency_header":"Key"}`
	)
	t.Setenv("LEAVING_TOKEN", "x")
	own := shutting{calling: calling{plain{"a", []string{"lock_out"}}}, suspend: "lock_out"}
	for name, tc := range map[string]struct {
		connector         connectors.Connector
		declared          string
		sessions, suspend string
	}{
		"neither":                     {calling{plain{"a", []string{"disable_user"}}}, "", "", ""},
		"the connector's":             {own, "", "", "lock_out"},
		"the connector's both":        {shutting{own.calling, "sign_out", "lock_out"}, ends, "sign_out", "lock_out"},
		"sessions declared":           {own, other + "," + ends, "end_sessions", "lock_out"},
		"the connector's comes first": {own, disable, "", "lock_out"},
		"both declared":               {shutting{own.calling, "", ""}, ends + "," + disable, "end_sessions", "disable_user"},
		"declared, but asks":          {own, asks, "", "lock_out"},
		"declared, but grants":        {own, grants, "", "lock_out"},
	} {
		registry := connectors.NewRegistry(tc.connector).WithDeps(connectortest.WithTemplates(connectors.Deps{}))
		provider, err := registry.Open("desk", "a", map[string]any{"token": "env:LEAVING_TOKEN"}, parsed(t, "["+tc.declared+"]"))
		require.NoError(t, err, name)
		leaving, ok := connectors.As[connectors.Leaving](provider)
		require.True(t, ok, name)
		sessions, suspend := leaving.Leaving()
		require.Equal(t, []string{tc.sessions, tc.suspend}, []string{sessions, suspend}, name)
	}
}
