package handlers

import (
	"context"
	"fmt"
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
	sheet, err := db.ReadSheet(ctx, o.store, first.RequestID)
	if err != nil {
		return views.Message{}, err
	}
	switch first.Purpose {
	case purposeCard:
		return views.Card(sheet, now), nil
	case purposeProgress:
		return views.Progress(sheet, first.Ref, now), nil
	case purposeAsk:
		return views.Ask(sheet, first.Ref, now), nil
	case purposeReminder:
		return views.Reminder(sheet, first.Ref, now), nil
	case purposeTrouble:
		return views.Trouble(sheet, first.Ref, now), nil
	}
	event, err := o.event(ctx, first.Ref)
	if err != nil {
		return views.Message{}, err
	}
	switch first.Purpose {
	case purposeNotice:
		return views.Notice(sheet, event, now), nil
	case purposeNotification:
		facts, err := event.Facts()
		return views.Refusal(facts.NotifyText), err
	}
	return views.Message{}, fmt.Errorf("message %s has the unknown purpose %s", first.Key, first.Purpose)
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
	mentions := map[string]string{}
	for _, event := range events {
		facts, err := event.Facts()
		if err != nil {
			return views.Message{}, err
		}
		for _, label := range append([]string{event.Actor, event.Subject}, facts.Approvers...) {
			if p, err := personLabelled(ctx, o.store, label); err == nil && p.SlackID != "" {
				mentions[label] = "<@" + p.SlackID + ">"
			}
		}
	}
	return views.Lines(events, func(label string) string {
		if mention, ok := mentions[label]; ok {
			return mention
		}
		return label
	}), nil
}

func (o *Outbox) event(ctx context.Context, ref string) (db.AuditEvent, error) {
	seq, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return db.AuditEvent{}, fmt.Errorf("message about audit entry %q: %w", ref, err)
	}
	return db.AuditEventBySeq(ctx, o.store, seq)
}
