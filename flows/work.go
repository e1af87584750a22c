package flows

import (
	"context"
	"errors"
	"strings"

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

// inTurn says whether the turn of a flow in a lane has come, or ends the flow where something newer made it pointless.
// Behind a flow that failed the others wait until a person has mended it, so that nothing older is written over what is
// newer. Only the end of a user's use overtakes: it is not to wait for anybody.
func (c *change) inTurn(ctx context.Context, run db.ActionFlow, grant db.Grant) (bool, error) {
	if !inLane(run.TargetKey) {
		return true, nil
	}
	dropped, err := c.dropPointless(ctx, run, grant)
	if err != nil || dropped {
		return false, err
	}
	lane, err := db.WorkInLane(ctx, c, run.TargetKey)
	if err != nil {
		return false, err
	}
	urgent := false
	for _, other := range lane {
		urgent = urgent || other.ID == run.ID && other.HeldKind == db.UserSuspended
	}
	for _, other := range lane {
		if other.ID == run.ID {
			break
		}
		if other.Status == db.Failed && !urgent {
			return false, nil
		}
	}
	return true, nil
}

// inLane says whether flows on a target key take turns as those of a directory do.
func inLane(targetKey string) bool { return strings.HasPrefix(targetKey, db.LanePrefix) }

// dropPointless ends a flow that is not to be run any more: see pointless.
func (c *change) dropPointless(ctx context.Context, run db.ActionFlow, grant db.Grant) (bool, error) {
	held, err := db.HeldOfItem(ctx, c, grant.ItemID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && held.Status != db.Approved) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	why, err := c.pointless(ctx, held)
	if err != nil || why == "" {
		return false, err
	}
	item, err := db.ItemByID(ctx, c, grant.ItemID)
	if err != nil {
		return false, err
	}
	if err := c.supersedeApproved(ctx, held, item, why); err != nil {
		return false, err
	}
	return true, c.endWork(ctx, run, grant)
}

// endWork ends a flow of work that is not to go on, with its grant.
func (c *change) endWork(ctx context.Context, run db.ActionFlow, grant db.Grant) error {
	if err := c.cancelRun(ctx, run, run.Status); err != nil {
		return err
	}
	was := grant.Status
	grant.Status, grant.EndedAt, grant.EndCause = db.Ended, c.now, db.CauseCancelled
	if err := db.MoveGrant(ctx, c, grant, was); err != nil {
		return err
	}
	return c.startNext(ctx, run.TargetKey)
}

// giveUpWork ends work that a person does not want to mend: what it would have written is not so.
func (c *change) giveUpWork(ctx context.Context, run db.ActionFlow, grant db.Grant, actor by, reason string) error {
	item, err := db.ItemByID(ctx, c, grant.ItemID)
	if err != nil {
		return err
	}
	if err := c.recordGrant(actor, "work.given_up", grant, db.Details{Item: item.ID, Summary: item.Title, Reason: reason}); err != nil {
		return err
	}
	if err := c.endWork(ctx, run, grant); err != nil {
		return err
	}
	held, err := db.HeldOfItem(ctx, c, item.ID)
	if errors.Is(err, db.ErrNotFound) {
		return c.departureOf(ctx, grant.SubjectID)
	}
	if err != nil || held.Status != db.Approved {
		return err
	}
	directory, err := db.DirectoryByID(ctx, c, held.DirectoryID)
	if err != nil {
		return err
	}
	return c.notSo(ctx, directory, held, item, db.Failed, "It was given up: "+reason)
}

// nextInLane lets the flow begin whose turn it is in a lane.
func (c *change) nextInLane(ctx context.Context, lane string) error {
	all, err := db.WorkInLane(ctx, c, lane)
	if next := nextOf(all); err == nil && next != "" {
		c.enqueue(FlowStart{FlowID: next}, queueTimers, 0)
	}
	return err
}

// nextOf is the flow of a lane whose turn it is: the end of somebody's use first, else the oldest that stands behind none
// which failed. Empty is none.
func nextOf(lane []db.QueuedWork) string {
	next, failed := "", false
	for _, one := range lane {
		switch {
		case one.Status == db.Failed:
			failed = true
		case one.Status == db.Queued && one.HeldKind == db.UserSuspended:
			return one.ID
		case one.Status == db.Queued && next == "" && !failed:
			next = one.ID
		}
	}
	return next
}

// dueInLanes finds the flows whose turn it is in lanes in which none runs: it was lost with a process.
func (f *Flows) dueInLanes(ctx context.Context) ([]job, error) {
	lanes, err := db.LanesToWake(ctx, f.store, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, lane := range lanes {
		all, err := db.WorkInLane(ctx, f.store, lane)
		if err != nil {
			return nil, err
		}
		if next := nextOf(all); next != "" {
			due = append(due, job{args: FlowStart{FlowID: next}, queue: queueTimers})
		}
	}
	return due, nil
}

// nameWork gives the grant of work the name and the owner of what it changes.
func (c *change) nameWork(ctx context.Context, grant *db.Grant) error {
	if !isWork(grant.EntitlementID) {
		return nil
	}
	item, err := db.ItemByID(ctx, c, grant.ItemID)
	grant.Entitlement = item.Entitlement
	return err
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
