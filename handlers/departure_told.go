package handlers

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// What a manager is told of who leaves and comes back, once for each time. Stored names.
const (
	purposeLeft = "report_left" // ref: departure
	purposeBack = "report_back" // ref: person; its position is the number of the audit event
)

// left tells the manager of somebody who leaves, and draws that anew when all has ended or it was a mistake.
func (r *recorder) left(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	switch event.Action {
	case "departure.done", "departure.undone":
		r.redraw(purposeLeft, request.ID, "")
		return nil
	case "departure.started":
	default:
		return nil
	}
	for _, label := range facts.Tell {
		manager, err := personLabelled(ctx, r, label)
		if err != nil {
			return err
		}
		if reachable(manager) {
			r.want(db.Message{
				Key: purposeLeft + ":" + facts.Departure + ":" + manager.ID, Lane: personLane(manager.ID), Position: event.Seq,
				Purpose: purposeLeft, Ref: facts.Departure, RequestID: request.ID, PersonID: manager.ID,
			})
		}
	}
	return nil
}

// back tells the manager of somebody who is here again.
func (r *recorder) back(ctx context.Context, event db.AuditEvent) error {
	p, err := personLabelled(ctx, r, event.Subject)
	if err != nil || p.ManagerEmail == "" {
		return err
	}
	manager, err := db.PersonByEmail(ctx, r, p.ManagerEmail)
	if errors.Is(err, db.ErrNotFound) || err == nil && !reachable(manager) {
		return nil
	}
	if err == nil {
		r.want(db.Message{
			Key: purposeBack + ":" + seq(event) + ":" + manager.ID, Lane: personLane(manager.ID), Position: event.Seq, Purpose: purposeBack,
			Ref: p.ID, PersonID: manager.ID,
		})
	}
	return err
}

func (o *Outbox) drawLeft(ctx context.Context, sheet db.Sheet) (views.Message, error) {
	link, err := o.cardLink(ctx, sheet.Request.ID)
	return views.LeftNote(sheet, link), err
}

func (o *Outbox) drawBack(ctx context.Context, message db.Message) (views.Message, error) {
	event, err := db.AuditEventBySeq(ctx, o.store, message.Position)
	if err != nil {
		return views.Message{}, err
	}
	of, err := db.PersonByID(ctx, o.store, message.Ref)
	if err != nil {
		return views.Message{}, err
	}
	back := views.Back{Of: &of}
	if event.ActorKind == "directory" {
		directory, err := db.DirectoryBySlug(ctx, o.store, event.Actor)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return views.Message{}, err
		}
		back.Directory = firstOf(directory.Name, event.Actor)
	}
	last, err := db.LastDepartureOf(ctx, o.store, of.ID)
	if errors.Is(err, db.ErrNotFound) {
		return views.BackNote(back), nil
	}
	if err != nil {
		return views.Message{}, err
	}
	sheet, err := db.ReadSheet(ctx, o.store, last.RequestID)
	back.Departure = sheet.Departure
	return views.BackNote(back), err
}
