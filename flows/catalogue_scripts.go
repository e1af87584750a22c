package flows

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// scriptCatalogue is all script types that the configured providers make. A provider whose connector this program does
// not know, or whose declared endpoints it can't read, has none.
func (f *Flows) scriptCatalogue(ctx context.Context, q bun.IDB) (*scripts.Catalogue, error) {
	rows, err := db.Providers(ctx, q)
	if err != nil {
		return nil, err
	}
	var all []scripts.Provider
	for _, row := range rows {
		if !row.Active {
			continue
		}
		info, err := f.registry.Describe(row.Slug, row.Connector, row.Settings, row.Endpoints)
		if err != nil {
			info = connectors.Info{}
		}
		all = append(all, scripts.Provider{Slug: row.Slug, Name: row.Name, Connector: row.Connector, Info: info})
	}
	return scripts.NewCatalogue(all...), nil
}
