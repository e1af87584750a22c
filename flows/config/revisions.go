package config

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// InSlackError names the objects that a file would change though somebody changed them in Slack since. Nothing was
// changed.
type InSlackError []db.ConfigObject

// Error is one line for each object.
func (e InSlackError) Error() string {
	lines := make([]string, len(e))
	for n, object := range e {
		lines[n] = fmt.Sprintf("%s was changed in Slack by %s: take that into the file (usher config export), or apply with --overwrite",
			nameOf(object), whoWrote(object))
	}
	return strings.Join(lines, "\n")
}

// nameOf is what people call an object.
func nameOf(object db.ConfigObject) string {
	if object.Kind == KindSettings {
		return KindSettings
	}
	return Title(object.Kind) + " " + object.Slug
}

func whoWrote(object db.ConfigObject) string {
	return object.WrittenBy + " on " + object.WrittenAt.UTC().Format("2006-01-02 at 15:04") + " UTC"
}

// besideSlack finds the objects that were written in Slack last, among those that the plan changes and those that the
// file names as they are.
func (p *Plan) besideSlack(ctx context.Context, q bun.IDB) error {
	written, err := db.ConfigObjectsFrom(ctx, q, db.FromSlack)
	if err != nil {
		return err
	}
	changes, names := map[[2]string]bool{}, p.file.names()
	for _, c := range p.Changes {
		changes[[2]string{c.Kind, c.Name}] = true
	}
	for _, object := range written {
		switch one := [2]string{object.Kind, object.Slug}; {
		case changes[one]:
			p.InSlack = append(p.InSlack, object)
		case names[one]:
			p.said = append(p.said, object)
		}
	}
	return nil
}

// names are the kinds and names of all objects in the file.
func (f File) names() map[[2]string]bool {
	all := map[[2]string]bool{{KindSettings, KindSettings}: len(f.Settings.fields()) > 0}
	for _, s := range f.sections(stored{}) {
		for _, one := range s.new {
			all[[2]string{s.kind, one.name}] = true
		}
	}
	return all
}

// Overwrite is the plan with what was written in Slack overwritten.
func (p Plan) Overwrite() Plan {
	p.over = true
	return p
}

// Leave is the plan without the changes of what was written in Slack. That the file wants these objects otherwise is
// remembered until it is heard, or agrees.
func (p Plan) Leave() Plan {
	p.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c Change) bool { return p.inSlack(c) != nil })
	p.ignored, p.InSlack = p.InSlack, nil
	return p
}

// inSlack is who wrote the object of a change in Slack, or nil.
func (p Plan) inSlack(c Change) *db.ConfigObject {
	n := slices.IndexFunc(p.InSlack, func(o db.ConfigObject) bool { return o.Kind == c.Kind && o.Slug == c.Name })
	if n < 0 {
		return nil
	}
	return &p.InSlack[n]
}

// note counts one more writing of an object.
func (w *writer) note(ctx context.Context, c Change, origin string) error {
	return db.WriteConfigObject(ctx, w.tx, db.ConfigObject{
		Kind: c.Kind, Slug: c.Name, Origin: origin, WrittenBy: w.author, WrittenAt: w.now,
	})
}

// settle notes what the file says of objects that were written in Slack last and that it does not change: that it says
// the same, so that they are the file's again, or that it wants them otherwise.
func (w *writer) settle(ctx context.Context, plan Plan) error {
	for _, object := range plan.said {
		object.Origin, object.DiffersSince = db.FromFile, time.Time{}
		if err := db.SettleConfigObject(ctx, w.tx, object); err != nil {
			return err
		}
	}
	for _, object := range plan.ignored {
		if object.DiffersSince.IsZero() {
			object.DiffersSince = w.now
		}
		if err := db.SettleConfigObject(ctx, w.tx, object); err != nil {
			return err
		}
	}
	return nil
}
