package flows

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/workflow"
)

// known is what the words of a workflow for an entitlement may mean. The zero entitlement is none.
func (f *Flows) known(ctx context.Context, q bun.IDB, e db.Entitlement) (workflow.Known, error) {
	catalogue, err := f.scriptCatalogue(ctx, q)
	if err != nil {
		return workflow.Known{}, err
	}
	rows, err := db.Entitlements(ctx, q)
	if err != nil {
		return workflow.Known{}, err
	}
	known := workflow.Known{Scripts: catalogue}
	for _, row := range rows {
		if row.Active && row.Provider.Active {
			known.Entitlements = append(known.Entitlements, spoken(row))
		}
	}
	if e.ID != "" {
		known.For = spoken(e)
	}
	return known, nil
}

// spoken is an entitlement as words can name it.
func spoken(e db.Entitlement) workflow.Entitlement {
	return workflow.Entitlement{Slug: e.Slug, Name: e.Name, Provider: e.Provider.Slug, Kind: e.Kind, Target: e.Target}
}
