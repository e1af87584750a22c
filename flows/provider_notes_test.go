package flows_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// telling is a connector whose providers can say what they are allowed to do.
type telling struct{ scim.Connector }

// Open implements connectors.Connector.
func (c telling) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	provider, err := c.Connector.Open(settings, deps)
	return teller{provider}, err
}

type teller struct{ connectors.Provider }

// Notes implements connectors.Notes.
func (teller) Notes(context.Context) ([]string, error) { return []string{"accounts: yes"}, nil }

func TestProviderNotes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		none, err := b.ProviderNotes(b.ctx, "drive")
		require.NoError(t, err)
		require.Empty(t, none, "a provider that cannot tell")
		_, err = b.ProviderNotes(b.ctx, "no-such-provider")
		require.ErrorIs(t, err, db.ErrNotFound)

		options := b.options
		options.Registry = connectors.NewRegistry(telling{}).WithDeps(connectors.Deps{
			HTTP: connectors.NewHTTPClient, Secret: func(string) (string, error) { return testToken, nil },
		})
		other, err := flows.New(options)
		require.NoError(t, err)
		notes, err := other.ProviderNotes(b.ctx, "drive")
		require.NoError(t, err)
		require.Equal(t, []string{"accounts: yes"}, notes)
	})
}
