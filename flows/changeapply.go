package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// applyChange carries out an edit that was approved. It is checked anew: whoever made it may have lost his power, and
// the object may have changed. Then nothing is written, and the thread says why.
func (c *change) applyChange(ctx context.Context, request db.Request) error {
	if err := db.LockConfiguration(ctx, c); err != nil {
		return err
	}
	waiting, err := db.ConfigChangeOf(ctx, c, request.ID)
	if err != nil {
		return err
	}
	waiting.Status, waiting.EndedAt = db.ChangeApplied, c.now
	before := len(c.events)
	err = c.writeApproved(ctx, request, waiting)
	for n := before; n < len(c.events); n++ {
		c.events[n].Request = request.ID // by which it came about
	}
	refusal, refused := Refusal(err)
	switch {
	case refused && errors.Is(err, errStale):
		waiting.Status, waiting.Error = db.ChangeStale, refusal.Text
	case refused:
		waiting.Status, waiting.Error = db.ChangeRefused, refusal.Text
	case err != nil:
		return err
	}
	return c.endChange(ctx, request, waiting)
}

// writeApproved checks an edit as if it were made now, and writes it. What it refuses was not begun to be written.
func (c *change) writeApproved(ctx context.Context, request db.Request, waiting db.ConfigChange) error {
	written, err := db.ConfigObjectOf(ctx, c, waiting.Kind, waiting.Slug)
	if err != nil {
		return err
	}
	if written.Revision != waiting.Revision {
		return staleEdit(waiting.Title, written)
	}
	if _, publishes := waiting.After["version"]; publishes && waiting.Kind == config.KindActionChain {
		return c.publishApproved(ctx, request, waiting)
	}
	edit := AdminEdit{Kind: waiting.Kind, Slug: waiting.Slug, Revision: waiting.Revision, Values: waiting.After}
	if waiting.Verb == config.Added {
		edit.Slug = ""
	}
	d, err := c.f.editDesk(ctx, c, request.RequesterID, edit)
	if err != nil {
		return err
	}
	_, err = c.carryOut(ctx, d.plan, person(d.by.Person), nil)
	return err
}

// endChange ends the wait of an edit and tells of it.
func (c *change) endChange(ctx context.Context, request db.Request, ended db.ConfigChange) error {
	if err := db.EndConfigChange(ctx, c, ended); err != nil {
		return err
	}
	details := db.Details{Change: ended.ID, Resource: ended.Kind + " " + ended.Slug, Error: ended.Error, Revision: ended.Revision}
	return c.append(db.AuditEvent{
		Actor: system.name, ActorKind: system.kind, Action: "change." + ended.Status, Request: request.ID,
	}, details)
}

// dropChange ends the wait of an edit that was denied or cancelled, or on which nobody decided.
func (c *change) dropChange(ctx context.Context, request db.Request) error {
	waiting, err := db.ConfigChangeOf(ctx, c, request.ID)
	if err != nil || waiting.Status != db.Pending {
		return err
	}
	waiting.Status, waiting.EndedAt = db.ChangeEnded, c.now
	return db.EndConfigChange(ctx, c, waiting)
}
