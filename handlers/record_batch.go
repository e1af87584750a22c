package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
)

// remindTogether is how long the reminders of a batch's steps, which come due one after another, count as one.
const remindTogether = 10 * time.Minute

// isBatch says whether a request asks about several changes of a directory, on which people are asked together.
func (r *recorder) isBatch(ctx context.Context, request db.Request) (bool, error) {
	if request.Origin != db.FromHeld {
		return false, nil
	}
	if _, known := r.batches[request.ID]; !known {
		items, err := db.CountItems(ctx, r, request.ID)
		if err != nil {
			return false, err
		}
		r.batches[request.ID] = items > 1
	}
	return r.batches[request.ID], nil
}

// askBatch asks each person who may decide once about all changes of a request, however many steps open for him.
func (r *recorder) askBatch(ctx context.Context, event db.AuditEvent, step db.ApprovalStep) error {
	message := db.Message{Position: event.Seq, Purpose: purposeBatch, Ref: step.RequestID, RequestID: step.RequestID}
	key := purposeBatch + ":" + step.RequestID + ":"
	if event.Action == "step.reminded" {
		message.Purpose = purposeBatchAgain
		key = fmt.Sprintf("%s:%s:%d:", purposeBatchAgain, step.RequestID, r.now.Truncate(remindTogether).Unix())
	}
	approvers, err := db.ApproversOf(ctx, r, step.ID)
	if err != nil {
		return err
	}
	quietUntil, err := r.quietHours(ctx, step.RequestID)
	if err != nil {
		return err
	}
	for _, approver := range approvers {
		message.Key, message.Lane, message.PersonID = key+approver.PersonID, personLane(approver.PersonID), approver.PersonID
		message.NotBefore = quietUntil(approver.Person.TimeZone)
		r.want(message)
	}
	return nil
}

// reach counts the people, or groups, of the directory whose changes a request asks about together.
func (o *Outbox) reach(ctx context.Context, sheet db.Sheet) (int, error) {
	if sheet.Request.Origin != db.FromHeld || len(sheet.Items) < 2 || sheet.Items[0].Held == nil {
		return 0, nil
	}
	if held := sheet.Items[0].Held; held.UserID == "" {
		return db.CountDirectoryGroups(ctx, o.store, held.DirectoryID)
	}
	return db.CountDirectoryUsers(ctx, o.store, sheet.Items[0].Held.DirectoryID)
}
