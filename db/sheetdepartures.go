package db

import (
	"context"

	"github.com/uptrace/bun"
)

// SheetDeparture is a departure as its card shows it. The items of its request are the work at each provider.
type SheetDeparture struct {
	Departure
	Person    *Person
	Directory *Directory // that told of it; nil: none did
	UndoneBy  *Person
	Why       string       // it was undone
	Ends      []SheetGrant // what it ends
}

// SheetGrant is a grant with the flows that take it back.
type SheetGrant struct {
	Grant
	Runs []SheetRun
}

// readDepartures reads the departures to which requests belong, with all that they end.
func (p *sheetParts) readDepartures(ctx context.Context, q bun.IDB) error {
	var requests []string
	for _, request := range p.requests {
		if request.Origin == FromDeparture {
			requests = append(requests, request.ID)
		}
	}
	if len(requests) == 0 {
		return nil
	}
	rows, err := rowsOf[Departure](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery { return s.Where("request_id IN (?)", bun.List(requests)) })
	if err != nil {
		return err
	}
	p.departures = make(map[string]*SheetDeparture, len(rows))
	var people, directories, grants []string
	for _, row := range rows {
		p.departures[row.RequestID] = &SheetDeparture{Departure: row}
		people = append(people, row.PersonID, row.UndoneBy)
		directories = append(directories, row.DirectoryID)
		grants = append(grants, row.Grants...)
	}
	if err := p.nameDepartures(ctx, q, people, directories); err != nil {
		return err
	}
	if err := p.readUndone(ctx, q); err != nil || len(grants) == 0 {
		return err
	}
	return p.readEnds(ctx, q, grants)
}

// readUndone reads why departures were undone, which only the log knows.
func (p *sheetParts) readUndone(ctx context.Context, q bun.IDB) error {
	var undone []string
	for request, departure := range p.departures {
		if departure.Status == DepartureUndone {
			undone = append(undone, request)
		}
	}
	if len(undone) == 0 {
		return nil
	}
	events, err := rowsOf[AuditEvent](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("request IN (?)", bun.List(undone)).Where("action = 'departure.undone'")
	})
	if err != nil {
		return err
	}
	for _, event := range events {
		facts, err := event.Facts()
		if err != nil {
			return err
		}
		p.departures[event.Request].Why = facts.Reason
	}
	return nil
}

// nameDepartures reads the people and directories of departures.
func (p *sheetParts) nameDepartures(ctx context.Context, q bun.IDB, people, directories []string) error {
	persons, err := rowsOf[Person](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery { return s.Where("id IN (?)", bun.List(people)) })
	if err != nil {
		return err
	}
	sources, err := rowsOf[Directory](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery { return s.Where("id IN (?)", bun.List(directories)) })
	for _, departure := range p.departures {
		for n := range persons {
			switch persons[n].ID {
			case departure.PersonID:
				departure.Person = &persons[n]
			case departure.Departure.UndoneBy:
				departure.UndoneBy = &persons[n]
			}
		}
		for n := range sources {
			if sources[n].ID == departure.DirectoryID {
				departure.Directory = &sources[n]
			}
		}
	}
	return err
}

// readEnds reads the grants that departures end, with the flows that take them back.
func (p *sheetParts) readEnds(ctx context.Context, q bun.IDB, ids []string) error {
	grants, err := rowsOf[Grant](ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Relation("Entitlement").Relation("Entitlement.Provider").Relation("Subject").Where("held.id IN (?)", bun.List(ids)).Order("held.created_at", "held.id")
	})
	if err != nil {
		return err
	}
	runs, err := grouped(ctx, q, func(row ActionFlow) string { return row.GrantID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("grant_id IN (?)", bun.List(ids)).Where("kind = ?", Deprovision).Order("created_at", "id")
	})
	if err != nil {
		return err
	}
	scripts, err := grouped(ctx, q, func(row FlowScript) string { return row.FlowID }, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("flow_id IN (SELECT id FROM action_flows WHERE grant_id IN (?) AND kind = ?)", bun.List(ids), Deprovision).Order("position")
	})
	if err != nil {
		return err
	}
	for _, departure := range p.departures {
		ends := make(map[string]bool, len(departure.Grants))
		for _, id := range departure.Grants {
			ends[id] = true
		}
		for _, grant := range grants {
			if !ends[grant.ID] {
				continue
			}
			one := SheetGrant{Grant: grant}
			for _, run := range runs[grant.ID] {
				one.Runs = append(one.Runs, SheetRun{ActionFlow: run, Scripts: scripts[run.ID]})
			}
			departure.Ends = append(departure.Ends, one)
		}
	}
	return nil
}
