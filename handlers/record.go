package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// The purposes of messages: what they are, and so how they are drawn. Stored names, they never change.
const (
	purposeCard         = "card"         // ref: request
	purposeLine         = "line"         // ref: number of the audit event
	purposeProgress     = "progress"     // ref: action flow
	purposeAsk          = "ask"          // ref: approval step
	purposeReminder     = "reminder"     // ref: approval step
	purposeTrouble      = "trouble"      // ref: action flow
	purposeQuestion     = "question"     // ref: script of an action flow
	purposeNotice       = "notice"       // ref: number of the audit event
	purposeNotification = "notification" // ref: number of the audit event
	purposeHome         = "home"         // ref: person
)

// Record asks for the messages that tell of events, in the transaction that made them. It writes nothing to Slack; it
// returns the lanes that now have something to send.
func (o *Outbox) Record(ctx context.Context, tx bun.IDB, events []db.AuditEvent) ([]string, error) {
	r := recorder{IDB: tx, now: db.UTC(o.clock()), requests: map[string]db.Request{}}
	for _, event := range events {
		if event.Request == "" || event.Action == "click.refused" {
			continue
		}
		if err := r.record(ctx, event); err != nil {
			return nil, err
		}
	}
	slices.Sort(r.lanes)
	return slices.Compact(r.lanes), nil
}

// recorder turns the events of one transaction into wanted messages.
type recorder struct {
	bun.IDB

	now      time.Time
	requests map[string]db.Request
	lanes    []string
}

func (r *recorder) record(ctx context.Context, event db.AuditEvent) error {
	facts, err := event.Facts()
	if err != nil {
		return err
	}
	request, err := r.request(ctx, event.Request)
	if err != nil {
		return err
	}
	for _, tell := range []func(context.Context, db.AuditEvent, db.Details, db.Request) error{
		r.card, r.thread, r.progress, r.asks, r.trouble, r.questions, r.notices, r.notification, r.homes,
	} {
		if err := tell(ctx, event, facts, request); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) request(ctx context.Context, id string) (db.Request, error) {
	if known, ok := r.requests[id]; ok {
		return known, nil
	}
	request, err := db.RequestByID(ctx, r, id)
	r.requests[id] = request
	return request, err
}

// card asks for the request's card, and for that of the request whose grant was extended.
func (r *recorder) card(ctx context.Context, event db.AuditEvent, _ db.Details, request db.Request) error {
	if event.Action == "grant.extended" {
		grant, err := db.GrantByID(ctx, r, event.Grant)
		if err != nil {
			return err
		}
		if err := r.redraw(ctx, purposeCard, grant.RequestID, ""); err != nil {
			return err
		}
	}
	return r.want(ctx, db.Message{
		Key: "card:" + request.ID, Lane: requestLane(request.ID), Purpose: purposeCard, Ref: request.ID,
		RequestID: request.ID, Channel: request.Channel,
	})
}

// thread asks for the event's line in the request's thread.
func (r *recorder) thread(ctx context.Context, event db.AuditEvent, _ db.Details, request db.Request) error {
	if views.Line(event, views.Names{}) == "" {
		return nil
	}
	return r.want(ctx, db.Message{
		Key: "line:" + seq(event), Lane: requestLane(request.ID), Position: event.Seq, Purpose: purposeLine, Ref: seq(event),
		RequestID: request.ID, Channel: request.Channel,
	})
}

// progress asks for the thread message that shows an action flow's scripts.
func (r *recorder) progress(ctx context.Context, event db.AuditEvent, _ db.Details, request db.Request) error {
	if event.Script == "" || event.Flow == "" {
		return nil
	}
	return r.want(ctx, db.Message{
		Key: "progress:" + event.Flow, Lane: requestLane(request.ID), Position: event.Seq, Purpose: purposeProgress, Ref: event.Flow,
		RequestID: request.ID, Channel: request.Channel,
	})
}

// asks asks the approvers of a step that was opened, and draws what they were asked anew when anything changed.
func (r *recorder) asks(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	switch event.Action {
	case "step.opened", "step.escalated":
		return r.askStep(ctx, event, facts, request, purposeAsk)
	case "step.reminded":
		return r.askStep(ctx, event, facts, request, purposeReminder)
	case "decision.approved", "decision.denied", "duration.changed", "flow.approved", "flow.denied", "request.cancelled", "request.lapsed":
		if err := r.redraw(ctx, purposeAsk, request.ID, ""); err != nil {
			return err
		}
		return r.redraw(ctx, purposeReminder, request.ID, "")
	}
	return nil
}

func (r *recorder) askStep(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request, purpose string) error {
	step, err := db.StepByID(ctx, r, facts.Step)
	if err != nil {
		return err
	}
	message := db.Message{Position: event.Seq, Purpose: purpose, Ref: step.ID, RequestID: request.ID}
	key := purpose + ":" + step.ID + ":"
	if purpose == purposeReminder {
		key += seq(event) + ":"
	}
	if step.Spec.AskIn != "" && !step.Escalated {
		message.Key, message.Lane, message.Channel = key+step.Spec.AskIn, requestLane(request.ID), step.Spec.AskIn
		return r.want(ctx, message)
	}
	approvers, err := db.ApproversOf(ctx, r, step.ID)
	if err != nil {
		return err
	}
	decided, err := r.decided(ctx, request.ID, step.ID)
	if err != nil {
		return err
	}
	for _, approver := range approvers {
		if slices.Contains(decided, approver.PersonID) {
			continue
		}
		message.Key, message.Lane, message.PersonID = key+approver.PersonID, personLane(approver.PersonID), approver.PersonID
		if err := r.want(ctx, message); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) decided(ctx context.Context, requestID, stepID string) ([]string, error) {
	decisions, err := db.DecisionsOf(ctx, r, requestID)
	var people []string
	for _, decision := range decisions {
		if decision.StepID == stepID {
			people = append(people, decision.PersonID)
		}
	}
	return people, err
}

// trouble asks whoever may mend a flow that needs a person, and draws that anew when anything changed.
func (r *recorder) trouble(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	if event.Flow == "" {
		return nil
	}
	message := db.Message{Key: "trouble:" + event.Flow, Position: event.Seq, Purpose: purposeTrouble, Ref: event.Flow, RequestID: request.ID}
	switch {
	case facts.ScriptType == slackApproval && event.Action != "action_flow.failed", len(facts.Approvers) == 0:
		return r.redraw(ctx, purposeTrouble, "", event.Flow)
	case event.Action == "script.reminded", event.Action == "script.overdue":
		message.Key += ":" + seq(event) // an update would not notify
	case event.Action != "action_flow.failed" && event.Action != "script.paused":
		return r.redraw(ctx, purposeTrouble, "", event.Flow)
	}
	if facts.AskIn != "" {
		there := message
		there.Key, there.Lane, there.Channel = message.Key+":"+facts.AskIn, requestLane(request.ID), facts.AskIn
		if err := r.want(ctx, there); err != nil {
			return err
		}
	}
	return r.tellEach(ctx, facts.Approvers, message)
}

func (r *recorder) want(ctx context.Context, message db.Message) error {
	message.CreatedAt = r.now
	r.lanes = append(r.lanes, message.Lane)
	return db.WantMessage(ctx, r, message)
}

func (r *recorder) redraw(ctx context.Context, purpose, requestID, ref string) error {
	lanes, err := db.RedrawMessages(ctx, r, purpose, requestID, ref)
	r.lanes = append(r.lanes, lanes...)
	return err
}

// personLabelled reads the person that a label of the audit log names.
func personLabelled(ctx context.Context, q bun.IDB, label string) (db.Person, error) {
	if strings.Contains(label, "@") {
		return db.PersonByEmail(ctx, q, label)
	}
	return db.PersonBySlackID(ctx, q, label)
}

func seq(event db.AuditEvent) string { return strconv.FormatInt(event.Seq, 10) }

func requestLane(id string) string { return "request:" + id }

func personLane(id string) string { return "person:" + id }

func homeKey(personID string) string { return "home:" + personID }
