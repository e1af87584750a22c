package views_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func mention(email string) string {
	switch email {
	case "ana@example.com":
		return "<@U0ANA>"
	case "ben@example.com":
		return "<@U0BEN>"
	}
	return email
}

var names = views.Names{People: mention, Entitlements: func(slug string) string {
	return map[string]string{"drive-editors": "Drive editors"}[slug]
}}

func event(actor, action string, details db.Details) db.AuditEvent {
	text, err := details.Text()
	if err != nil {
		panic(err)
	}
	kind := "person"
	if actor == "usher" {
		kind = "system"
	}
	return db.AuditEvent{
		At: "2026-11-21T10:00:00.000000Z", Actor: actor, ActorKind: kind, Action: action, Request: "req_1",
		Subject: "ana@example.com", Entitlement: "drive-editors", Provider: "drive", Details: text,
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	script := event("ben@example.com", "script.done_by_hand", db.Details{Reason: "Ticket 12"})
	script.Script = "join"
	stuck := event("usher", "action_flow.failed", db.Details{Error: "The group is not there", RetryAt: "2026-11-21T10:05:00Z"})
	stuck.Script = "join"
	date := "<!date^1795255200^{date_short_pretty} at {time}|2026-11-21 10:00 UTC>"
	for want, event := range map[string]db.AuditEvent{
		"<@U0ANA> asked for *Drive editors* for 8 hours. Reason: Report.":                        event("ana@example.com", "request.created", db.Details{Reason: "Report", Duration: "8h"}),
		"<@U0BEN> asked for *a* and *b* on behalf of <@U0ANA> for 1 hour.":                       event("ben@example.com", "request.created", db.Details{Items: []string{"a", "b"}, Duration: "1h"}),
		"<@U0BEN> approved *Drive editors* for step *Manager*.":                                  event("ben@example.com", "decision.approved", db.Details{StepName: "Manager"}),
		"<@U0BEN> denied *Drive editors* for step *Manager*. Reason: No.":                        event("ben@example.com", "decision.denied", db.Details{StepName: "Manager", Reason: "No"}),
		"eve@example.com changed the duration of *Drive editors* from 8 hours to 1 hour.":        event("eve@example.com", "duration.changed", db.Details{WasDuration: "8h", Duration: "1h"}),
		"Waiting for a decision of step *Owners*: <@U0ANA> and <@U0BEN> (2 approvals needed).":   event("usher", "step.opened", db.Details{StepName: "Owners", Need: 2, Approvers: []string{"ana@example.com", "ben@example.com"}}),
		"Nobody decided in time for step *Owners*, so these may decide too: <@U0BEN>.":           event("usher", "step.escalated", db.Details{StepName: "Owners", Approvers: []string{"ben@example.com"}}),
		"The approvers were reminded of step *Owners*.":                                          event("usher", "step.reminded", db.Details{StepName: "Owners"}),
		"The request for *Drive editors* is approved for 8 hours, by the rule `a &amp;&amp; b`.": event("usher", "flow.approved", db.Details{Duration: "8h", Rule: "a && b"}),
		"The request for *Drive editors* is denied. No access is given.":                         event("ben@example.com", "flow.denied", db.Details{}),
		"<@U0ANA> withdrew the request for *Drive editors*.":                                     event("ana@example.com", "request.cancelled", db.Details{}),
		"The request for *Drive editors* lapsed: nobody decided in time.":                        event("usher", "request.lapsed", db.Details{}),
		"The grant of *Drive editors* to <@U0ANA> was made.":                                     event("usher", "grant.created", db.Details{}),
		"Access to *Drive editors* is scheduled: it starts " + date + ".":                        event("usher", "grant.scheduled", db.Details{Start: "2026-11-21T10:00:00Z"}),
		"<@U0ANA> now has *Drive editors* until " + date + ".":                                   event("usher", "grant.activated", db.Details{Until: "2026-11-21T10:00:00Z"}),
		"<@U0ANA> has *Drive editors* for another 1 hour, until " + date + ".":                   event("usher", "grant.extended", db.Details{Until: "2026-11-21T10:00:00Z", Duration: "1h"}),
		"The time of *Drive editors* for <@U0ANA> is over; it is being taken back.":              event("usher", "grant.expired", db.Details{}),
		"<@U0ANA> gave *Drive editors* back.":                                                    event("ana@example.com", "grant.returned", db.Details{}),
		"<@U0BEN> revoked *Drive editors* of <@U0ANA>. Reason: Left the team.":                   event("ben@example.com", "grant.revoked", db.Details{Reason: "Left the team."}),
		"Access has ended " + date + ": <@U0ANA> no longer has *Drive editors*.":                 event("usher", "grant.ended", db.Details{}),
		"*join* failed for *Drive editors*. The group is not there. The owner was asked what to do. It is tried again " + strings.ReplaceAll(strings.ReplaceAll(date, "1795255200", "1795255500"), "10:00", "10:05") + ".": stuck,
		"<@U0BEN> did *join* by hand. “Ticket 12”":                       script,
		"<@U0BEN> had the failed step of *Drive editors* tried again.":   event("ben@example.com", "action_flow.retried", db.Details{}),
		"Usher: grant adopted (*Drive editors*). Found at the provider.": event("usher", "grant.adopted", db.Details{Summary: "Found at the provider"}),
		"": event("usher", "script.succeeded", db.Details{}),
	} {
		require.Equal(t, want, views.Line(event, names))
	}
	require.Empty(t, views.Line(event("ben@example.com", "click.refused", db.Details{}), names))
	require.Contains(t, views.Line(event("usher", "grant.created", db.Details{}), views.Names{}), "*drive-editors* to ana@example.com")
	require.Contains(t, views.Line(db.AuditEvent{Action: "grant.ended", Details: "{"}, views.Names{}), "Access has ended")
}

func TestLines(t *testing.T) {
	t.Parallel()
	require.Empty(t, views.Lines([]db.AuditEvent{event("usher", "script.started", db.Details{})}, names))
	two := views.Lines([]db.AuditEvent{
		event("ben@example.com", "decision.approved", db.Details{StepName: "Manager"}), event("usher", "flow.approved", db.Details{Duration: "8h"}),
	}, names)
	takes(t, two)
	golden(t, "lines", two)
	var many []db.AuditEvent
	for n := range 300 {
		many = append(many, event("ben@example.com", "decision.approved", db.Details{StepName: fmt.Sprint(n), Reason: long(400)}))
	}
	takes(t, views.Lines(many, names))
}
