package flows

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// AdminShow reads one object for somebody who may see it.
func (f *Flows) AdminShow(ctx context.Context, personID, kind, slug string) (AdminObject, error) {
	v, err := f.viewer(ctx, f.store, personID, kind)
	if err != nil {
		return AdminObject{}, err
	}
	object, err := config.ReadObject(ctx, f.store, kind, slug)
	if errors.Is(err, db.ErrNotFound) {
		return AdminObject{}, refuse("This is no longer there.")
	}
	if err != nil {
		return AdminObject{}, err
	}
	may, err := f.powerOver(ctx, f.store, v, object)
	if err == nil && !may.see {
		err = refusePower("%s belongs to somebody else. Its owner or an admin can see and change it.", object.Title)
	}
	if err != nil {
		return AdminObject{}, err
	}
	written, err := db.ConfigObjectOf(ctx, f.store, kind, slug)
	if err != nil {
		return AdminObject{}, err
	}
	shown := AdminObject{
		Kind: kind, Slug: slug, Title: object.Title, Active: object.Active, Values: object.Values,
		MayEdit: may.edit, MayDisable: may.disable, Keys: may.keys, WhyNot: may.why,
		Revision: written.Revision, WrittenBy: written.WrittenBy, WrittenAt: written.WrittenAt, Origin: written.Origin,
	}
	if kind == config.KindSettings {
		shown.Environment = f.admins
	}
	shown.Waiting, err = db.PendingConfigChanges(ctx, f.store, kind, slug)
	return shown, err
}

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
// meanwhile is refused. The error is an [Error] whose field is a key of the configuration file, such as "durations.max"
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

// editDesk is a checked edit with everything around it.
type editDesk struct {
	by       viewer
	edit     AdminEdit
	name     string        // of the object
	was      config.Object // as it is; zero for a new one
	revision int64
	plan     config.Plan
}

// changed are the keys that an edit changes.
func (d editDesk) changed() []config.FieldChange {
	var all []config.FieldChange
	for _, one := range d.plan.Changes {
		all = append(all, one.Diff()...)
	}
	return all
}

// editDesk checks an edit: who makes it, whether the object is still the one that he saw, and what he wrote.
func (f *Flows) editDesk(ctx context.Context, q bun.IDB, personID string, edit AdminEdit) (editDesk, error) {
	d := editDesk{edit: edit, name: edit.Slug}
	var err error
	if d.by, err = f.viewer(ctx, q, personID, edit.Kind); err != nil {
		return d, err
	}
	if err := d.named(); err != nil {
		return d, err
	}
	d.was, err = config.ReadObject(ctx, q, edit.Kind, d.name)
	known := err == nil
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return d, err
	}
	if !known && edit.Slug != "" {
		return d, refuse("This is no longer there. Open the list anew.")
	}
	may, err := f.mayEdit(ctx, q, d, known)
	if err != nil {
		return d, err
	}
	d.plan, err = config.PlanEdit(ctx, q, config.Edit{Kind: edit.Kind, Name: d.name, Values: d.edit.Values}, f.registry)
	if err != nil || d.plan.Empty() {
		return d, editRefusal(err)
	}
	if known && edit.Slug == "" {
		return d, refuseField(nameKey(edit.Kind), 0, "There is %s already. Choose another name, or edit that one.", d.was.Title)
	}
	if err := d.fresh(ctx, q); err != nil {
		return d, err
	}
	if known && edit.Values != nil {
		if err := may.allows(d.was.Title, d.plan.Changes[0].Fields); err != nil {
			return d, err
		}
	}
	return d, f.checkEdit(ctx, q, d)
}

// nameKey is the key under which an object has its name.
func nameKey(kind string) string {
	if kind == config.KindPerson {
		return "email"
	}
	return "slug"
}

// named finds the name of a new object, and keeps that of one which is there.
func (d *editDesk) named() error {
	if d.edit.Kind == config.KindSettings {
		d.edit.Slug, d.name = config.KindSettings, config.KindSettings
		return nil
	}
	if d.edit.Values == nil {
		return nil
	}
	key := nameKey(d.edit.Kind)
	wanted, _ := d.edit.Values[key].(string)
	if wanted = strings.TrimSpace(wanted); key == "email" {
		wanted = strings.ToLower(wanted)
	}
	if d.edit.Slug != "" && wanted != "" && wanted != d.edit.Slug {
		return refuseField(key, 0, "The %s can't be changed: requests and the log refer to it. Make a new one, and switch this one off.", key)
	}
	if d.name == "" {
		d.name = wanted
	}
	d.edit.Values = maps.Clone(d.edit.Values)
	d.edit.Values[key] = d.name
	return nil
}

// mayEdit refuses whoever may not make this edit at all.
func (f *Flows) mayEdit(ctx context.Context, q bun.IDB, d editDesk, known bool) (power, error) {
	if !known {
		if !d.by.role.Admin {
			return power{}, refusePower("Only admins add to the configuration.")
		}
		if d.edit.Kind == config.KindActionChain {
			return power{}, refuse("A workflow is written in its own form: choose Workflows.")
		}
		return power{edit: true}, nil
	}
	may, err := f.powerOver(ctx, q, d.by, d.was)
	switch {
	case err != nil:
		return may, err
	case !may.see:
		return may, refusePower("%s belongs to somebody else. Its owner or an admin can change it.", d.was.Title)
	case !may.edit:
		return may, refusePower("%s", may.why)
	case d.edit.Values == nil && d.was.Active && !may.disable:
		return may, refusePower("%s can't be switched off by you here.", d.was.Title)
	}
	return may, nil
}

// fresh refuses an edit of an object that somebody else wrote since the person saw it.
func (d *editDesk) fresh(ctx context.Context, q bun.IDB) error {
	written, err := db.ConfigObjectOf(ctx, q, d.edit.Kind, d.name)
	if err != nil {
		return err
	}
	if d.revision = written.Revision; d.edit.Slug != "" && d.revision != d.edit.Revision {
		return staleEdit(d.was.Title, written)
	}
	return nil
}

// errStale is what an edit fails with when somebody else wrote the object since.
var errStale = errors.New("written by somebody else since")

// staleEdit says who was faster.
func staleEdit(what string, written db.ConfigObject) error {
	return errors.Join(refuse("Meanwhile %s changed %s, %s. Copy what you wrote, open it anew and bring the two together.",
		written.WrittenBy, what, moment(written.WrittenAt)), errStale)
}

// editRefusal makes the mistakes of an edit a refusal that names the key of the first.
func editRefusal(err error) error {
	var mistakes config.EditErrors
	if errors.As(err, &mistakes) {
		return refuseField(mistakes[0].Key, 0, "%s", mistakes[0].Text)
	}
	var reasons config.RefusedError
	if errors.As(err, &reasons) {
		return refuse("This can't be done: %s.", strings.Join(reasons, "; "))
	}
	return err
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
