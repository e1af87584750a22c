package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
)

// Verdict is what somebody decides on an item of an access review.
type Verdict struct {
	Remove     bool   // else the access is kept
	Reason     string // needed for Remove and for DoNotRenew
	DoNotRenew bool   // the access is not to be given longer, or, with Remove, not again
}

// DecideReview keeps or removes the access of an item. Removing takes it back at once: the deprovisioning flow runs.
func (f *Flows) DecideReview(ctx context.Context, itemID, personID string, verdict Verdict) error {
	if verdict.Remove || verdict.DoNotRenew {
		if err := checkReason(verdict.Reason); err != nil {
			return err
		}
	}
	err := f.onReviewItem(ctx, itemID, func(ctx context.Context, c *change, at reviewed) error {
		p, as, err := c.reviewer(ctx, at, personID)
		if err != nil {
			return err
		}
		at.item.DecidedBy, at.item.DecidedFor, at.item.For = p.ID, as.ForID, as.For
		return c.decideReviewItem(ctx, at, person(p), verdict)
	})
	return f.refusedOnReview(ctx, itemID, personID, err)
}

// MayReview says whether a person may decide on an item now; else it refuses like DecideReview.
func (f *Flows) MayReview(ctx context.Context, itemID, personID string) error {
	err := f.onReviewItem(ctx, itemID, func(ctx context.Context, c *change, at reviewed) error {
		_, _, err := c.reviewer(ctx, at, personID)
		return err
	})
	return f.refusedOnReview(ctx, itemID, personID, err)
}

// reviewed is an item of an access review under all locks.
type reviewed struct {
	review db.Review
	item   db.ReviewItem
	grant  db.Grant
}

// onReviewItem runs do on an item under the locks of its grant's request, of the holder and of the review.
func (f *Flows) onReviewItem(ctx context.Context, itemID string, do func(context.Context, *change, reviewed) error) error {
	item, err := db.ReviewItemByID(ctx, f.store, itemID)
	if errors.Is(err, db.ErrNotFound) {
		return refuse("This review does not exist any more. Nothing was changed.")
	}
	if err != nil {
		return err
	}
	return f.withGrant(ctx, item.GrantID, func(ctx context.Context, c *change, grant db.Grant) error {
		review, err := db.LockReview(ctx, c, item.ReviewID)
		if err != nil {
			return err
		}
		item, err := db.ReviewItemByID(ctx, c, itemID)
		if err != nil {
			return err
		}
		return do(ctx, c, reviewed{review: review, item: item, grant: grant})
	})
}

// reviewer reads a person who may decide on an item that is to be decided, and as what he may, or refuses.
func (c *change) reviewer(ctx context.Context, at reviewed, personID string) (db.Person, db.Approver, error) {
	p, err := actor(ctx, c, personID)
	if err != nil {
		return p, db.Approver{}, err
	}
	as, may, err := c.mayReview(ctx, at, p)
	switch {
	case err != nil:
		return p, as, err
	case p.ID == at.grant.SubjectID:
		return p, as, refuse("You can't decide on your own access. You can give it back: /access mine.")
	case !may:
		return p, as, refuse("Only the reviewers of this access can decide on it, and you are not one of them any more, or never were.")
	}
	return p, as, stillToDecide(at)
}

// mayReview says whether a person has the power to decide on an item now. Who was named when the review began and
// would not be found any more has it no longer; admins who were asked because nobody decided have it as admins.
func (c *change) mayReview(ctx context.Context, at reviewed, p db.Person) (db.Approver, bool, error) {
	reviewers, err := c.f.reviewersOf(ctx, c, at.review, at.grant)
	if err != nil {
		return db.Approver{}, false, err
	}
	if as, may := reviewers.among(p.ID); may {
		return as, true, nil
	}
	source, err := db.ReviewSource(ctx, c, at.item.ID, p.ID)
	if errors.Is(err, db.ErrNotFound) || err == nil && source != reviewAdmins {
		return db.Approver{}, false, nil
	}
	if err != nil {
		return db.Approver{}, false, err
	}
	admin, err := c.f.IsAdmin(ctx, c, p)
	return db.Approver{PersonID: p.ID, Source: reviewAdmins}, admin, err
}

// stillToDecide refuses what comes too late, and says what became of the item.
func stillToDecide(at reviewed) error {
	switch {
	case at.item.ByDefault:
		return refuse("Nobody decided in time, so this access was %s as the review says.", at.item.Status)
	case at.item.Status == db.ItemKept || at.item.Status == db.ItemRemoved:
		return refuse("%s has decided already: the access was %s.", deciderName(at.item), at.item.Status)
	case at.review.Status != db.ReviewOpen:
		return refuse("This review is over. Nothing was changed.")
	case at.item.Status == db.ItemEnded || at.grant.Status == db.Ending || at.grant.Status == db.Ended:
		return refuse("This access has ended meanwhile, so there is nothing left to decide.")
	}
	return nil
}

func deciderName(item db.ReviewItem) string {
	if item.Decider == nil || item.Decider.Name == "" {
		return "Somebody"
	}
	return item.Decider.Name
}

// decideReviewItem writes a decision and does what follows from it.
func (c *change) decideReviewItem(ctx context.Context, at reviewed, actor by, verdict Verdict) error {
	item, action := at.item, "review.kept"
	item.Status, item.Reason, item.DoNotRenew, item.DecidedAt = db.ItemKept, verdict.Reason, verdict.DoNotRenew, c.now
	if verdict.Remove {
		item.Status, action = db.ItemRemoved, "review.removed"
	}
	if err := db.DecideReviewItem(ctx, c, item); err != nil {
		return err
	}
	if verdict.DoNotRenew {
		why := fmt.Sprintf("%s, %s: %s", reviewName(at.review), c.now.Format(time.DateOnly), verdict.Reason)
		if err := db.SetDoNotRenew(ctx, c, at.grant.ID, why); err != nil {
			return err
		}
	}
	details := db.Details{Reason: verdict.Reason, DoNotRenew: verdict.DoNotRenew, ByDefault: item.ByDefault, For: labelOf(item.For)}
	if err := c.recordReview(actor, action, at, details); err != nil {
		return err
	}
	if verdict.Remove {
		if err := c.endGrant(ctx, at.grant, actor, db.CauseRevoked, reviewName(at.review)+": "+verdict.Reason); err != nil {
			return err
		}
	}
	return c.finishReview(ctx, at.review)
}

// recordReview adds an event about an item of an access review.
func (c *change) recordReview(actor by, action string, at reviewed, details db.Details) error {
	details.Review, details.ReviewItem, details.Summary = at.review.ID, at.item.ID, at.review.Title
	return c.recordGrant(actor, action, at.grant, details)
}

// finishReview ends a review when nothing is left to decide.
func (c *change) finishReview(ctx context.Context, review db.Review) error {
	open, err := db.OpenReviewItems(ctx, c, review.ID)
	if err != nil || len(open) > 0 || review.Status != db.ReviewOpen {
		return err
	}
	if err := db.EndReview(ctx, c, review.ID, db.ReviewDone, c.now); err != nil {
		return err
	}
	return c.recordWhole(system, "review.ended", review, db.Details{})
}

// recordWhole adds an event about a review as a whole. That of an emergency belongs to the request.
func (c *change) recordWhole(actor by, action string, review db.Review, details db.Details) error {
	details.Review, details.Summary = review.ID, review.Title
	return c.append(db.AuditEvent{Actor: actor.name, ActorKind: actor.kind, Action: action}, details)
}

// refusedOnReview records a press on an item of a review that did not count, and passes the refusal on.
func (f *Flows) refusedOnReview(ctx context.Context, itemID, personID string, err error) error {
	return f.refusedPress(ctx, personID, err, func(ctx context.Context, c *change) (db.AuditEvent, db.Details, error) {
		item, err := db.ReviewItemByID(ctx, c, itemID)
		if err != nil {
			return db.AuditEvent{}, db.Details{}, err
		}
		return grantEvent(by{}, "", *item.Grant), db.Details{Review: item.ReviewID, ReviewItem: item.ID}, nil
	})
}
