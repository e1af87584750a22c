package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// draw makes the content of a message from the rows as they are now.
func (o *Outbox) draw(ctx context.Context, batch []db.Message) (views.Message, error) {
	first := batch[0]
	switch first.Purpose {
	case purposeLine:
		return o.drawLines(ctx, batch)
	case purposeAbsence:
		return o.drawAbsence(ctx, first)
	case purposeEdited:
		return o.drawEdited(ctx, first)
	case purposeFactor:
		return o.drawFactor(ctx, first)
	case purposeStop:
		stop, err := readStop(ctx, o.store, first.Ref, 0, views.StopRows)
		return views.StopCard(stop), err
	case purposeMoved:
		return o.drawMoved(ctx, first)
	case purposeBack:
		return o.drawBack(ctx, first)
	}
	if content, drawn, err := o.drawReview(ctx, first); drawn {
		return content, err
	}
	sheet, err := db.ReadSheet(ctx, o.store, first.RequestID)
	if err != nil || settledMeanwhile(sheet, first) {
		return views.Message{}, err
	}
	if first.Purpose == purposeCard || first.Purpose == purposeBatch {
		if sheet.Of, err = o.reach(ctx, sheet); err != nil {
			return views.Message{}, err
		}
	}
	return o.drawRequest(ctx, sheet, first, db.UTC(o.clock()))
}

// drawRequest draws what is about a request, or else what tells of one event.
func (o *Outbox) drawRequest(ctx context.Context, sheet db.Sheet, message db.Message, now time.Time) (views.Message, error) {
	switch message.Purpose {
	case purposeCard:
		later, err := db.HeldBack(ctx, o.store, message.RequestID, purposeAsk, now)
		sheet.Later = later
		return views.Card(sheet, now), err
	case purposeProgress:
		return views.Progress(sheet, message.Ref, now), nil
	case purposeAsk:
		return views.Ask(sheet, message.Ref, message.PersonID, now), nil
	case purposeReminder:
		return views.Reminder(sheet, message.Ref, message.PersonID, now), nil
	case purposeBatch:
		return views.HeldBatch(sheet), nil
	case purposeBatchAgain:
		return views.HeldBatchAgain(sheet), nil
	case purposeTold:
		return views.Told(sheet, message.Ref, now), nil
	case purposeInquiry:
		return views.RequestQuestion(sheet, message.Ref, now), nil
	case purposeQuestion:
		return views.Question(sheet, message.Ref, now), nil
	case purposeTrouble:
		return views.Trouble(sheet, message.Ref, now), nil
	case purposeLeft:
		return o.drawLeft(ctx, sheet)
	}
	return o.drawEvent(ctx, sheet, message, now)
}

// drawEvent draws what tells of one event.
func (o *Outbox) drawEvent(ctx context.Context, sheet db.Sheet, message db.Message, now time.Time) (views.Message, error) {
	event, err := o.event(ctx, message.Ref)
	if err != nil {
		return views.Message{}, err
	}
	switch message.Purpose {
	case purposeAlarm:
		return o.drawAlarm(ctx, sheet, event)
	case purposeNotice:
		names, err := o.names(ctx, event)
		return views.Notice(sheet, event, message.PersonID, names, now), err
	case purposeNotification:
		facts, err := event.Facts()
		return views.Refusal(facts.NotifyText), err
	}
	return views.Message{}, fmt.Errorf("message %s has the unknown purpose %s", message.Key, message.Purpose)
}

// settledMeanwhile says that somebody need not be asked or reminded any more when his quiet hours are over.
func settledMeanwhile(sheet db.Sheet, message db.Message) bool {
	if message.NotBefore.IsZero() || message.Status != db.Waiting {
		return false
	}
	if message.Purpose == purposeBatch || message.Purpose == purposeBatchAgain {
		return sheet.Request.Status != db.Pending
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
	link, err := o.cardLink(ctx, sheet.Request.ID)
	return views.Alarm(sheet, event, link, names), err
}

// cardLink is the way to the card of a request; empty while it stands nowhere.
func (o *Outbox) cardLink(ctx context.Context, requestID string) (string, error) {
	card, err := db.MessageByKey(ctx, o.store, "card:"+requestID)
	if errors.Is(err, db.ErrNotFound) || err == nil && card.TS == "" {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return o.slack.Permalink(ctx, card.Channel, card.TS)
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
	people, entitlements, work := map[string]string{}, map[string]string{}, map[int64]string{}
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
		if err := o.addWork(ctx, work, event, facts); err != nil {
			return views.Names{}, err
		}
	}
	return views.Names{
		People:       func(label string) string { return firstOf(people[label], label) },
		Entitlements: func(slug string) string { return entitlements[slug] },
		Work:         func(event db.AuditEvent) string { return work[event.Seq] },
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

// addWork finds what the item does that an event is about, if it carries something out.
func (o *Outbox) addWork(ctx context.Context, work map[int64]string, event db.AuditEvent, facts db.Details) error {
	if event.Entitlement != db.DirectoryItemSlug {
		return nil
	}
	id := facts.Item
	if id == "" && event.Grant != "" {
		grant, err := db.GrantByID(ctx, o.store, event.Grant)
		if err != nil {
			return err
		}
		id = grant.ItemID
	}
	if id == "" {
		return nil
	}
	item, err := db.ItemByID(ctx, o.store, id)
	work[event.Seq] = item.Title
	return err
}

func (o *Outbox) event(ctx context.Context, ref string) (db.AuditEvent, error) {
	seq, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return db.AuditEvent{}, fmt.Errorf("message about audit entry %q: %w", ref, err)
	}
	return db.AuditEventBySeq(ctx, o.store, seq)
}
