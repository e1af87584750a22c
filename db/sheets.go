package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
)

// ReadSheets reads the sheets of requests in the order of their ids, without those that are not there. It takes the
// same few queries for one request as for many.
func ReadSheets(ctx context.Context, q bun.IDB, ids []string) ([]Sheet, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var parts sheetParts
	if err := parts.readAsked(ctx, q, ids); err != nil {
		return nil, err
	}
	if err := parts.readDecided(ctx, q, ids); err != nil {
		return nil, err
	}
	if err := parts.readHanded(ctx, q); err != nil {
		return nil, err
	}
	if err := parts.readRefusals(ctx, q); err != nil {
		return nil, err
	}
	if err := parts.readGiven(ctx, q, ids); err != nil {
		return nil, err
	}
	if err := parts.readDepartures(ctx, q); err != nil {
		return nil, err
	}
	known := make(map[string]Request, len(parts.requests))
	for _, request := range parts.requests {
		known[request.ID] = request
	}
	sheets := make([]Sheet, 0, len(ids))
	for _, id := range ids {
		if request, ok := known[id]; ok {
			sheets = append(sheets, parts.sheet(request))
		}
	}
	return sheets, nil
}

// sheetParts are the rows of several requests, each kind in the order in which a sheet shows it.
type sheetParts struct {
	requests  []Request
	items     map[string][]RequestItem  // by request
	questions map[string][]Question     // by request
	changes   map[string][]ConfigChange // by request
	held      map[string][]HeldChange   // by item
	flows     map[string][]ApprovalFlow // by item
	steps     map[string][]ApprovalStep // by flow
	approvers map[string][]Approver     // by step
	decisions map[string][]Decision     // by step
	grants    map[string][]Grant        // by item
	extended  map[string][]Grant        // by id
	runs      map[string][]ActionFlow   // by grant
	scripts   map[string][]FlowScript   // by run
	people    map[string]*Person        // whom hand-overs name
	refusals  map[string]string         // by item: why it was denied where no person did

	departures map[string]*SheetDeparture // by request
}

func (p *sheetParts) readAsked(ctx context.Context, q bun.IDB, ids []string) error {
	var err error
	p.requests, err = rowsOf[Request](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Relation("Requester").Where("request.id IN (?)", bun.List(ids))
	})
	if err != nil {
		return err
	}
	p.items, err = grouped(ctx, q, func(row RequestItem) string { return row.RequestID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Relation("Entitlement").Relation("Entitlement.Provider").Relation("Subject").
			Where("item.request_id IN (?)", bun.List(ids)).Order("item.position")
	})
	if err != nil {
		return err
	}
	p.questions, err = grouped(ctx, q, func(row Question) string { return row.RequestID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Relation("Asker").Relation("Answerer").Where("question.request_id IN (?)", bun.List(ids)).Order("question.asked_at", "question.id")
	})
	if err != nil {
		return err
	}
	p.changes, err = grouped(ctx, q, func(row ConfigChange) string { return row.RequestID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("request_id IN (?)", bun.List(ids))
	})
	if err != nil {
		return err
	}
	p.held, err = grouped(ctx, q, func(row HeldChange) string { return row.ItemID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("request_id IN (?)", bun.List(ids))
	})
	return err
}

func (p *sheetParts) readDecided(ctx context.Context, q bun.IDB, ids []string) error {
	const steps = "(SELECT id FROM approval_steps WHERE request_id IN (?))"
	var err error
	p.flows, err = grouped(ctx, q, func(row ApprovalFlow) string { return row.ItemID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("flow.request_id IN (?)", bun.List(ids))
	})
	if err != nil {
		return err
	}
	p.steps, err = grouped(ctx, q, func(row ApprovalStep) string { return row.FlowID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("request_id IN (?)", bun.List(ids)).Order("position")
	})
	if err != nil {
		return err
	}
	p.approvers, err = grouped(ctx, q, func(row Approver) string { return row.StepID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Relation("Person").Relation("For").Where("approver.step_id IN "+steps, bun.List(ids)).Order("person.email")
	})
	if err != nil {
		return err
	}
	p.decisions, err = grouped(ctx, q, func(row Decision) string { return row.StepID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Relation("Person").Relation("For").Where("decision.step_id IN "+steps, bun.List(ids)).Order("decision.decided_at", "decision.id")
	})
	return err
}

// readHanded reads the people whom hand-overs of decisions name.
func (p *sheetParts) readHanded(ctx context.Context, q bun.IDB) error {
	var ids []string
	for _, steps := range p.steps {
		for _, step := range steps {
			for _, handed := range step.Handed {
				ids = append(ids, handed.From, handed.To, handed.By)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := rowsOf[Person](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery { return s.Where("id IN (?)", bun.List(ids)) })
	p.people = make(map[string]*Person, len(rows))
	for n := range rows {
		p.people[rows[n].ID] = &rows[n]
	}
	return err
}

// readRefusals reads from the log why items were denied that no person denied.
func (p *sheetParts) readRefusals(ctx context.Context, q bun.IDB) error {
	var ids []string
	for _, flows := range p.flows {
		if flows[0].Status == Denied && !p.deniedByPerson(flows[0].ID) {
			ids = append(ids, flows[0].RequestID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	events, err := rowsOf[AuditEvent](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("request IN (?)", bun.List(ids)).Where("action = 'flow.denied'").Order("seq")
	})
	p.refusals = make(map[string]string, len(events))
	for _, event := range events {
		facts, err := event.Facts()
		if err != nil {
			return err
		}
		p.refusals[facts.Item] = cmp.Or(facts.Error, facts.Reason)
	}
	return err
}

func (p *sheetParts) deniedByPerson(flowID string) bool {
	for _, step := range p.steps[flowID] {
		if slices.ContainsFunc(p.decisions[step.ID], func(d Decision) bool { return d.Verdict == Denied }) {
			return true
		}
	}
	return false
}

func (p *sheetParts) readGiven(ctx context.Context, q bun.IDB, ids []string) error {
	const extended = "held.id IN (SELECT extends_grant_id FROM request_items WHERE request_id IN (?))"
	withAll := func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Relation("Entitlement").Relation("Entitlement.Provider").Relation("Subject").Order("held.created_at", "held.id")
	}
	var err error
	p.grants, err = grouped(ctx, q, func(row Grant) string { return row.ItemID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return withAll(s).Where("held.request_id IN (?)", bun.List(ids))
	})
	if err != nil {
		return err
	}
	p.extended, err = grouped(ctx, q, func(row Grant) string { return row.ID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return withAll(s).Where(extended, bun.List(ids))
	})
	if err != nil {
		return err
	}
	p.runs, err = grouped(ctx, q, func(row ActionFlow) string { return row.GrantID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("request_id IN (?)", bun.List(ids)).Order("created_at", "id")
	})
	if err != nil {
		return err
	}
	p.scripts, err = grouped(ctx, q, func(row FlowScript) string { return row.FlowID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("request_id IN (?)", bun.List(ids)).Order("position")
	})
	return err
}

func (p *sheetParts) sheet(request Request) Sheet {
	sheet := Sheet{Request: request, Questions: p.questions[request.ID], People: p.people, Departure: p.departures[request.ID]}
	changes := p.changes[request.ID]
	if len(changes) > 0 {
		sheet.Change = &changes[0]
	}
	for _, item := range p.items[request.ID] {
		switch {
		case item.EntitlementID == DirectoryItemID:
			item.nameWork()
		case item.EntitlementID == ConfigurationID && sheet.Change != nil:
			item.nameAfter(*sheet.Change)
		}
		one := SheetItem{RequestItem: item, Refusal: p.refusals[item.ID]}
		if flows := p.flows[item.ID]; len(flows) > 0 {
			one.Flow = flows[0]
		}
		if held := p.held[item.ID]; len(held) > 0 {
			one.Held = &held[0]
		}
		for _, step := range p.steps[one.Flow.ID] {
			one.Steps = append(one.Steps, SheetStep{ApprovalStep: step, Approvers: p.approvers[step.ID], Decisions: p.decisions[step.ID]})
		}
		p.addGrant(&one)
		sheet.Items = append(sheet.Items, one)
	}
	return sheet
}

// addGrant adds what the item gave; the runs of a grant that it only extends belong to the request that made it.
func (p *sheetParts) addGrant(item *SheetItem) {
	made := p.grants[item.ID]
	if len(made) == 0 {
		if extended := p.extended[item.ExtendsGrantID]; len(extended) > 0 {
			item.Grant = &extended[0]
		}
		return
	}
	item.Grant = &made[0]
	for _, run := range p.runs[item.Grant.ID] {
		item.Runs = append(item.Runs, SheetRun{ActionFlow: run, Scripts: p.scripts[run.ID]})
	}
}

func rowsOf[T any](ctx context.Context, q bun.IDB, shape func(*bun.SelectQuery) *bun.SelectQuery) ([]T, error) {
	var rows []T
	if err := shape(q.NewSelect().Model(&rows)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read parts of requests: %w", err)
	}
	return rows, nil
}

// grouped reads rows and groups them by a key, in their order.
func grouped[T any](ctx context.Context, q bun.IDB, key func(T) string, shape func(*bun.SelectQuery) *bun.SelectQuery) (map[string][]T, error) {
	rows, err := rowsOf[T](ctx, q, shape)
	groups := make(map[string][]T, len(rows))
	for _, row := range rows {
		groups[key(row)] = append(groups[key(row)], row)
	}
	return groups, err
}
