package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// purposeMoved is what somebody and his manager are told when rules give him access or no longer do: one message for each time.
// Its ref is the person, its position the number of the audit event. A stored name.
const purposeMoved = "access_changed"

// registerBirthright is the journey of whoever wants to keep what no rule gives any more.
func (h *Handlers) registerBirthright(router *bot.Router) {
	router.Action(views.ActionBirthrightKeep, h.openKeep)
	router.Submission(views.CallbackBirthrightKeep, h.submitKeep)
}

// openKeep asks why who may ask to keep an access. Whether he still may is asked again when he answers.
func (h *Handlers) openKeep(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	grant, err := h.flows.MayKeepAccess(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.KeepModal(grant))
	return err
}

func (h *Handlers) submitKeep(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	_, err = h.flows.KeepAccess(ctx, submission.View.PrivateMetadata, actor, reason)
	return fieldError(err, views.FieldReason)
}

// tellMoved tells somebody, and his manager, what rules give him and take from him.
func (r *recorder) tellMoved(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	p, err := personLabelled(ctx, r, event.Subject)
	if err != nil {
		return err
	}
	for _, label := range append([]string{event.Subject}, facts.Tell...) {
		reader, err := personLabelled(ctx, r, label)
		if err != nil {
			return err
		}
		if !reachable(reader) {
			continue
		}
		r.want(db.Message{
			Key: purposeMoved + ":" + seq(event) + ":" + reader.ID, Lane: personLane(reader.ID), Position: event.Seq, Purpose: purposeMoved,
			Ref: p.ID, PersonID: reader.ID,
		})
	}
	return nil
}

// moved draws anew what somebody was told of access that no rule gives any more when something becomes of it.
func (r *recorder) moved(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	switch event.Action {
	case "birthright.kept", "birthright.moved", "grant.ended", "grant.expired", "request.lapsed", "request.cancelled", "flow.denied":
	case "request.created":
		if facts.Extends == "" {
			return nil
		}
	case "step.opened", "flow.approved":
		if request.Origin != db.FromBirthright || r.unseen[request.ID] {
			return nil
		}
	default:
		return nil
	}
	p, err := personLabelled(ctx, r, event.Subject)
	if err == nil {
		r.redraw(purposeMoved, "", p.ID)
	}
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

func (o *Outbox) drawMoved(ctx context.Context, message db.Message) (views.Message, error) {
	event, err := db.AuditEventBySeq(ctx, o.store, message.Position)
	if err != nil {
		return views.Message{}, err
	}
	facts, err := event.Facts()
	if err != nil {
		return views.Message{}, err
	}
	of, err := db.PersonByID(ctx, o.store, message.Ref)
	if err != nil {
		return views.Message{}, err
	}
	moved := views.Moved{Of: &of, Self: of.ID == message.PersonID}
	if moved.Gains, err = o.gains(ctx, of, event, names(facts.After)); err != nil {
		return views.Message{}, err
	}
	if moved.Joins, err = o.joins(ctx, of, event, facts); err != nil {
		return views.Message{}, err
	}
	for _, id := range facts.Grants {
		grant, err := db.GrantByID(ctx, o.store, id)
		if err != nil {
			return views.Message{}, err
		}
		asked, err := db.AsksToExtend(ctx, o.store, grant)
		if err != nil {
			return views.Message{}, err
		}
		moved.Losses = append(moved.Losses, views.Loss{Grant: grant, Asked: asked})
	}
	return views.MovedNote(moved), nil
}

// joinedSince is how long somebody is new.
const joinedSince = 48 * time.Hour

// joins says whether what somebody is told of is a welcome: the first such news, by which he loses nothing, of somebody new of
// whom nobody knew before a directory told. Who was in Slack when a directory was connected has been here before.
func (o *Outbox) joins(ctx context.Context, of db.Person, event db.AuditEvent, facts db.Details) (bool, error) {
	if len(facts.Grants) > 0 || at(event).Sub(of.CreatedAt) >= joinedSince {
		return false, nil
	}
	before, err := db.ToldBefore(ctx, o.store, purposeMoved, of.ID, event.Seq)
	if err != nil || before {
		return false, err
	}
	return db.BroughtByDirectory(ctx, o.store, of)
}

// gainsMost is how much of what rules asked for a person is looked through for what one message tells.
const gainsMost = 200

// gains finds what became of what a person gets, by its names.
func (o *Outbox) gains(ctx context.Context, of db.Person, event db.AuditEvent, names []string) ([]views.Gain, error) {
	asked, err := db.AskedByRules(ctx, o.store, of.ID, db.UTC(at(event).Add(time.Second)), gainsMost)
	if err != nil {
		return nil, err
	}
	var requests []string
	for _, item := range asked {
		if slices.Contains(names, item.Entitlement.Name) && !slices.Contains(requests, item.RequestID) {
			requests = append(requests, item.RequestID)
		}
	}
	sheets, err := db.ReadSheets(ctx, o.store, requests)
	if err != nil {
		return nil, err
	}
	items := map[string]*db.SheetItem{}
	for _, sheet := range sheets {
		for n := range sheet.Items {
			items[sheet.Items[n].ID] = &sheet.Items[n]
		}
	}
	gains := make([]views.Gain, 0, len(names))
	for _, name := range names {
		gain := views.Gain{Name: name}
		newest := slices.IndexFunc(asked, func(item db.RequestItem) bool { return item.Entitlement.Name == name })
		if newest >= 0 {
			gain.Asked = items[asked[newest].ID]
		}
		gains = append(gains, gain)
	}
	return gains, nil
}

// at is when an event happened.
func at(event db.AuditEvent) time.Time {
	when, _ := time.Parse(time.RFC3339Nano, event.At) // the log writes no other
	return when
}

// names reads a list of texts out of an event's details.
func names(value any) []string {
	list, _ := value.([]any)
	texts := make([]string, 0, len(list))
	for _, one := range list {
		texts = append(texts, fmt.Sprint(one))
	}
	return texts
}
