package views_test

import (
	"time"

	"github.com/usherhq/usher/db"
)

var now = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

func hours(n int) db.Duration { return db.Duration(time.Duration(n) * time.Hour) }

var (
	ana  = &db.Person{ID: "per_ana", Email: "ana@example.com", Name: "Ana", SlackID: "U0ANA"}
	ben  = &db.Person{ID: "per_ben", Email: "ben@example.com", Name: "Ben", SlackID: "U0BEN"}
	cleo = &db.Person{ID: "per_cleo", Email: "cleo@example.com", Name: "Cleo", SlackID: "U0CLEO"}
	dana = &db.Person{ID: "per_dana", Email: "dana@example.com", Name: "Dana", SlackID: "U0DANA"}
)

func drive() *db.Entitlement {
	return &db.Entitlement{
		ID: "ent_drive", Slug: "drive-editors", Kind: "group", Target: "Editors", Name: "Drive editors",
		Description: "Edit shared drives", OwnerEmail: "dana@example.com", Risk: "medium", Active: true,
		Durations: db.Durations{Default: hours(8), Max: hours(720), Choices: []db.Duration{hours(1), hours(8), hours(168)}},
		Provider:  &db.Provider{ID: "prv_drive", Slug: "drive", Name: "Acme Drive", OwnerEmail: "dana@example.com"},
	}
}

// pending is a request of Ana that waits for its first of two steps.
func pending() db.Sheet {
	return db.Sheet{
		Request: db.Request{
			ID: "req_1", RequesterID: ana.ID, Requester: ana, Reason: "Quarterly report: *urgent* <!channel>",
			Status: db.Pending, CreatedAt: now.Add(-time.Hour), LapsesAt: now.Add(71 * time.Hour),
		},
		Items: []db.SheetItem{item("1")},
	}
}

func item(n string) db.SheetItem {
	return db.SheetItem{
		RequestItem: db.RequestItem{
			ID: "item_" + n, RequestID: "req_1", EntitlementID: "ent_drive", Entitlement: drive(), SubjectID: ana.ID, Subject: ana,
			Duration: hours(8), Status: db.Pending, Plan: []string{
				"find: look for ana@example.com", "account: create the account if it is not there", "join: add ana@example.com to Editors",
			},
		},
		Flow: db.ApprovalFlow{ID: "flow_" + n, ItemID: "item_" + n, Chain: "manager-then-owner", ChainVersion: 1, Rule: "default", Status: db.Deciding},
		Steps: []db.SheetStep{
			{
				ApprovalStep: db.ApprovalStep{
					ID: "step_" + n + "a", FlowID: "flow_" + n, Need: 1, Status: db.Deciding, OpenedAt: now.Add(-time.Hour), DueAt: now.Add(23 * time.Hour),
					Spec: db.Step{Name: "Manager", Approvers: []string{"manager"}, Need: 1},
				},
				Approvers: []db.Approver{{Person: ben, PersonID: ben.ID, Source: "manager"}},
			},
			{ApprovalStep: db.ApprovalStep{
				ID: "step_" + n + "b", FlowID: "flow_" + n, Position: 1, Need: 2, Status: db.Waiting,
				Spec: db.Step{Name: "Owners", Approvers: []string{"owner", "@drive-admins", "group:security", "someone@example.com"}, Need: 2},
			}},
		},
	}
}

// secondStep is the request after its first step, with one of two approvals given on the second.
func secondStep() db.Sheet {
	sheet := pending()
	steps := sheet.Items[0].Steps
	steps[0].Status, steps[0].ClosedAt = db.Approved, now
	steps[0].Decisions = []db.Decision{{ID: "dec_1", PersonID: ben.ID, Person: ben, Verdict: db.Approved, DecidedAt: now.Add(-30 * time.Minute)}}
	steps[1].Status, steps[1].OpenedAt = db.Deciding, now.Add(-30*time.Minute)
	steps[1].Approvers = []db.Approver{{Person: dana, PersonID: dana.ID}, {Person: cleo, PersonID: cleo.ID}, {Person: ben, PersonID: ben.ID}}
	steps[1].Decisions = []db.Decision{{ID: "dec_2", PersonID: dana.ID, Person: dana, Verdict: db.Approved, DecidedAt: now.Add(-10 * time.Minute)}}
	return sheet
}

// approved is the request with both steps approved and no grant yet.
func approved() db.Sheet {
	sheet := secondStep()
	one := &sheet.Items[0]
	one.Steps[1].Status = db.Approved
	one.Steps[1].Decisions = append(one.Steps[1].Decisions,
		db.Decision{ID: "dec_3", PersonID: cleo.ID, Person: cleo, Verdict: db.Approved, DecidedAt: now.Add(-5 * time.Minute)})
	one.Status, one.Flow.Status, one.Flow.DecidedAt = db.Approved, db.Approved, now.Add(-5*time.Minute)
	sheet.Request.Status, sheet.Request.DecidedAt = db.Approved, now.Add(-5*time.Minute)
	return sheet
}

// granted is the approved request with its grant in a status.
func granted(status string) db.Sheet {
	sheet := approved()
	grant := &db.Grant{
		ID: "grant_1", ItemID: "item_1", RequestID: "req_1", SubjectID: ana.ID, Subject: ana, EntitlementID: "ent_drive",
		Entitlement: drive(), Status: status, Duration: hours(8), StartsAt: now.Add(2 * time.Hour),
	}
	switch status {
	case db.Active:
		grant.ActiveAt, grant.ExpiresAt = now, now.Add(8*time.Hour)
	case db.Ending:
		grant.ActiveAt, grant.ExpiresAt, grant.EndCause = now.Add(-8*time.Hour), now, db.CauseExpired
	case db.Ended:
		grant.ActiveAt, grant.ExpiresAt, grant.EndCause, grant.EndedAt = now.Add(-8*time.Hour), now, db.CauseExpired, now.Add(time.Minute)
	}
	sheet.Items[0].Grant = grant
	return sheet
}

// running is the request with an action flow in which the first script is done and the others are as given.
func running(kind, flow string, scripts ...db.FlowScript) db.Sheet {
	status := db.Provisioning
	if kind == db.Deprovision {
		status = db.Ending
	}
	sheet := granted(status)
	run := db.SheetRun{ActionFlow: db.ActionFlow{
		ID: "run_1", GrantID: "grant_1", RequestID: "req_1", Kind: kind, Status: flow, StartedAt: now, CreatedAt: now,
	}}
	first := db.FlowScript{
		ID: "scr_0", Name: "find", Type: "drive_api_get_user", Status: db.Succeeded, Outcome: "applied",
		Summary: "Found ana@example.com", StartedAt: now, EndedAt: now.Add(400 * time.Millisecond), Attempts: 1,
	}
	run.Scripts = append([]db.FlowScript{first}, scripts...)
	for n := range run.Scripts {
		run.Scripts[n].Position = n
	}
	if flow == db.Succeeded {
		run.EndedAt = now.Add(3 * time.Second)
	}
	sheet.Items[0].Runs = []db.SheetRun{run}
	return sheet
}

func script(id, name, status, outcome, summary string) db.FlowScript {
	return db.FlowScript{ID: id, Name: name, Type: "drive_api_x", Status: status, Outcome: outcome, Summary: summary}
}

func ended(by db.FlowScript, length time.Duration) db.FlowScript {
	by.StartedAt, by.EndedAt = now, now.Add(length)
	return by
}
