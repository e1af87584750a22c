package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Notice tells the requester or the holder, whose person id the reader is, what became of a request or a grant. Events
// that call for no notice give an empty message, which is not to be sent.
func Notice(sheet db.Sheet, event db.AuditEvent, reader string, names Names, now time.Time) Message {
	item := itemOf(sheet, event)
	if item == nil {
		return Message{}
	}
	text := notice(sheet, *item, event, reader, names, now)
	if text == "" {
		return Message{}
	}
	blocks := []slack.Block{section(text)}
	grant := item.Grant
	held := event.Action == "grant.activated" || event.Action == "grant.extended"
	if held && grant != nil && grant.Status == db.Active && reader == grant.SubjectID {
		blocks = append(blocks, holding(*grant))
	}
	return message(text, append(blocks, footnote(about(sheet)))...)
}

func notice(sheet db.Sheet, item db.SheetItem, event db.AuditEvent, reader string, names Names, now time.Time) string {
	if sheet.Change != nil {
		return changeNotice(item, *sheet.Change, event, names)
	}
	asked := "Your request for " + at(item.Entitlement)
	switch other := forOther(sheet, item); {
	case other != "" && reader == item.SubjectID:
		asked = "The request of " + person(sheet.Request.Requester) + " for you for " + at(item.Entitlement)
	case other != "":
		asked = "The request for " + at(item.Entitlement) + " for " + other
	}
	switch event.Action {
	case "flow.denied":
		return asked + ": " + denied(item) + " You can ask again with /access request."
	case "flow.approved", "grant.scheduled":
		return later(asked, item, now)
	case "request.lapsed":
		return asked + " has lapsed: nobody decided in time. You can ask again with /access request."
	case "action_flow.failed":
		return stuck(sheet, item, event, names)
	case "question.answered":
		return answeredNotice(item, event, names)
	case "request.cancelled":
		return asked + " was withdrawn by " + names.person(event.Actor) + "."
	}
	return grantNotice(item, event, reader, names)
}

// answeredNotice tells whoever asked a question about a request what the answer is.
func answeredNotice(item db.SheetItem, event db.AuditEvent, names Names) string {
	facts, _ := event.Facts() // without details the answer is left out
	return names.person(event.Actor) + " answered your question about " + what(item) + ": “" + escape(facts.Reason, 600) + "”"
}

func grantNotice(item db.SheetItem, event db.AuditEvent, reader string, names Names) string {
	if item.Grant == nil {
		return ""
	}
	access, of := at(item.Entitlement), ""
	if reader != item.SubjectID {
		of = " of " + person(item.Subject)
	}
	switch event.Action {
	case "grant.activated", "grant.extended":
		return holds(item, event, reader)
	case "grant.revoked":
		facts, _ := event.Facts() // without details the reason is left out
		return "Access" + of + " to " + access + " was revoked by " + names.person(event.Actor) + " and is being taken back. Reason: " +
			sentence(reason(facts.Reason, 500))
	case "grant.ended":
		return access + of + ": " + grantState(*item.Grant, item.Runs)
	}
	return ""
}

// holds tells that somebody has access. The message is drawn anew when that has ended.
func holds(item db.SheetItem, event db.AuditEvent, reader string) string {
	holder, has, had := "You", " have ", " had "
	if reader != item.SubjectID {
		holder, has = person(item.Subject), " has "
	}
	access := at(item.Entitlement)
	switch {
	case item.Grant.Status == db.Ended:
		return holder + had + access + " until " + on(item.Grant.EndedAt) + "."
	case event.Action == "grant.extended":
		return holder + has + access + " for longer," + lasting(*item.Grant) + "."
	}
	return holder + has + access + lasting(*item.Grant) + "."
}

// stuck tells of an action flow that stopped, in either direction, and who looks after it.
func stuck(sheet db.Sheet, item db.SheetItem, event db.AuditEvent, names Names) string {
	does := effort(item, db.SheetRun{ActionFlow: db.ActionFlow{Kind: db.Provision}})
	if _, run := sheet.RunByID(event.Flow); run != nil {
		does = effort(item, *run)
	}
	problem := "a step failed"
	if facts, err := event.Facts(); err == nil && isQuestion(db.FlowScript{Type: facts.ScriptType}) {
		problem = "a question was not answered with yes"
	}
	return does + " met a problem: " + problem + ". It is being looked after by " +
		keeper(item, event, names) + "; you need not do anything."
}

// later tells of an approval whose access starts in the future; otherwise the activation is news enough.
func later(asked string, item db.SheetItem, now time.Time) string {
	if !item.StartsAt.After(now) {
		return ""
	}
	return asked + " is approved" + approvedBy(item) + ". Access starts " + on(item.StartsAt) + "."
}

// keeper names who was asked about a step that failed, else the owner.
func keeper(item db.SheetItem, event db.AuditEvent, names Names) string {
	row := item.Entitlement
	if facts, err := event.Facts(); err == nil && len(facts.Approvers) > 0 {
		return enumerate(names.people(facts.Approvers), 3, "and")
	}
	switch {
	case row != nil && row.OwnerEmail != "":
		return names.person(row.OwnerEmail)
	case row != nil && row.Provider != nil && row.Provider.OwnerEmail != "":
		return names.person(row.Provider.OwnerEmail)
	}
	return "the administrators"
}

// itemOf finds the item that an event is about, by its id, its grant or its approval flow. An event that names none
// of them is about the first item.
func itemOf(sheet db.Sheet, event db.AuditEvent) *db.SheetItem {
	facts, _ := event.Facts() // unreadable details name no item
	for n, item := range sheet.Items {
		if facts.Item != "" && item.ID == facts.Item {
			return &sheet.Items[n]
		}
		if event.Grant != "" && item.Grant != nil && item.Grant.ID == event.Grant {
			return &sheet.Items[n]
		}
		if event.Flow != "" && item.Flow.ID == event.Flow {
			return &sheet.Items[n]
		}
	}
	if len(sheet.Items) == 0 {
		return nil
	}
	return &sheet.Items[0]
}
