package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// AdminPreview says what an edit would change, and changes nothing. It refuses what AdminSave would refuse.
func (f *Flows) AdminPreview(ctx context.Context, personID string, edit AdminEdit) ([]config.FieldChange, error) {
	var changed []config.FieldChange
	err := f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		d, err := f.editDesk(ctx, tx, personID, edit)
		changed = d.changed()
		return err
	})
	return changed, err
}

// AdminSave writes one object as a person wants it to be, by the rules and with the writer of `usher apply`. Where edits
// need a second pair of eyes it makes the request for that instead. An edit of an object that somebody else wrote
// meanwhile is refused. The error is an [Error] whose field is a key of the configuration file, such as durations.max
// or "steps.2.approvers", where the second step is meant; it is empty for the object as a whole.
func (f *Flows) AdminSave(ctx context.Context, personID string, edit AdminEdit) (AdminResult, error) {
	var result AdminResult
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.LockConfiguration(ctx, c); err != nil {
			return err
		}
		d, err := f.editDesk(ctx, c, personID, edit)
		if err != nil {
			return err
		}
		result, err = c.save(ctx, d)
		return err
	})
	if denied := (powerError{}); errors.As(err, &denied) {
		return result, f.refusedEdit(ctx, personID, edit, err)
	}
	return result, err
}

// save writes a checked edit, or asks somebody else to approve it.
func (c *change) save(ctx context.Context, d editDesk) (AdminResult, error) {
	result := AdminResult{Applied: true, Changed: d.changed()}
	if d.plan.Empty() {
		return result, nil
	}
	settings, err := db.ReadSettings(ctx, c)
	if err != nil {
		return result, err
	}
	if settings.FourEyes != "" {
		result.Applied = false
		result.RequestID, err = c.askForChange(ctx, d, settings)
		return result, err
	}
	tell, err := c.toldOf(ctx, d)
	if err != nil {
		return result, err
	}
	_, err = c.carryOut(ctx, d.plan, person(d.by.Person), tell)
	return result, err
}

// toldOf names the admins who are told of an edit that nobody else looked at: that of an owner who is no admin.
func (c *change) toldOf(ctx context.Context, d editDesk) ([]string, error) {
	if d.by.role.Admin {
		return nil, nil
	}
	admins, err := c.f.adminPeople(ctx, c)
	var labels []string
	for _, one := range admins {
		if powerful(one) && !slices.Contains(labels, one.Label()) {
			labels = append(labels, one.Label())
		}
	}
	return labels, err
}

// refusedEdit records an edit that was tried without the power to make it.
func (f *Flows) refusedEdit(ctx context.Context, personID string, edit AdminEdit, err error) error {
	return f.refusedPress(ctx, personID, err, func(context.Context, *change) (db.AuditEvent, db.Details, error) {
		return db.AuditEvent{}, db.Details{Resource: strings.TrimSpace(edit.Kind + " " + edit.Slug)}, nil
	})
}
