package flows

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// AdminPreviewRule says who would gain and lose what by an edit of a birthright, for somebody who may make it. It refuses
// what AdminSave would refuse. An edit that changes nothing is a preview of nothing.
func (f *Flows) AdminPreviewRule(ctx context.Context, personID string, edit AdminEdit) (BirthrightPreview, error) {
	var changed []db.Birthright
	err := f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		d, err := f.editDesk(ctx, tx, personID, edit)
		changed = d.plan.Birthrights()
		return err
	})
	if err != nil || len(changed) == 0 {
		return BirthrightPreview{}, err
	}
	return f.PreviewBirthright(ctx, changed[0])
}
