package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// purposeAbsence is a message about somebody's absence. Its ref is the number of the audit event. A stored name.
const purposeAbsence = "absence"

// personal tells of what concerns a person and no request: absences and second factors.
func (r *recorder) personal(ctx context.Context, event db.AuditEvent) error {
	facts, err := event.Facts()
	if err != nil {
		return err
	}
	switch event.Action {
	case "config.changed":
		return r.edited(ctx, event, facts)
	case "directory.stopped", "directory.waits", "directory.resumed", "directory.discarded":
		r.stop(event, facts)
		return nil
	case "person.access_changed":
		return r.tellMoved(ctx, event, facts)
	case "person.returned":
		return r.back(ctx, event)
	case "factor.enrolled", "factor.dropped", "factor.reset", "factor.locked":
		if err := r.factor(ctx, event); err != nil {
			return err
		}
		return r.redrawLabelled(ctx, event.Subject)
	case "delegation.created", "delegation.ended":
		if event.Actor != event.Subject {
			if err := r.absence(ctx, event, event.Subject); err != nil {
				return err
			}
		}
	case "delegation.begun":
	default:
		return nil
	}
	starts, err := time.Parse(time.RFC3339, facts.Start)
	if err != nil {
		return fmt.Errorf("read when an absence begins: %w", err)
	}
	if facts.To != "" && event.Action != "delegation.created" && !starts.After(r.now) { // whom it made stand in
		if err := r.absence(ctx, event, facts.To); err != nil {
			return err
		}
	}
	return r.redrawLabelled(ctx, event.Subject, facts.To)
}

func (r *recorder) redrawLabelled(ctx context.Context, labels ...string) error {
	var people []string
	for _, label := range labels {
		p, err := personLabelled(ctx, r, label)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		people = append(people, p.ID)
	}
	r.redrawHomes(people...)
	return nil
}

func (r *recorder) absence(ctx context.Context, event db.AuditEvent, label string) error {
	return r.tellEach(ctx, []string{label}, db.Message{
		Key: "absence:" + seq(event), Position: event.Seq, Purpose: purposeAbsence, Ref: seq(event),
	})
}

// drawAbsence draws a message about somebody's absence, for the one who is away or the one who stands in.
func (o *Outbox) drawAbsence(ctx context.Context, message db.Message) (views.Message, error) {
	event, err := o.event(ctx, message.Ref)
	if err != nil {
		return views.Message{}, err
	}
	facts, err := event.Facts()
	if err != nil {
		return views.Message{}, err
	}
	told := views.Absence{Note: facts.Reason}
	told.From, _ = time.Parse(time.RFC3339, facts.Start)
	told.Until, _ = time.Parse(time.RFC3339, facts.Until)
	of, err := personLabelled(ctx, o.store, event.Subject)
	if err != nil {
		return views.Message{}, err
	}
	told.Of = &of
	if of.ID == message.PersonID {
		by, err := personLabelled(ctx, o.store, event.Actor)
		told.By = &by
		return views.SentAway(told, event.Action == "delegation.created"), err
	}
	if event.Action == "delegation.ended" {
		return views.IsBack(told), nil
	}
	steps, err := db.StepsWaitingFor(ctx, o.store, of.ID, 1)
	told.Waiting = len(steps)
	return views.StandIn(told), err
}
