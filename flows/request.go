package flows

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
)

// DefaultChannel is where cards go when the configuration names no channel.
const DefaultChannel = "#access"

// Ask is what a person filled in.
type Ask struct {
	By         string // person id
	For        string // person id; empty is oneself
	Reason     string
	StartsAt   time.Time // zero is at once
	Submission string    // the same one twice is one request
	Emergency  bool      // by the declared emergency path of each entitlement
	Items      []AskItem
}

// AskItem is one entitlement that is asked for.
type AskItem struct {
	EntitlementID string
	Duration      db.Duration
	Extends       string // grant id, when the person presses Extend; found by itself when the access is held
}

// Request makes a request with everything that follows: its items, approval flows, and, where a chain has no step,
// the approval itself. The same submission again returns the request that it made before.
func (f *Flows) Request(ctx context.Context, ask Ask) (db.Request, error) {
	var made db.Request
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		var err error
		made, err = db.RequestBySubmission(ctx, c, ask.Submission)
		if !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if err := lockSubject(ctx, c, ask); err != nil {
			return err
		}
		draft, err := f.draft(ctx, c, ask, c.now)
		if err != nil {
			return err
		}
		made = draft.request
		return c.submit(ctx, draft)
	})
	if errors.Is(err, db.ErrConflict) { // the same submission, delivered twice at once: the other one was faster
		return db.RequestBySubmission(ctx, f.store, ask.Submission)
	}
	return made, err
}

// lockSubject holds the person whom a request is for, so that two halves of a separation can't be asked for at once
// unseen. Somebody who is not there is refused by the draft.
func lockSubject(ctx context.Context, c *change, ask Ask) error {
	_, err := db.LockPerson(ctx, c, cmp.Or(ask.For, ask.By))
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

// submit writes a checked request and opens its approval flows.
func (c *change) submit(ctx context.Context, d draft) error {
	items := make([]db.RequestItem, 0, len(d.items))
	for _, item := range d.items {
		items = append(items, item.item)
	}
	if err := db.InsertRequest(ctx, c, d.request, items); err != nil {
		return err
	}
	if err := c.recordRequest(d); err != nil {
		return err
	}
	if d.request.Emergency {
		if err := c.recordEmergency(d); err != nil {
			return err
		}
	}
	for _, item := range d.items {
		if err := c.openFlow(ctx, d.request, item); err != nil {
			return err
		}
	}
	return c.settleRequest(ctx, d.request)
}

func (c *change) recordRequest(d draft) error {
	first := d.items[0].item
	details := db.Details{Reason: d.request.Reason, Duration: first.Duration.String(), Plan: first.Plan, Extends: first.ExtendsGrantID, Emergency: d.request.Emergency}
	if !first.StartsAt.IsZero() {
		details.Start = first.StartsAt.Format(time.RFC3339)
	}
	if len(d.items) > 1 {
		for _, item := range d.items {
			details.Items = append(details.Items, item.item.Entitlement.Slug)
		}
	}
	return c.record(person(*d.request.Requester), "request.created", d.request.ID, &first, details)
}
