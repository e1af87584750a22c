package handlers

import (
	"context"
	"errors"
	"slices"

	"github.com/usherhq/usher/db"
)

// asksNobody says whether a request only carries out what a directory told: whom it is about is not told of each step.
func asksNobody(request db.Request) bool {
	switch request.Origin {
	case db.FromHeld, db.FromDeparture, db.FromAdjustment:
		return true
	}
	return false
}

// quiet says whether a request has no card, since nobody decides on it and it goes well: what rules give to five hundred
// people who join is no news for a channel. Once something fails there is one.
func (r *recorder) quiet(ctx context.Context, event db.AuditEvent, request db.Request) (bool, error) {
	if request.Origin != db.FromBirthright && request.Origin != db.FromAdjustment {
		return false, nil
	}
	if unseen, known := r.unseen[request.ID]; known && !unseen {
		return false, nil
	}
	if event.Action == "action_flow.failed" || event.Action == "flow.denied" {
		r.unseen[request.ID] = false
		return false, nil
	}
	if unseen, known := r.unseen[request.ID]; known {
		return unseen, nil
	}
	steps, err := db.StepsOf(ctx, r, request.ID)
	if err != nil {
		return false, err
	}
	asked := slices.ContainsFunc(steps, func(step db.ApprovalStep) bool { return step.Skipped == "" })
	if !asked {
		_, err = db.MessageByKey(ctx, r, "card:"+request.ID)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return false, err
		}
		asked = err == nil
	}
	r.unseen[request.ID] = !asked
	return !asked, nil
}
