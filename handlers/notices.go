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
			if err := r.redraw(ctx, purpose, event.Request, ""); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	grant, err := db.GrantByID(ctx, r, event.Grant)
	if err != nil {
		return err
	}
	return r.redraw(ctx, purposeNotice, grant.RequestID, "")
}

// notices tells the requester and the person who benefits what became of it, each once. Who withdrew a request knows.
func (r *recorder) notices(ctx context.Context, event db.AuditEvent, _ db.Details, request db.Request) error {
	if err := r.outdated(ctx, event); err != nil {
		return err
	}
	switch event.Action {
	case "flow.denied", "grant.revoked", "grant.scheduled", "grant.activated", "grant.extended", "grant.ended",
		"request.lapsed", "request.cancelled", "action_flow.failed":
	default:
		return nil
	}
	concerned := []string{request.RequesterID}
	if subject, err := personLabelled(ctx, r, event.Subject); err == nil && subject.ID != request.RequesterID {
		concerned = append(concerned, subject.ID)
	} else if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if event.Action == "request.cancelled" {
		actor, err := personLabelled(ctx, r, event.Actor)
		if err != nil {
			return err
		}
		concerned = slices.DeleteFunc(concerned, func(id string) bool { return id == actor.ID })
	}
	for _, id := range concerned {
		err := r.want(ctx, db.Message{
			Key: "notice:" + seq(event) + ":" + id, Lane: personLane(id), Position: event.Seq, Purpose: purposeNotice, Ref: seq(event),
			RequestID: request.ID, PersonID: id,
		})
		if err != nil {
			return err
		}
	}
	return nil
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
	return r.want(ctx, message)
}
