package handlers

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// homes draws the Home of the people concerned anew, if they ever opened it: who asked, who benefits, who may decide,
// who is asked for something. Nobody else's changes.
func (r *recorder) homes(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	people, err := r.askedBy(ctx, event, facts)
	if err != nil {
		return err
	}
	if event.Action != "script.started" && event.Action != "script.succeeded" { // Home shows how far a flow is only where it waits
		people = append(people, request.RequesterID)
		if subject, err := personLabelled(ctx, r, event.Subject); err == nil {
			people = append(people, subject.ID)
		} else if !errors.Is(err, db.ErrNotFound) {
			return err
		}
	}
	r.redrawHomes(people...)
	return nil
}

// askedBy reads who has something to do, or nothing to do any more, because of an event.
func (r *recorder) askedBy(ctx context.Context, event db.AuditEvent, facts db.Details) ([]string, error) {
	var people []string
	if event.Action == "action_flow.failed" {
		for _, label := range facts.Approvers {
			p, err := personLabelled(ctx, r, label)
			if err != nil && !errors.Is(err, db.ErrNotFound) {
				return nil, err
			}
			people = append(people, p.ID)
		}
	}
	approvers, err := r.approversOf(ctx, event, facts)
	for _, approver := range approvers {
		people = append(people, approver.PersonID)
	}
	if err != nil || facts.ScriptID == "" {
		return people, err
	}
	asked, err := db.ScriptPeople(ctx, r, facts.ScriptID)
	for _, one := range asked {
		people = append(people, one.PersonID)
	}
	return people, err
}

// approversOf reads who may decide on what an event is about: one step, or the whole request when that is over.
func (r *recorder) approversOf(ctx context.Context, event db.AuditEvent, facts db.Details) ([]db.Approver, error) {
	switch event.Action {
	case "request.cancelled", "request.lapsed", "flow.approved", "flow.denied":
		return db.ApproversOfRequest(ctx, r, event.Request)
	}
	if facts.Step == "" {
		return nil, nil
	}
	return db.ApproversOf(ctx, r, facts.Step)
}

func (r *recorder) redrawHomes(people ...string) {
	for _, id := range people {
		r.stale = append(r.stale, db.Stale{Key: homeKey(id)})
	}
}
