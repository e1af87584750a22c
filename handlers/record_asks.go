package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// asks asks those who may decide on the step that an event is about, whoever was not asked before, and draws what they
// were asked anew.
func (r *recorder) asks(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	switch event.Action {
	case "flow.approved", "flow.denied", "request.cancelled", "request.lapsed":
	default:
		if facts.Step == "" {
			return nil
		}
	}
	r.redraw(purposeAsk, request.ID, "")
	r.redraw(purposeReminder, request.ID, "")
	r.redraw(purposeBatch, request.ID, "")
	r.redraw(purposeBatchAgain, request.ID, "")
	if facts.Step == "" {
		return nil
	}
	step, err := db.StepByID(ctx, r, facts.Step)
	if err != nil || step.Status != db.Deciding {
		return err
	}
	batch, err := r.isBatch(ctx, request)
	if err != nil {
		return err
	}
	if batch {
		return r.askBatch(ctx, event, step)
	}
	if event.Action == "step.reminded" {
		return r.askStep(ctx, event, step, purposeReminder)
	}
	if event.Action == "step.opened" {
		if err := r.tellBesides(ctx, event, step, facts.Notify); err != nil {
			return err
		}
	}
	return r.askStep(ctx, event, step, purposeAsk)
}

// askStep asks the channel that a step names, and each person who may decide, has not, and is not asked there.
func (r *recorder) askStep(ctx context.Context, event db.AuditEvent, step db.ApprovalStep, purpose string) error {
	message := db.Message{Position: event.Seq, Purpose: purpose, Ref: step.ID, RequestID: step.RequestID}
	key := purpose + ":" + step.ID + ":"
	if purpose == purposeReminder {
		key += seq(event) + ":"
	}
	inChannel := step.Spec.AskIn != "" && !step.Escalated
	if inChannel {
		there := message
		there.Key, there.Lane, there.Channel = key+step.Spec.AskIn, requestLane(step.RequestID), step.Spec.AskIn
		r.want(there)
	}
	approvers, err := db.ApproversOf(ctx, r, step.ID)
	if err != nil {
		return err
	}
	decided, err := r.decided(ctx, step)
	if err != nil {
		return err
	}
	quietUntil, err := r.quietHours(ctx, step.RequestID)
	if err != nil {
		return err
	}
	for _, approver := range approvers {
		named := approver.ForID == "" && slices.Contains(step.Spec.Approvers, approver.Source)
		if slices.Contains(decided, approver.PersonID) || (inChannel && named) {
			continue
		}
		message.Key, message.Lane, message.PersonID = key+approver.PersonID, personLane(approver.PersonID), approver.PersonID
		message.NotBefore = quietUntil(approver.Person.TimeZone)
		if purpose == purposeReminder && !message.NotBefore.IsZero() {
			if err := r.remindLater(ctx, message); err != nil {
				return err
			}
			continue
		}
		r.want(message)
	}
	return nil
}

// remindLater reminds somebody when his quiet hours are over, once for all that would have reminded him in them, and not
// at all if he is only asked then.
func (r *recorder) remindLater(ctx context.Context, reminder db.Message) error {
	ask, err := db.MessageByKey(ctx, r, purposeAsk+":"+reminder.Ref+":"+reminder.PersonID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if err == nil && ask.TS == "" && ask.NotBefore.After(r.now) {
		return nil
	}
	reminder.Key = fmt.Sprintf("%s:%s:after:%d:%s", purposeReminder, reminder.Ref, reminder.NotBefore.Unix(), reminder.PersonID)
	r.want(reminder)
	return nil
}

// quietHours returns what says until when nobody of a zone is asked or reminded about a request. An emergency knows no
// quiet hours. It is looked up once for a zone, of which a company has few.
func (r *recorder) quietHours(ctx context.Context, requestID string) (until func(zone string) time.Time, err error) {
	request, err := r.request(ctx, requestID)
	if err != nil {
		return nil, err
	}
	var settings db.Settings
	if !request.Emergency {
		if settings, err = db.ReadSettings(ctx, r); err != nil {
			return nil, err
		}
	}
	known := map[string]time.Time{}
	return func(zone string) time.Time {
		if _, ok := known[zone]; !ok {
			known[zone] = flows.QuietUntil(settings.QuietHours, zone, r.now)
		}
		return known[zone]
	}, nil
}

func (r *recorder) decided(ctx context.Context, step db.ApprovalStep) ([]string, error) {
	decisions, err := db.DecisionsOf(ctx, r, step.RequestID)
	var people []string
	for _, decision := range decisions {
		if decision.StepID == step.ID {
			people = append(people, decision.PersonID)
		}
	}
	return people, err
}

// inquiries asks a question about a request in its thread and of whoever asked, and draws it anew once it is answered
// or needs no answer any more.
func (r *recorder) inquiries(_ context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	switch event.Action {
	case "question.asked":
		message := db.Message{
			Key: "inquiry:" + facts.Question, Lane: requestLane(request.ID), Position: event.Seq, Purpose: purposeInquiry,
			Ref: facts.Question, RequestID: request.ID, Channel: request.Channel,
		}
		r.want(message)
		message.Key, message.Lane, message.PersonID = message.Key+":"+request.RequesterID, personLane(request.RequesterID), request.RequesterID
		message.Channel = ""
		r.want(message)
	case "question.answered", "flow.approved", "flow.denied", "request.cancelled", "request.lapsed":
		r.redraw(purposeInquiry, request.ID, "")
	}
	return nil
}

// tellBesides tells those whom a step names for that when it opens. They can't decide for it.
func (r *recorder) tellBesides(ctx context.Context, event db.AuditEvent, step db.ApprovalStep, besides []string) error {
	message := db.Message{
		Key: "told:" + step.ID, Lane: requestLane(step.RequestID), Position: event.Seq, Purpose: purposeTold, Ref: step.ID,
		RequestID: step.RequestID,
	}
	var people []string
	for _, one := range besides {
		if !strings.HasPrefix(one, "#") {
			people = append(people, one)
			continue
		}
		there := message
		there.Key, there.Channel = message.Key+":"+one, one
		r.want(there)
	}
	return r.tellEach(ctx, people, message)
}

// alarm tells the channel of an entitlement's emergency path, loudly, that somebody took it.
func (r *recorder) alarm(_ context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	if event.Action == "request.emergency" && facts.AskIn != "" {
		r.want(db.Message{
			Key: "alarm:" + seq(event), Lane: requestLane(request.ID), Position: event.Seq, Purpose: purposeAlarm, Ref: seq(event),
			RequestID: request.ID, Channel: facts.AskIn,
		})
	}
	return nil
}
