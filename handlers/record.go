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
	purposeBatch        = "batch"        // ref: request, of several changes of a directory
	purposeBatchAgain   = "batch_again"  // ref: request
	purposeTold         = "told"         // ref: approval step; whom it tells without asking
	purposeInquiry      = "inquiry"      // ref: question about a request
	purposeAlarm        = "alarm"        // ref: number of the audit event of an emergency
	purposeTrouble      = "trouble"      // ref: action flow
	purposeQuestion     = "question"     // ref: script of an action flow
	purposeNotice       = "notice"       // ref: number of the audit event
	purposeNotification = "notification" // ref: number of the audit event
	purposeHome         = "home"         // ref: person
)

// Record asks for the messages that tell of events, in the transaction that made them. It writes nothing to Slack; it
// returns the lanes that now have something to send.
func (o *Outbox) Record(ctx context.Context, tx bun.IDB, events []db.AuditEvent) ([]string, error) {
	r := recorder{IDB: tx, now: db.UTC(o.clock()), requests: map[string]db.Request{}, batches: map[string]bool{}, unseen: map[string]bool{}}
	for _, event := range events {
		if event.Action == "click.refused" {
			continue
		}
		if err := r.accessReviews(ctx, event); err != nil {
			return nil, err
		}
		tell := r.record
		if event.Request == "" {
			tell = r.personal
		}
		if err := tell(ctx, event); err != nil {
			return nil, err
		}
	}
	return r.write(ctx)
}

// recorder turns the events of one transaction into wanted messages. It collects them and writes them at the end, in a
// few statements: the transaction holds the head of the audit log.
type recorder struct {
	bun.IDB

	now      time.Time
	requests map[string]db.Request
	batches  map[string]bool // by request: it asks about several changes of a directory
	unseen   map[string]bool // by request: see quiet
	messages []db.Message
	stale    []db.Stale
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
	type telling = func(context.Context, db.AuditEvent, db.Details, db.Request) error
	tellings := []telling{r.card, r.thread, r.progress, r.asks, r.inquiries, r.alarm, r.trouble, r.questions, r.notices, r.notification, r.homes, r.left, r.leaver, r.moved}
	quiet, err := r.quiet(ctx, event, request)
	if err != nil {
		return err
	}
	if quiet {
		tellings = []telling{r.trouble, r.questions, r.notification, r.homes, r.leaver, r.moved}
	}
	for _, tell := range tellings {
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
		r.redraw(purposeCard, grant.RequestID, "")
	}
	r.want(db.Message{
		Key: "card:" + request.ID, Lane: requestLane(request.ID), Purpose: purposeCard, Ref: request.ID,
		RequestID: request.ID, Channel: request.Channel,
	})
	return nil
}

// thread asks for the event's line in the request's thread.
func (r *recorder) thread(ctx context.Context, event db.AuditEvent, _ db.Details, request db.Request) error {
	if views.Line(event, views.Names{}) == "" {
		return nil
	}
	r.want(db.Message{
		Key: "line:" + seq(event), Lane: requestLane(request.ID), Position: event.Seq, Purpose: purposeLine, Ref: seq(event),
		RequestID: request.ID, Channel: request.Channel,
	})
	return nil
}

// progress asks for the thread message that shows an action flow's scripts.
func (r *recorder) progress(ctx context.Context, event db.AuditEvent, _ db.Details, request db.Request) error {
	if event.Script == "" || event.Flow == "" {
		return nil
	}
	r.want(db.Message{
		Key: "progress:" + event.Flow, Lane: requestLane(request.ID), Position: event.Seq, Purpose: purposeProgress, Ref: event.Flow,
		RequestID: request.ID, Channel: request.Channel,
	})
	return nil
}

// want asks for a message to exist, or to be drawn anew.
func (r *recorder) want(message db.Message) {
	if slices.ContainsFunc(r.messages, func(m db.Message) bool { return m.Key == message.Key }) {
		return
	}
	message.CreatedAt = r.now
	r.messages = append(r.messages, message)
}

// redraw asks for what exists already of a purpose to be drawn anew: about a request, or from a row.
func (r *recorder) redraw(purpose, requestID, ref string) {
	r.stale = append(r.stale, db.Stale{Purpose: purpose, RequestID: requestID, Ref: ref})
}

// write stores what was collected and returns the lanes that now have something to send.
func (r *recorder) write(ctx context.Context) ([]string, error) {
	slices.SortFunc(r.stale, db.Stale.Compare)
	lanes, err := db.RedrawMessages(ctx, r, slices.Compact(r.stale))
	if err != nil {
		return nil, err
	}
	if err := db.WantMessages(ctx, r, r.messages); err != nil {
		return nil, err
	}
	for _, message := range r.messages {
		lanes = append(lanes, message.Lane)
	}
	slices.Sort(lanes)
	return slices.Compact(lanes), nil
}

// personLabelled reads the person that a label of the audit log names.
func personLabelled(ctx context.Context, q bun.IDB, label string) (db.Person, error) {
	if label == "" {
		return db.Person{}, db.ErrNotFound
	}
	if strings.Contains(label, "@") {
		return db.PersonByEmail(ctx, q, label)
	}
	return db.PersonBySlackID(ctx, q, label)
}

func seq(event db.AuditEvent) string { return strconv.FormatInt(event.Seq, 10) }

func requestLane(id string) string { return "request:" + id }

func personLane(id string) string { return "person:" + id }

func homeKey(personID string) string { return "home:" + personID }
