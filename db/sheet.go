package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// Sheet is everything that is to be shown of one request: the card, the thread and every message about it are drawn
// from it.
type Sheet struct {
	Request   Request // with Requester
	Items     []SheetItem
	Questions []Question    // with their people, oldest first
	Change    *ConfigChange // of a request of the kind ForChange
}

// SheetItem is one item of a request with what became of it.
type SheetItem struct {
	RequestItem // with Entitlement, Provider and Subject
	Flow        ApprovalFlow
	Steps       []SheetStep
	Grant       *Grant // nil until approved; for an extension the grant that it extends
	Runs        []SheetRun
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
	request, err := RequestByID(ctx, q, requestID)
	if err != nil {
		return Sheet{}, err
	}
	items, err := ItemsOf(ctx, q, requestID)
	if err != nil {
		return Sheet{}, err
	}
	sheet := Sheet{Request: request}
	for _, item := range items {
		sheet.Items = append(sheet.Items, SheetItem{RequestItem: item})
	}
	if err := sheet.readApprovals(ctx, q); err != nil {
		return Sheet{}, err
	}
	if sheet.Questions, err = QuestionsOf(ctx, q, requestID); err != nil {
		return Sheet{}, err
	}
	if request.Kind == ForChange {
		change, err := ConfigChangeOf(ctx, q, requestID)
		if err != nil {
			return Sheet{}, err
		}
		sheet.Change = &change
	}
	return sheet, sheet.readGrants(ctx, q)
}

func (s *Sheet) readApprovals(ctx context.Context, q bun.IDB) error {
	flows, err := FlowsOf(ctx, q, s.Request.ID)
	if err != nil {
		return err
	}
	steps, err := StepsOf(ctx, q, s.Request.ID)
	if err != nil {
		return err
	}
	decisions, err := DecisionsOf(ctx, q, s.Request.ID)
	if err != nil {
		return err
	}
	approvers, err := ApproversOfRequest(ctx, q, s.Request.ID)
	if err != nil {
		return err
	}
	for n := range s.Items {
		item := &s.Items[n]
		for _, flow := range flows {
			if flow.ItemID == item.ID {
				item.Flow = flow
			}
		}
		item.Steps = sheetSteps(item.Flow.ID, steps, approvers, decisions)
	}
	return nil
}

func sheetSteps(flowID string, steps []ApprovalStep, approvers []Approver, decisions []Decision) []SheetStep {
	var out []SheetStep
	for _, step := range steps {
		if step.FlowID != flowID {
			continue
		}
		sheet := SheetStep{ApprovalStep: step}
		for _, approver := range approvers {
			if approver.StepID == step.ID {
				sheet.Approvers = append(sheet.Approvers, approver)
			}
		}
		for _, decision := range decisions {
			if decision.StepID == step.ID {
				sheet.Decisions = append(sheet.Decisions, decision)
			}
		}
		out = append(out, sheet)
	}
	return out
}

func (s *Sheet) readGrants(ctx context.Context, q bun.IDB) error {
	grants, err := GrantsOfRequest(ctx, q, s.Request.ID)
	if err != nil {
		return err
	}
	runs, err := ActionFlowsOfRequest(ctx, q, s.Request.ID)
	if err != nil {
		return err
	}
	for n := range s.Items {
		item := &s.Items[n]
		for g := range grants {
			if grants[g].ItemID == item.ID {
				item.Grant = &grants[g]
			}
		}
		if item.Grant == nil && item.ExtendsGrantID != "" {
			extended, err := GrantByID(ctx, q, item.ExtendsGrantID)
			if err != nil {
				return err
			}
			item.Grant = &extended
			continue // its runs belong to the request that made it
		}
		if item.Grant == nil {
			continue
		}
		if err := item.readRuns(ctx, q, runs); err != nil {
			return err
		}
	}
	return nil
}

func (i *SheetItem) readRuns(ctx context.Context, q bun.IDB, runs []ActionFlow) error {
	for _, run := range runs {
		if run.GrantID != i.Grant.ID {
			continue
		}
		scripts, err := ScriptsOf(ctx, q, run.ID)
		if err != nil {
			return err
		}
		i.Runs = append(i.Runs, SheetRun{ActionFlow: run, Scripts: scripts})
	}
	return nil
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
