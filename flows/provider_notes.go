package flows

import (
	"context"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// ProviderNotes asks a provider what its credentials and its system's plan allow, one sentence each. A provider that
// cannot tell has none. An unknown slug is [db.ErrNotFound].
func (f *Flows) ProviderNotes(ctx context.Context, slug string) ([]string, error) {
	row, err := db.ProviderBySlug(ctx, f.store, slug)
	if err != nil {
		return nil, err
	}
	opened, err := f.providers.get(row)
	if err != nil {
		return nil, err
	}
	provider, ok := connectors.As[connectors.Notes](opened.provider)
	if !ok {
		return nil, nil
	}
	return provider.Notes(ctx)
}
