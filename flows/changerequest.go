package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// askForChange makes the request by which somebody else approves an edit. It goes through the ordinary approval
// machinery, so that reminders, time limits, delegates and proofs of identity hold for it too.
func (c *change) askForChange(ctx context.Context, d editDesk, settings db.Settings) (string, error) {
	made, err := db.RequestBySubmission(ctx, c, d.edit.Submission)
	if !errors.Is(err, db.ErrNotFound) {
		return made.ID, err
	}
	if err := checkReason(d.edit.Reason); err != nil {
		return "", err
	}
	chain, err := fourEyes(ctx, c, settings)
	if err != nil {
		return "", err
	}
	request, item := c.changeRequest(d, settings, chain)
	if err := db.InsertRequest(ctx, c, request, []db.RequestItem{item}); err != nil {
		return "", err
	}
	if err := db.InsertConfigChange(ctx, c, c.waitingChange(d, request.ID)); err != nil {
		return "", err
	}
	if item, err = db.ItemByID(ctx, c, item.ID); err != nil { // with the name and the owner of what is to be changed
		return "", err
	}
	made = request
	open := draft{request: request, items: []draftItem{{item: item, chain: chain}}}
	if err := c.recordRequest(open); err != nil {
		return "", err
	}
	if err := c.openFlow(ctx, request, open.items[0]); err != nil {
		return "", err
	}
	return made.ID, c.settleRequest(ctx, request)
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
func (c *change) changeRequest(d editDesk, settings db.Settings, chain db.ApprovalChain) (db.Request, db.RequestItem) {
	channel := settings.Channel
	if channel == "" {
		channel = DefaultChannel
	}
	submission := d.edit.Submission
	if submission == "" {
		submission = db.NewID("sub")
	}
	request := db.Request{
		ID: db.NewID("req"), RequesterID: d.by.ID, Reason: d.edit.Reason, Status: db.Pending, Submission: submission,
		Channel: channel, CreatedAt: c.now, Kind: db.ForChange, Requester: &d.by.Person,
		LapsesAt: db.UTC(c.now.Add(c.f.pendingFor(settings, []draftItem{{chain: chain}}))),
	}
	item := db.RequestItem{
		ID: db.NewID("itm"), RequestID: request.ID, Position: 1, EntitlementID: db.ConfigurationID, SubjectID: d.by.ID,
		Duration: db.Duration(time.Second), ProvisionVersionID: db.ConfigurationVersionID,
		DeprovisionVersionID: db.ConfigurationVersionID, Status: db.Pending,
	}
	for _, one := range d.changed() {
		item.Plan = append(item.Plan, fmt.Sprintf("%s: %s → %s", one.Key, one.Old, one.New))
	}
	return request, item
}

func (c *change) waitingChange(d editDesk, requestID string) db.ConfigChange {
	made := d.plan.Changes[0]
	owner, _ := made.After["owner"].(string)
	if d.was.Owner != "" {
		owner = d.was.Owner // who owns it now
	}
	return db.ConfigChange{
		ID: db.NewID("chg"), RequestID: requestID, Kind: made.Kind, Slug: made.Name, Verb: made.Verb, Title: d.title(),
		OwnerEmail: owner, Revision: d.revision, Before: made.Before, After: d.edit.Values, Diff: d.changed(),
		Status: db.Pending, CreatedAt: c.now,
	}
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
	d, err := c.recheckChange(ctx, request, waiting)
	refusal, refused := Refusal(err)
	switch {
	case refused:
		waiting.Status, waiting.Error = db.ChangeRefused, refusal.Text
		if errors.Is(err, errStale) {
			waiting.Status = db.ChangeStale
		}
	case err != nil:
		return err
	default:
		if err := c.writeChange(ctx, request, d); err != nil {
			return err
		}
	}
	return c.endChange(ctx, request, waiting)
}

// recheckChange checks an edit as if it were made now.
func (c *change) recheckChange(ctx context.Context, request db.Request, waiting db.ConfigChange) (editDesk, error) {
	edit := AdminEdit{Kind: waiting.Kind, Slug: waiting.Slug, Revision: waiting.Revision, Values: waiting.After}
	written, err := db.ConfigObjectOf(ctx, c, waiting.Kind, waiting.Slug)
	if err != nil {
		return editDesk{}, err
	}
	if written.Revision != waiting.Revision {
		return editDesk{}, staleEdit(waiting.Title, written)
	}
	if waiting.Verb == config.Added {
		edit.Slug = ""
	}
	return c.f.editDesk(ctx, c, request.RequesterID, edit)
}

// writeChange writes an approved edit; the log says by which request.
func (c *change) writeChange(ctx context.Context, request db.Request, d editDesk) error {
	before := len(c.events)
	_, err := c.carryOut(ctx, d.plan, person(d.by.Person))
	for n := before; n < len(c.events); n++ {
		c.events[n].Request = request.ID
	}
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
