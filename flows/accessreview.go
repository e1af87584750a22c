package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// The fields of the form that begins an access review, which an Error may be about.
const (
	FieldReviewTitle         = "title"
	FieldReviewScope         = "entitlements"
	FieldReviewers           = "reviewers"
	FieldReviewDue           = "due"
	FieldReviewOverdue       = "overdue"
	longestReview            = 366 * 24 * time.Hour
	maxReviewTitle           = 80
	maxReviewItems     int64 = 5000
)

// ReviewPlan is an access review that somebody wants to begin.
type ReviewPlan struct {
	Title      string
	Scope      db.ReviewScope
	Reviewers  []string // written as in Step.Approvers
	Due        time.Time
	Overdue    string // db.OverdueKeep or db.OverdueRemove
	Channel    string // where its beginning and its end are told; empty: nowhere
	Submission string // what the form was sent with: the same one twice is one review
}

// StartReview begins an access review: a snapshot of the grants in its scope, and for each of them the people who may
// decide on it. Admins may, and owners as far as they own what is in the scope.
func (f *Flows) StartReview(ctx context.Context, personID string, plan ReviewPlan) (db.Review, error) {
	var review db.Review
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		p, err := actor(ctx, c, personID)
		if err != nil {
			return err
		}
		if err := f.checkPlan(ctx, c, plan, c.now); err != nil {
			return err
		}
		grants, err := f.inScope(ctx, c, p, plan.Scope)
		if err != nil {
			return err
		}
		review = db.Review{
			ID: db.NewID("rev"), Kind: db.ScheduledReview, Title: strings.TrimSpace(plan.Title), Scope: plan.Scope, Reviewers: plan.Reviewers,
			Overdue: plan.Overdue, Status: db.ReviewOpen, CreatedBy: p.ID, CreatedAt: c.now, DueAt: db.UTC(plan.Due),
			Channel: plan.Channel, Submission: plan.Submission,
		}
		if review.Submission == "" {
			review.Submission = review.ID
		}
		return c.startReview(ctx, person(p), review, grants, "")
	})
	if errors.Is(err, db.ErrConflict) {
		return db.ReviewBySubmission(ctx, f.store, plan.Submission)
	}
	return review, err
}

// startReview writes a review with its items and says so.
func (c *change) startReview(ctx context.Context, starter by, review db.Review, grants []db.Grant, requestID string) error {
	review.RemindAt = nextReviewReminder(review, c.now)
	items, people, labels, err := c.snapshot(ctx, review, grants)
	if err != nil {
		return err
	}
	if err := db.InsertReview(ctx, c, review, items, people); err != nil {
		return err
	}
	c.askUsage(review, grants)
	event := db.AuditEvent{Actor: starter.name, ActorKind: starter.kind, Action: "review.started", Request: requestID}
	if requestID != "" {
		event = grantEvent(starter, "review.started", grants[0])
		event.Request = requestID // an emergency may have given a grant longer that another request made
	}
	return c.append(event, db.Details{
		Review: review.ID, Summary: review.Title, Need: len(items), Approvers: labels, Until: review.DueAt.Format(time.RFC3339),
		Scope: scopeDetail(review),
	})
}

func scopeDetail(review db.Review) any {
	if review.Kind == db.EmergencyReview {
		return nil
	}
	return review.Scope
}

// inScope reads the grants of a scope, or refuses one that is empty, too large or not the person's to review.
func (f *Flows) inScope(ctx context.Context, q bun.IDB, p db.Person, scope db.ReviewScope) ([]db.Grant, error) {
	grants, err := db.GrantsInScope(ctx, q, scope, maxReviewItems+1)
	if err != nil {
		return nil, err
	}
	admin, err := f.IsAdmin(ctx, q, p)
	if err != nil {
		return nil, err
	}
	if !admin {
		for _, grant := range grants {
			if !ownsForReview(p, *grant.Entitlement) {
				return nil, refuseField(FieldReviewScope, 0, "You can review what you own. %s is not yours: choose your own entitlements.", grant.Entitlement.Name)
			}
		}
	}
	switch {
	case len(grants) == 0:
		return nil, refuseField(FieldReviewScope, 0, "Nobody holds access of this kind through Usher. Choose a wider scope.")
	case int64(len(grants)) > maxReviewItems:
		return nil, refuseField(FieldReviewScope, 0, "More than %d people hold access of this kind. Make several reviews of it.", maxReviewItems)
	}
	return grants, nil
}

// ownsForReview says whether a person owns an entitlement or its provider.
func ownsForReview(p db.Person, e db.Entitlement) bool {
	return powerful(p) && p.Email != "" && (strings.EqualFold(p.Email, e.OwnerEmail) || strings.EqualFold(p.Email, e.Provider.OwnerEmail))
}

// checkPlan refuses what an access review can't be made of.
func (f *Flows) checkPlan(ctx context.Context, q bun.IDB, plan ReviewPlan, now time.Time) error {
	title := strings.TrimSpace(plan.Title)
	switch {
	case title == "":
		return refuseField(FieldReviewTitle, 0, "Give the review a title: reviewers see it above each decision.")
	case !plainText(title), strings.ContainsAny(title, "\r\n"):
		return refuseField(FieldReviewTitle, 0, "Write the title as plain text on one line.")
	case utf8.RuneCountInString(title) > maxReviewTitle:
		return refuseField(FieldReviewTitle, 0, "Keep the title below %d characters.", maxReviewTitle)
	case plan.Due.Before(now.Add(time.Hour)):
		return refuseField(FieldReviewDue, 0, "Leave the reviewers at least an hour: choose a later time.")
	case plan.Due.After(now.Add(longestReview)):
		return refuseField(FieldReviewDue, 0, "A review may take a year at most: choose an earlier time.")
	case plan.Overdue != db.OverdueKeep && plan.Overdue != db.OverdueRemove:
		return refuseField(FieldReviewOverdue, 0, "Say what happens to what nobody decides in time: keep or remove.")
	case len(plan.Reviewers) == 0:
		return refuseField(FieldReviewers, 0, "Say who decides, such as manager or owner.")
	}
	for _, word := range plan.Reviewers {
		if err := f.checkReviewer(ctx, q, word); err != nil {
			return err
		}
	}
	return nil
}

// checkReviewer refuses a word that can name nobody.
func (f *Flows) checkReviewer(ctx context.Context, q bun.IDB, word string) error {
	switch word {
	case "manager", "managers_manager", "owner", "provider_owner":
		return nil
	}
	item := db.RequestItem{Subject: &db.Person{}, Entitlement: &db.Entitlement{Provider: &db.Provider{}}}
	people, err := f.namedBy(ctx, q, word, item)
	if err == nil && len(people) == 0 {
		return refuseField(FieldReviewers, 0, "%q names nobody. Write manager, owner, provider_owner, @usergroup, group:handle or an e-mail address.", word)
	}
	return err
}

// plainText says that a database can keep a text.
func plainText(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// reviewName is how an access review is called where it is the cause of something.
func reviewName(review db.Review) string { return fmt.Sprintf("Access review “%s”", review.Title) }
