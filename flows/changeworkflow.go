package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// asked says that something was not done but asked for. It is given when the request for it is written.
func asked(requestID string) error {
	return refuse("This needs somebody else's approval, and was asked for just now (request %s). It takes effect once it is approved.", requestID)
}

// wroteInSlack counts one more writing of an object that a person changed in Slack.
func (c *change) wroteInSlack(ctx context.Context, kind, slug string, by db.Person) error {
	return db.WriteConfigObject(ctx, c, db.ConfigObject{Kind: kind, Slug: slug, Origin: db.FromSlack, WrittenBy: by.Label(), WrittenAt: c.now})
}

// askForLinks asks somebody else to approve that an entitlement links other workflows.
func (c *change) askForLinks(ctx context.Context, wish LinkWish, e db.Entitlement, settings db.Settings) (string, error) {
	object, err := config.ReadObject(ctx, c, config.KindEntitlement, e.Slug)
	if err != nil {
		return "", err
	}
	written, err := db.ConfigObjectOf(ctx, c, config.KindEntitlement, e.Slug)
	if err != nil {
		return "", err
	}
	object.Values["provision"], object.Values["deprovision"] = wish.Provision, wish.Deprovision
	d, err := c.f.editDesk(ctx, c, wish.By, AdminEdit{
		Kind: config.KindEntitlement, Slug: e.Slug, Revision: written.Revision, Values: object.Values, Reason: "Other workflows for " + e.Name,
	})
	if err != nil {
		return "", err
	}
	return c.askForChange(ctx, d, settings)
}

// askToPublish asks somebody else to approve that a version of a workflow is published.
func (c *change) askToPublish(ctx context.Context, w editing, settings db.Settings) (string, error) {
	written, err := db.ConfigObjectOf(ctx, c, config.KindActionChain, w.chain.Slug)
	if err != nil {
		return "", err
	}
	e, err := writtenFor(ctx, c, w.chain, "")
	if err != nil {
		return "", err
	}
	before, after := map[string]any{"version": 0}, facts(w.chain, w.newest)
	var was db.ActionChainVersion
	if old := published(w.all); old != nil {
		was, before = *old, facts(w.chain, *old)
	}
	return c.waitForApproval(ctx, w.by, AdminEdit{Reason: fmt.Sprintf("Version %d of %s", w.newest.Number, w.chain.Title())}, settings, db.ConfigChange{
		Kind: config.KindActionChain, Slug: w.chain.Slug, Verb: config.Changed, Title: "workflow " + w.chain.Title(), OwnerEmail: e.OwnerEmail,
		Revision: written.Revision, Before: before, After: after, Diff: []db.FieldChange{
			{Key: "version", Old: versionName(was), New: versionName(w.newest)}, {Key: "workflow", Old: worded(was), New: worded(w.newest)},
		},
	})
}

func versionName(v db.ActionChainVersion) string {
	if v.ID == "" {
		return "none"
	}
	return fmt.Sprint(v.Number)
}

// worded is what a version does: its words, or its scripts where none were written.
func worded(v db.ActionChainVersion) string {
	words := v.Text
	for _, script := range v.Scripts {
		if v.Text == "" {
			words += fmt.Sprintf("%s (%s) ", script.Name, script.Type)
		}
	}
	return words
}

// publishApproved publishes the version of a workflow that was approved, if it still is the newest.
func (c *change) publishApproved(ctx context.Context, request db.Request, waiting db.ConfigChange) error {
	chain, err := db.ActionChainBySlug(ctx, c, waiting.Slug)
	if err != nil {
		return err
	}
	w, err := c.f.editable(ctx, c, request.RequesterID, chain.ID)
	if err != nil {
		return err
	}
	if fmt.Sprint(waiting.After["version"]) != fmt.Sprint(w.newest.Number) {
		return errors.Join(stale(w.newest), errStale)
	}
	return c.publish(ctx, w)
}

// fourEyesOn reads the settings, and says whether edits need somebody else's approval.
func fourEyesOn(ctx context.Context, q bun.IDB) (db.Settings, bool, error) {
	settings, err := db.ReadSettings(ctx, q)
	return settings, settings.FourEyes != "", err
}
