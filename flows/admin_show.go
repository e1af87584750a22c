package flows

import (
	"context"
	"errors"
	"slices"

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
	if kind == config.KindDirectory {
		if shown.Directory, err = f.directoryState(ctx, slug); err != nil {
			return AdminObject{}, err
		}
	}
	shown.Waiting, err = db.PendingConfigChanges(ctx, f.store, kind, slug)
	return shown, err
}

// directoryState reads how one directory does.
func (f *Flows) directoryState(ctx context.Context, slug string) (*db.DirectoryState, error) {
	states, err := db.DirectoryStates(ctx, f.store, f.Now())
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(states, func(s db.DirectoryState) bool { return s.Slug == slug })
	if at < 0 {
		return nil, refuse("This is no longer there.")
	}
	return &states[at], nil
}
