package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Sheet is everything that is to be shown of one request: the card, the thread and every message about it are drawn
// from it.
type Sheet struct {
	Request   Request // with Requester
	Items     []SheetItem
	Questions []Question         // with their people, oldest first
	People    map[string]*Person // those whom hand-overs of decisions name, by id
	Change    *ConfigChange      // of a request of the kind ForChange
	Departure *SheetDeparture    // of a request that somebody's leaving made

	Of    int                  // people or groups that the directory has whose changes are asked about together; only of a card
	Later map[string]time.Time // when those are asked whom their quiet hours protect now, by id; only of a card
}

// SheetItem is one item of a request with what became of it.
type SheetItem struct {
	RequestItem // with Entitlement, Provider and Subject
	Flow        ApprovalFlow
	Refusal     string // why it was denied where no person did, a sentence
	Steps       []SheetStep
	Grant       *Grant // nil until approved; for an extension the grant that it extends
	Runs        []SheetRun
	Held        *HeldChange // of a request that a directory's changes made
}

// SheetStep is one approval step with who may decide and who did.
type SheetStep struct {
	ApprovalStep
	Approvers []Approver
	Decisions []Decision
}

// SheetRun is one action flow with its scripts.
type SheetRun struct {
	ActionFlow
	Scripts []FlowScript
}

// Current returns the item's open step, or nil when nothing is to be decided.
func (i SheetItem) Current() *SheetStep {
	for n := range i.Steps {
		if i.Steps[n].Status == Deciding {
			return &i.Steps[n]
		}
	}
	return nil
}

// StepByID returns the item and the step with the id, or nils.
func (s Sheet) StepByID(id string) (*SheetItem, *SheetStep) {
	for i := range s.Items {
		for n := range s.Items[i].Steps {
			if s.Items[i].Steps[n].ID == id {
				return &s.Items[i], &s.Items[i].Steps[n]
			}
		}
	}
	return nil, nil
}

// RunByID returns the item and the action flow with the id, or nils.
func (s Sheet) RunByID(id string) (*SheetItem, *SheetRun) {
	for i := range s.Items {
		for n := range s.Items[i].Runs {
			if s.Items[i].Runs[n].ID == id {
				return &s.Items[i], &s.Items[i].Runs[n]
			}
		}
	}
	return nil, nil
}

// ReadSheet reads the sheet of a request.
func ReadSheet(ctx context.Context, q bun.IDB, requestID string) (Sheet, error) {
	sheets, err := ReadSheets(ctx, q, []string{requestID})
	if err == nil && len(sheets) == 0 {
		err = fmt.Errorf("request %s: %w", requestID, ErrNotFound)
	}
	if err != nil {
		return Sheet{}, err
	}
	return sheets[0], nil
}

// ApproversOfRequest reads who may decide on any step of a request, with the people.
func ApproversOfRequest(ctx context.Context, q bun.IDB, requestID string) ([]Approver, error) {
	var rows []Approver
	err := q.NewSelect().Model(&rows).Relation("Person").Relation("For").
		Where("approver.step_id IN (SELECT id FROM approval_steps WHERE request_id = ?)", requestID).
		Order("person.email").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approvers of %s: %w", requestID, err)
	}
	return rows, nil
}
