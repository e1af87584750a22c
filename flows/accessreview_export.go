package flows

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/audit"
)

// reviewColumns are the columns of an exported access review.
var reviewColumns = []string{
	"review", "title", "kind", "item", "holder", "holder_name", "entitlement", "provider", "risk", "held_since", "held_until",
	"request", "requested_by", "request_reason", "approved_by", "chain", "rule", "extensions", "emergency", "usage",
	"question", "asked_by", "asked_at", "answer", "answered_at",
	"decision", "decided_by", "decided_for", "decided_at", "by_default", "reason", "do_not_renew", "removed_at", "removal_verified",
}

// ExportReview writes an access review for an auditor: CSV with one row for each grant, safe for spreadsheets.
func (f *Flows) ExportReview(ctx context.Context, reviewID, personID string, w io.Writer) error {
	review, _, err := f.ShowReview(ctx, reviewID, personID)
	if err != nil {
		return err
	}
	items, err := db.ReviewItems(ctx, f.store, reviewID)
	if err != nil {
		return err
	}
	facts, err := db.ReadReviewFacts(ctx, f.store, items)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	rows := [][]string{reviewColumns}
	for _, item := range items {
		rows = append(rows, reviewCells(review.Review, item, facts[item.GrantID]))
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("export access review %s: %w", reviewID, err)
	}
	return nil
}

// reviewCells are the cells of one item, in the order of reviewColumns.
func reviewCells(review db.Review, item db.ReviewItem, facts db.ReviewFacts) []string {
	grant := item.Grant
	cells := []string{
		review.ID, review.Title, review.Kind, item.ID, grant.Subject.Label(), grant.Subject.Name, grant.Entitlement.Slug,
		grant.Entitlement.Provider.Slug, grant.Entitlement.Risk, cellTime(grant.ActiveAt), cellTime(grant.ExpiresAt),
		grant.RequestID, labelOf(facts.Request.Requester), facts.Request.Reason, approvedBy(facts.Approvals), facts.Flow.Chain,
		firstText(facts.Flow.Ruled, facts.Flow.Rule), strconv.Itoa(facts.Extensions), yes(facts.Request.Emergency), item.Usage,
		item.Question, labelOf(item.Asker), cellTime(item.AskedAt), item.Answer, cellTime(item.AnsweredAt),
		item.Status, labelOf(item.Decider), labelOf(item.For), cellTime(item.DecidedAt), yes(item.ByDefault), item.Reason, yes(item.DoNotRenew),
	}
	removed, verified := "", ""
	if item.Status == db.ItemRemoved && grant.Status == db.Ended {
		removed, verified = cellTime(grant.EndedAt), yes(!facts.Unverified)
	}
	cells = append(cells, removed, verified)
	for n := range cells {
		cells[n] = audit.Guard(cells[n])
	}
	return cells
}

func approvedBy(approvals []db.Decision) string {
	var names []string
	for _, one := range approvals {
		name := labelOf(one.Person)
		if one.For != nil {
			name += " for " + one.For.Label()
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func labelOf(p *db.Person) string {
	if p == nil {
		return ""
	}
	return p.Label()
}

func cellTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
