package connectortest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// pair goes through the life of one change: planned, cancelled, made, made again, taken back, taken back again.
func (s Suite) pair(t *testing.T, provider connectors.Provider, pair Pair) {
	for _, step := range pair.Setup {
		result := s.run(t, t.Context(), provider, step)
		require.Contains(t, []connectors.Outcome{connectors.Applied, connectors.Already}, result.Outcome, "set up: %s", result.Summary)
	}
	s.quiet(t, "an unknown argument", func() {
		wrong := Step{Endpoint: pair.Do.Endpoint, Target: pair.Do.Target, Args: map[string]any{"no_such_argument": 1}}
		require.Equal(t, connectors.Refused, s.run(t, t.Context(), provider, wrong).Outcome)
	})
	s.quiet(t, "a cancelled call", func() {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		result := s.run(t, ctx, provider, pair.Do)
		require.Equal(t, connectors.Transient, result.Outcome)
		require.ErrorIs(t, result.Err, context.Canceled)
	})
	for _, step := range []Step{pair.Do, pair.Undo} {
		s.change(t, provider, step)
	}
}

// change makes one change that was not there yet.
func (s Suite) change(t *testing.T, provider connectors.Provider, step Step) {
	s.quiet(t, "a plan", func() {
		state, err := connectors.Plan(t.Context(), Endpoint(t, provider, step.Endpoint), s.call(step))
		require.NoError(t, err)
		require.False(t, state.Done, "%s is still to do: %s", step.Endpoint, state.Summary)
		require.NotEmpty(t, state.Summary)
	})
	before := s.Writes()
	result := s.run(t, t.Context(), provider, step)
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Greater(t, s.Writes(), before, "a change is written")
	require.NotEmpty(t, result.Output)
	require.Equal(t, []string{"before", "write", "after"}, steps(result.Evidence))
	s.quiet(t, "the same call again", func() {
		again := s.run(t, t.Context(), provider, step)
		require.Equal(t, connectors.Already, again.Outcome, again.Summary)
		require.Equal(t, result.Output, again.Output, "later steps get the same")
	})
	s.quiet(t, "settling what is done", func() {
		call := s.call(step)
		call.Settle = true
		require.Equal(t, connectors.Applied, connectors.Run(t.Context(), Endpoint(t, provider, step.Endpoint), call).Outcome)
	})
}

// quiet runs something that must not write.
func (s Suite) quiet(t *testing.T, what string, do func()) {
	t.Helper()
	before := s.Writes()
	do()
	require.Equal(t, before, s.Writes(), "%s writes nothing", what)
}

func (s Suite) run(t *testing.T, ctx context.Context, provider connectors.Provider, step Step) connectors.Result {
	t.Helper()
	result := connectors.Run(ctx, Endpoint(t, provider, step.Endpoint), s.call(step))
	require.NotEmpty(t, result.Summary)
	RequireNoSecret(t, result, s.Secrets)
	return result
}

func (s Suite) call(step Step) connectors.Call {
	return connectors.Call{Subject: s.Subject, Target: step.Target, Args: step.Args, IdempotencyKey: "conformance"}
}

func steps(evidence []connectors.Evidence) []string {
	names := make([]string, len(evidence))
	for i, e := range evidence {
		names[i] = e.Step
	}
	return names
}

// Endpoint finds a provider's endpoint; the test ends if there is none.
func Endpoint(t *testing.T, provider connectors.Provider, name string) connectors.Endpoint {
	t.Helper()
	for _, e := range provider.Endpoints() {
		if e.Name == name {
			return e
		}
	}
	require.FailNow(t, "no endpoint "+name)
	return connectors.Endpoint{}
}

// RequireNoSecret looks for secrets in everything that a result holds.
func RequireNoSecret(t *testing.T, result connectors.Result, secrets []string) {
	t.Helper()
	evidence, err := json.Marshal(result.Evidence)
	require.NoError(t, err)
	all := fmt.Sprintf("%s %v %v %#v", result.Summary, result.Output, result.Err, string(evidence))
	for _, secret := range secrets {
		require.NotContains(t, all, secret)
	}
}
