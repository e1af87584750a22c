package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// draw makes the content of a message from the rows as they are now.
func (o *Outbox) draw(ctx context.Context, batch []db.Message) (views.Message, error) {
	first, now := batch[0], db.UTC(o.clock())
	if first.Purpose == purposeLine {
		return o.drawLines(ctx, batch)
	}
	switch first.Purpose {
	case purposeAbsence:
		return o.drawAbsence(ctx, first)
	case purposeEdited:
		return o.drawEdited(ctx, first)
	case purposeFactor:
		return o.drawFactor(ctx, first)
	}
	if content, drawn, err := o.drawReview(ctx, first); drawn {
		return content, err
	}
	sheet, err := db.ReadSheet(ctx, o.store, first.RequestID)
	if err != nil {
		return views.Message{}, err
	}
	if settledMeanwhile(sheet, first) {
		return views.Message{}, nil
	}
	switch first.Purpose {
	case purposeCard:
		sheet.Later, err = db.HeldBack(ctx, o.store, first.RequestID, purposeAsk, now)
		return views.Card(sheet, now), err
	case purposeProgress:
		return views.Progress(sheet, first.Ref, now), nil
	case purposeAsk:
		return views.Ask(sheet, first.Ref, first.PersonID, now), nil
	case purposeReminder:
		return views.Reminder(sheet, first.Ref, first.PersonID, now), nil
	case purposeTold:
		return views.Told(sheet, first.Ref, now), nil
	case purposeInquiry:
		return views.RequestQuestion(sheet, first.Ref, now), nil
	case purposeQuestion:
		return views.Question(sheet, first.Ref, now), nil
	case purposeTrouble:
		return views.Trouble(sheet, first.Ref, now), nil
	}
	event, err := o.event(ctx, first.Ref)
	if err != nil {
		return views.Message{}, err
	}
	switch first.Purpose {
	case purposeAlarm:
		return o.drawAlarm(ctx, sheet, event)
	case purposeNotice:
		names, err := o.names(ctx, event)
		return views.Notice(sheet, event, first.PersonID, names, now), err
	case purposeNotification:
		facts, err := event.Facts()
		return views.Refusal(facts.NotifyText), err
	}
	return views.Message{}, fmt.Errorf("message %s has the unknown purpose %s", first.Key, first.Purpose)
}

// settledMeanwhile says that somebody need not be asked or reminded any more when his quiet hours are over.
func settledMeanwhile(sheet db.Sheet, message db.Message) bool {
	if message.NotBefore.IsZero() || message.Status != db.Waiting {
		return false
	}
	_, step := sheet.StepByID(message.Ref)
	if step == nil || step.Status != db.Deciding {
		return true
	}
	asked := slices.ContainsFunc(step.Approvers, func(a db.Approver) bool { return a.PersonID == message.PersonID })
	decided := slices.ContainsFunc(step.Decisions, func(d db.Decision) bool { return d.PersonID == message.PersonID })
	return decided || !asked
}

// drawAlarm draws what a channel is told of an emergency, with the way to the card.
func (o *Outbox) drawAlarm(ctx context.Context, sheet db.Sheet, event db.AuditEvent) (views.Message, error) {
	names, err := o.names(ctx, event)
	if err != nil {
		return views.Message{}, err
	}
	card, err := db.MessageByKey(ctx, o.store, "card:"+sheet.Request.ID)
	if err != nil || card.TS == "" {
		return views.Alarm(sheet, event, "", names), err
	}
	link, err := o.slack.Permalink(ctx, card.Channel, card.TS)
	return views.Alarm(sheet, event, link, names), err
}

func (o *Outbox) drawLines(ctx context.Context, batch []db.Message) (views.Message, error) {
	var events []db.AuditEvent
	for _, message := range batch {
		event, err := o.event(ctx, message.Ref)
		if err != nil {
			return views.Message{}, err
		}
		events = append(events, event)
	}
	names, err := o.names(ctx, events...)
	if err != nil {
		return views.Message{}, err
	}
	return views.Lines(events, names), nil
}

// names looks up how readers call the people and entitlements of events.
func (o *Outbox) names(ctx context.Context, events ...db.AuditEvent) (views.Names, error) {
	people, entitlements := map[string]string{}, map[string]string{}
	for _, event := range events {
		facts, err := event.Facts()
		if err != nil {
			return views.Names{}, err
		}
		for _, label := range append([]string{event.Actor, event.Subject, facts.For, facts.To}, facts.Approvers...) {
			if err := o.addMention(ctx, people, label); err != nil {
				return views.Names{}, err
			}
		}
		for _, slug := range append([]string{event.Entitlement}, facts.Items...) {
			if err := o.addName(ctx, entitlements, slug); err != nil {
				return views.Names{}, err
			}
		}
	}
	return views.Names{
		People:       func(label string) string { return firstOf(people[label], label) },
		Entitlements: func(slug string) string { return entitlements[slug] },
	}, nil
}

func (o *Outbox) addMention(ctx context.Context, people map[string]string, label string) error {
	if _, known := people[label]; known || label == "" {
		return nil
	}
	p, err := personLabelled(ctx, o.store, label)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	people[label] = ""
	if p.SlackID != "" {
		people[label] = "<@" + p.SlackID + ">"
	}
	return nil
}

func (o *Outbox) addName(ctx context.Context, entitlements map[string]string, slug string) error {
	if _, known := entitlements[slug]; known || slug == "" {
		return nil
	}
	entitlement, err := db.EntitlementBySlug(ctx, o.store, slug)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	entitlements[slug] = entitlement.Name
	return nil
}

func (o *Outbox) event(ctx context.Context, ref string) (db.AuditEvent, error) {
	seq, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return db.AuditEvent{}, fmt.Errorf("message about audit entry %q: %w", ref, err)
	}
	return db.AuditEventBySeq(ctx, o.store, seq)
}
