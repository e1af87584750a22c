package db

import (
	"context"

	"github.com/uptrace/bun"
)

// SaveHanded stores who handed the decision on an open step to whom; ErrConflict when the step is not open.
func SaveHanded(ctx context.Context, q bun.IDB, step ApprovalStep) error {
	result, err := q.NewUpdate().Model(&step).Column("handed").Where("id = ?", step.ID).Where("status = ?", Deciding).Exec(ctx)
	return changed(result, err, "approval step", step.ID)
}
