package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

// Work is what an item carries out once, instead of giving access: a change that is written downstream, the end of
// sessions of somebody who left. It goes through an action flow like access does, with its retries, its thread and its
// audit; its grant lasts as long as the flow.

// isWork says whether an item carries something out once.
func isWork(entitlementID string) bool { return entitlementID == db.DirectoryItemID }

// beginWork begins what an approved item carries out. The caller holds the lock of the person whom it is about.
func (c *change) beginWork(ctx context.Context, request db.Request, item db.RequestItem) error {
	grant := db.Grant{
		ID: db.NewID("grt"), ItemID: item.ID, RequestID: request.ID, SubjectID: item.SubjectID, EntitlementID: item.EntitlementID,
		ProvisionVersionID: item.ProvisionVersionID, DeprovisionVersionID: item.DeprovisionVersionID,
		Status: db.Provisioning, Duration: item.Duration, StartsAt: c.now, CreatedAt: c.now,
		Entitlement: item.Entitlement, Subject: item.Subject,
	}
	if err := db.InsertGrant(ctx, c, grant); err != nil {
		return err
	}
	if err := c.recordGrant(system, "work.begun", grant, db.Details{Item: item.ID, Summary: item.Title}); err != nil {
		return err
	}
	run := db.ActionFlow{
		ID: db.NewID("run"), GrantID: grant.ID, RequestID: request.ID, Kind: db.Provision, VersionID: item.ProvisionVersionID,
		TargetKey: item.Lane, Status: db.Queued, CreatedAt: c.now,
	}
	copies, err := c.copies(ctx, run, item.Scripts)
	if err != nil {
		return err
	}
	if err := db.InsertActionFlow(ctx, c, run, copies); err != nil {
		return err
	}
	return c.beginRun(ctx, run, grant)
}

// workDone ends the grant of something that was carried out.
func (c *change) workDone(ctx context.Context, grant db.Grant) error {
	grant.Status, grant.ActiveAt, grant.EndedAt = db.Ended, c.now, c.now
	if err := db.MoveGrant(ctx, c, grant, db.Provisioning); err != nil {
		return err
	}
	item, err := db.ItemByID(ctx, c, grant.ItemID)
	if err != nil {
		return err
	}
	if err := c.recordGrant(system, "work.done", grant, db.Details{Item: item.ID, Summary: item.Title}); err != nil {
		return err
	}
	request, err := db.RequestByID(ctx, c, grant.RequestID)
	if err != nil {
		return err
	}
	switch request.Origin {
	case db.FromHeld:
		return c.heldWritten(ctx, request, item)
	case db.FromDeparture:
		return c.departureMoved(ctx, request)
	}
	return nil
}
