package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// askForChange makes the request by which somebody else approves an edit. It goes through the ordinary approval
// machinery, so that reminders, time limits, delegates and proofs of identity hold for it too.
func (c *change) askForChange(ctx context.Context, d editDesk, settings db.Settings) (string, error) {
	made := d.plan.Changes[0]
	owner, err := ownerBefore(ctx, c, d)
	if err != nil {
		return "", err
	}
	return c.waitForApproval(ctx, d.by.Person, d.edit, settings, db.ConfigChange{
		Kind: made.Kind, Slug: made.Name, Verb: made.Verb, Title: d.title(), OwnerEmail: owner, Revision: d.revision,
		Before: made.Before, After: d.edit.Values, Diff: d.changed(),
	})
}

// ownerBefore is who owns an object as it is, and so may decide where the chain names the owner: never somebody whom the
// edit itself makes its owner. For access that is new, or that nobody owns, it is the owner of its provider.
func ownerBefore(ctx context.Context, c *change, d editDesk) (string, error) {
	if d.was.Owner != "" || d.edit.Kind != config.KindEntitlement {
		return d.was.Owner, nil
	}
	slug, known := d.was.Values["provider"].(string)
	if !known {
		slug, _ = d.edit.Values["provider"].(string)
	}
	provider, err := db.ProviderBySlug(ctx, c, slug)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return provider.OwnerEmail, err
}

// waitForApproval writes the request for a change, and the change that waits for it. The same submission again, and the
// same wish of the same person while it still waits, is the request that was made before.
func (c *change) waitForApproval(ctx context.Context, by db.Person, edit AdminEdit, settings db.Settings, waiting db.ConfigChange) (string, error) {
	if before, err := c.askedBefore(ctx, by, edit, waiting); err != nil || before != "" {
		return before, err
	}
	if err := checkReason(edit.Reason); err != nil {
		return "", err
	}
	chain, err := fourEyes(ctx, c, settings)
	if err != nil {
		return "", err
	}
	request, item := c.changeRequest(by, edit, settings, chain)
	for _, one := range waiting.Diff {
		item.Plan = append(item.Plan, fmt.Sprintf("%s: %s → %s", one.Key, one.Old, one.New))
	}
	if err := db.InsertRequest(ctx, c, request, []db.RequestItem{item}); err != nil {
		return "", err
	}
	waiting.ID, waiting.RequestID, waiting.Status, waiting.CreatedAt = db.NewID("chg"), request.ID, db.Pending, c.now
	if err := db.InsertConfigChange(ctx, c, waiting); err != nil {
		return "", err
	}
	if item, err = db.ItemByID(ctx, c, item.ID); err != nil { // with the name and the owner of what is to be changed
		return "", err
	}
	open := draft{request: request, items: []draftItem{{item: item, chain: chain}}}
	if err := c.recordRequest(open); err != nil {
		return "", err
	}
	if err := c.openFlow(ctx, request, open.items[0]); err != nil {
		return "", err
	}
	return request.ID, c.settleRequest(ctx, request)
}

// askedBefore is the id of the request by which the same was asked for already, or empty.
func (c *change) askedBefore(ctx context.Context, by db.Person, edit AdminEdit, wanted db.ConfigChange) (string, error) {
	made, err := db.RequestBySubmission(ctx, c, edit.Submission)
	if !errors.Is(err, db.ErrNotFound) {
		return made.ID, err
	}
	waiting, err := db.PendingConfigChanges(ctx, c, wanted.Kind, wanted.Slug)
	if err != nil {
		return "", err
	}
	for _, one := range waiting {
		request, err := db.RequestByID(ctx, c, one.RequestID)
		if err != nil {
			return "", err
		}
		if request.RequesterID == by.ID && one.Revision == wanted.Revision && slices.Equal(one.Diff, wanted.Diff) {
			return request.ID, nil
		}
	}
	return "", nil
}

// fourEyes reads the chain that edits go through. Whoever makes an edit never decides on it, whatever a step says.
func fourEyes(ctx context.Context, c *change, settings db.Settings) (db.ApprovalChain, error) {
	chain, err := db.ApprovalChainBySlug(ctx, c, settings.FourEyes)
	if errors.Is(err, db.ErrNotFound) || (err == nil && (!chain.Active || len(chain.Steps) == 0)) {
		return chain, refuse("Edits need somebody else's approval, and the chain for that, %s, is gone. Ask the operator to set four_eyes anew.", settings.FourEyes)
	}
	steps := make([]db.Step, len(chain.Steps))
	for n, step := range chain.Steps {
		step.Self = false
		steps[n] = step
	}
	chain.Steps = steps
	return chain, err
}

// changeRequest is the request for an edit: for whoever makes it, of the entitlement that stands for the configuration.
func (c *change) changeRequest(by db.Person, edit AdminEdit, settings db.Settings, chain db.ApprovalChain) (db.Request, db.RequestItem) {
	channel := settings.Channel
	if channel == "" {
		channel = DefaultChannel
	}
	submission := edit.Submission
	if submission == "" {
		submission = db.NewID("sub")
	}
	request := db.Request{
		ID: db.NewID("req"), RequesterID: by.ID, Reason: edit.Reason, Status: db.Pending, Submission: submission,
		Channel: channel, CreatedAt: c.now, Kind: db.ForChange, Requester: &by,
		LapsesAt: db.UTC(c.now.Add(c.f.pendingFor(settings, []draftItem{{chain: chain}}))),
	}
	item := db.RequestItem{
		ID: db.NewID("itm"), RequestID: request.ID, Position: 1, EntitlementID: db.ConfigurationID, SubjectID: by.ID,
		Duration: db.Duration(time.Second), ProvisionVersionID: db.ConfigurationVersionID,
		DeprovisionVersionID: db.ConfigurationVersionID, Status: db.Pending,
	}
	return request, item
}

// title is what people call the object of an edit.
func (d editDesk) title() string {
	if d.edit.Kind == config.KindSettings {
		return "the settings"
	}
	name := d.was.Title
	if given, _ := d.edit.Values["name"].(string); name == "" && given != "" {
		name = given
	}
	if name == "" {
		name = d.name
	}
	return config.Title(d.edit.Kind) + " " + name
}
