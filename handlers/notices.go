package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// outdated draws the notices of a grant anew whose end changed: their times and buttons hold no more. Where it ends
// early, so do action flows that were giving it.
func (r *recorder) outdated(ctx context.Context, event db.AuditEvent) error {
	switch event.Action {
	case "grant.extended", "grant.ended":
	case "grant.expired", "grant.returned", "grant.revoked", "grant.cancelled":
		for _, purpose := range []string{purposeTrouble, purposeProgress} {
			r.redraw(purpose, event.Request, "")
		}
	default:
		return nil
	}
	grant, err := db.GrantByID(ctx, r, event.Grant)
	if err != nil {
		return err
	}
	r.redraw(purposeNotice, grant.RequestID, "")
	return nil
}

// notices tells the requester and the person who benefits what became of it, each once. Who withdrew a request knows.
func (r *recorder) notices(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	if err := r.outdated(ctx, event); err != nil {
		return err
	}
	if event.Action == "question.answered" {
		return r.answered(ctx, event, facts)
	}
	if asksNobody(request) {
		return nil
	}
	switch event.Action {
	case "flow.denied", "grant.revoked", "grant.scheduled", "grant.activated", "grant.extended", "grant.ended",
		"request.lapsed", "request.cancelled", "action_flow.failed", "change.applied", "change.refused", "change.stale":
	default:
		return nil
	}
	var concerned []string
	if reachable(*request.Requester) {
		concerned = append(concerned, request.RequesterID)
	}
	if subject, err := personLabelled(ctx, r, event.Subject); err == nil && reachable(subject) && subject.ID != request.RequesterID {
		concerned = append(concerned, subject.ID)
	} else if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if event.Action == "request.cancelled" {
		actor, err := personLabelled(ctx, r, event.Actor) // a directory is nobody
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		concerned = slices.DeleteFunc(concerned, func(id string) bool { return id == actor.ID })
	}
	for _, id := range concerned {
		r.notify(event, id)
	}
	return nil
}

// reachable says whether somebody can be told something in Slack: no robot, and nobody who has left.
func reachable(p db.Person) bool { return p.SlackID != "" && p.Active && p.Kind != db.Robot }

// notify wants the notice of an event for a person.
func (r *recorder) notify(event db.AuditEvent, personID string) {
	r.want(db.Message{
		Key: "notice:" + seq(event) + ":" + personID, Lane: personLane(personID), Position: event.Seq, Purpose: purposeNotice, Ref: seq(event),
		RequestID: event.Request, PersonID: personID,
	})
}

// answered tells whoever asked a question about a request that it was answered.
func (r *recorder) answered(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	question, err := db.QuestionByID(ctx, r, facts.Question)
	if err == nil {
		r.notify(event, question.AskedBy)
	}
	return err
}

// slackUser is the id of an account in Slack.
var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]+$`)

// notification is what a slack_notification script says.
func (r *recorder) notification(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	if facts.NotifyTo == "" {
		return nil
	}
	message := db.Message{
		Key: "notification:" + seq(event), Lane: requestLane(request.ID), Position: event.Seq, Purpose: purposeNotification,
		Ref: seq(event), RequestID: request.ID, Channel: facts.NotifyTo,
	}
	if strings.Contains(facts.NotifyTo, "@") || slackUser.MatchString(facts.NotifyTo) {
		p, err := personLabelled(ctx, r, facts.NotifyTo)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		message.Channel, message.PersonID, message.Lane = "", p.ID, personLane(p.ID)
	}
	r.want(message)
	return nil
}
