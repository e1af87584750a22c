package flows

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// PublishWorkflow publishes the newest version of a workflow, which must be tested and clear. New requests run it; what
// was requested before keeps the version that it was requested with. Where edits need a second pair of eyes it is asked
// for instead, and the refusal says so.
func (f *Flows) PublishWorkflow(ctx context.Context, e Edit) error {
	requestID := ""
	err := f.edit(ctx, e, func(ctx context.Context, c *change, w editing) error {
		settings, guarded, err := fourEyesOn(ctx, c)
		if err != nil {
			return err
		}
		if !guarded {
			return c.publish(ctx, w)
		}
		if err := f.publishable(ctx, c, w); err != nil {
			return err
		}
		requestID, err = c.askToPublish(ctx, w, settings)
		return err
	})
	if err == nil && requestID != "" {
		return asked(requestID)
	}
	return err
}

// publish publishes the newest version of a workflow in place of the one before.
func (c *change) publish(ctx context.Context, w editing) error {
	if err := c.f.publishable(ctx, c, w); err != nil {
		return err
	}
	before := map[string]any{"version": 0}
	if old := published(w.all); old != nil {
		before = facts(w.chain, *old)
		retired := *old
		retired.Status = db.Retired
		if err := db.MoveVersion(ctx, c, retired, db.Published); err != nil {
			return err
		}
	}
	version := w.newest
	version.Status, version.PublishedAt, version.PublishedBy = db.Published, c.now, w.by.Label()
	if err := db.MoveVersion(ctx, c, version, db.Tested); err != nil {
		return err
	}
	w.chain.UpdatedAt = c.now
	if err := db.SaveActionChain(ctx, c, w.chain); err != nil {
		return err
	}
	if err := c.wroteInSlack(ctx, config.KindActionChain, w.chain.Slug, w.by); err != nil {
		return err
	}
	return c.recordChain(w.by, w.chain, "changed", before, facts(w.chain, version))
}

// publishable refuses a version that is not to be published, or not by this person.
func (f *Flows) publishable(ctx context.Context, q bun.IDB, w editing) error {
	placed, err := f.clearVersion(ctx, q, w.newest)
	if err != nil {
		return err
	}
	switch {
	case !placed:
		return refuse("Not everything in this workflow is clear. Make each marked step clear first, in other words or by hand.")
	case w.newest.Status == db.Published:
		return refuse("Version %d is published already.", w.newest.Number)
	case w.newest.Status != db.Tested:
		return refuse("Test version %d for a person first: nothing untested is published.", w.newest.Number)
	}
	e, err := writtenFor(ctx, q, w.chain, "")
	if err != nil {
		return err
	}
	return f.withinPower(ctx, q, w.by, e, w.newest.Scripts)
}

// RestoreVersion makes a new draft of an older version, with its words and its scripts.
func (f *Flows) RestoreVersion(ctx context.Context, e Edit, versionID string) (db.ActionChainVersion, error) {
	var made db.ActionChainVersion
	err := f.edit(ctx, e, func(ctx context.Context, c *change, w editing) error {
		n := slices.IndexFunc(w.all, func(v db.ActionChainVersion) bool { return v.ID == versionID })
		switch {
		case n < 0:
			return refuse("This version is no longer there.")
		case w.all[n].ID == w.newest.ID:
			return refuse("Version %d is the newest one already.", w.newest.Number)
		}
		var err error
		made, err = c.newVersion(ctx, w, w.all[n].Text, w.all[n].Steps, w.all[n].Scripts)
		return err
	})
	return made, err
}

// WorkflowVersions reads the versions of a workflow for somebody who may see it, newest first.
func (f *Flows) WorkflowVersions(ctx context.Context, personID, chainID string) (db.ActionChain, []db.ActionChainVersion, error) {
	w, _, err := f.visible(ctx, f.store, personID, chainID)
	slices.Reverse(w.all)
	return w.chain, w.all, err
}
