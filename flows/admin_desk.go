package flows

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

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
