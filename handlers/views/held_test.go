package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

var okta = &db.Person{ID: "per_okta", Email: "okta@directory.invalid", Name: "Okta", Kind: db.Robot}

// work is an item that carries something out.
func work(n int, does string, about *db.Person) db.SheetItem {
	one := item(fmt.Sprint(n))
	row := *one.Entitlement
	row.ID, row.Slug, row.Name, row.Provider = db.DirectoryItemID, db.DirectoryItemSlug, does, &db.Provider{ID: db.HiddenProviderID, Name: "Usher"}
	one.Entitlement, one.EntitlementID, one.Title = &row, db.DirectoryItemID, does
	one.Subject, one.SubjectID, one.Duration = about, about.ID, db.Duration(time.Second)
	one.Plan = []string{"create the account of " + about.Email + " at Acme Drive"}
	one.Steps = one.Steps[:1]
	return one
}

// holding is a request of Okta about changes of some people, all of which wait.
func holding(changes int) db.Sheet {
	sheet := db.Sheet{Request: db.Request{
		ID: "req_1", RequesterID: okta.ID, Requester: okta, Reason: "Okta wants to change cleo@example.com.", Status: db.Pending,
		Origin: db.FromHeld, Directory: "okta", CreatedAt: now.Add(-time.Hour), LapsesAt: now.Add(71 * time.Hour),
	}}
	for n := range changes {
		about := *cleo
		about.Title, about.Department = "Illustrator", "Design"
		if changes > 1 {
			about.ID, about.SlackID, about.Name = fmt.Sprintf("per_%d", n+1), "", fmt.Sprintf("Person %d", n+1)
			about.Email = fmt.Sprintf("p%d@example.com", n+1)
		}
		one := work(n+1, "Change "+about.Email, &about)
		one.Held = &db.HeldChange{
			ID: "hld_1", Kind: db.UserUpdated, UserID: "usr_1", Label: about.Email, Status: db.HeldWaiting,
			Before: map[string]any{"title": "Illustrator", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Design"},
			After:  map[string]any{"title": "Art *director* <!channel>", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Sales", "nickName": "C"},
		}
		sheet.Items = append(sheet.Items, one)
	}
	if changes > 1 {
		sheet.Request.Reason, sheet.Of = fmt.Sprintf("Okta wants to change %d people.", changes), 340
	}
	return sheet
}

// decided says what became of the first change of a request.
func decided(sheet db.Sheet, status, verdict string) db.Sheet {
	one := &sheet.Items[0]
	one.Held.Status, one.Held.SettledAt = status, now
	sheet.Request.Status, one.Status, one.Flow.Status, one.Steps[0].Status = db.Approved, db.Approved, db.Approved, db.Approved
	switch verdict {
	case db.Approved, db.Denied:
		one.Steps[0].Decisions = []db.Decision{{ID: "dec_1", PersonID: ben.ID, Person: ben, Verdict: verdict, DecidedAt: now}}
	default:
		sheet.Request.Status, one.Status, one.Flow.Status, one.Steps[0].Status = verdict, verdict, verdict, verdict
	}
	if verdict == db.Denied {
		one.Steps[0].Decisions[0].Reason = "Not _yet_ <@U0EVE>"
		one.Steps[0].Status, one.Flow.Status = db.Denied, db.Denied
	}
	return sheet
}

// ran adds the flow that carries the first change out.
func ran(sheet db.Sheet, status string, scripts ...db.FlowScript) db.Sheet {
	run := db.SheetRun{ActionFlow: db.ActionFlow{ID: "run_1", Kind: db.Provision, Status: status, StartedAt: now, EndedAt: now}, Scripts: scripts}
	sheet.Items[0].Runs = []db.SheetRun{run}
	return sheet
}

func TestHeldCardInEveryState(t *testing.T) {
	t.Parallel()
	writes := ended(script("scr_1", "drive-sync-user", db.Succeeded, "applied", "Wrote the account as the directory has it"), time.Second)
	breaks := script("scr_1", "drive-sync-user", db.Failed, "refused", "The title is too long")
	unasked := ran(decided(holding(1), db.HeldWritten, db.Approved), db.Succeeded, writes)
	unasked.Items[0].Steps = nil
	for name, state := range map[string]cardState{
		"waiting":    {holding(1), decisionButtons[:2], "Waiting for Manager*: 0 of 1 approval"},
		"approved":   {ran(decided(holding(1), db.Approved, db.Approved), db.Running, script("scr_1", "drive-sync-user", db.Running, "", "")), []string{}, "It is being written"},
		"written":    {ran(decided(holding(1), db.HeldWritten, db.Approved), db.Succeeded, writes), []string{}, "*Done*"},
		"stuck":      {ran(decided(holding(1), db.Approved, db.Approved), db.Failed, breaks), []string{}, "*Writing it has stopped*"},
		"failed":     {decided(holding(1), db.Failed, db.Approved), []string{}, "*It could not be done*"},
		"denied":     {decided(holding(1), db.Denied, db.Denied), []string{}, "*Denied* by <@U0BEN>"},
		"expired":    {decided(holding(1), db.HeldExpired, db.Lapsed), []string{}, "nobody decided in time"},
		"superseded": {decided(holding(1), db.HeldSuperseded, db.Cancelled), []string{}, "*Replaced* by a newer change"},
		"passed":     {unasked, []string{}, "*Carried out at once* by the directory's policy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := views.Card(state.sheet, now)
			takes(t, card)
			require.Equal(t, state.buttons, actionIDs(card.Blocks))
			require.Contains(t, card.Text, state.says)
			require.Contains(t, card.Text, "Okta wants to change cleo@example.com.")
			golden(t, "held_"+name, card)
		})
	}
}

func TestHeldBatchInEveryState(t *testing.T) {
	t.Parallel()
	open := []string{views.ActionHeldApproveAll, views.ActionHeldDenyAll, views.ActionHeldChoose, views.ActionHeldShow}
	some := decided(holding(12), db.HeldWritten, db.Approved)
	some.Request.Status = db.Pending
	all := holding(12)
	for n := range all.Items {
		status, verdict := db.Denied, db.Denied
		if n < 5 {
			status, verdict = db.HeldWritten, db.Approved
		}
		one := decided(db.Sheet{Items: all.Items[n : n+1]}, status, verdict)
		all.Items[n] = one.Items[0]
	}
	all.Request.Status = db.Approved
	for name, state := range map[string]cardState{
		"waiting": {holding(12), open, "Of 12 changes: 12 waiting."},
		"some":    {some, open, "Of 12 changes: 1 done and 11 waiting."},
		"decided": {all, open[3:], "Of 12 changes: 5 done and 7 denied."},
		"largest": {holding(50), open, "Of 50 changes: 50 waiting."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := views.Card(state.sheet, now)
			takes(t, card)
			require.Equal(t, state.buttons, actionIDs(card.Blocks))
			require.Contains(t, card.Text, state.says)
			require.Contains(t, written(t, card), fmt.Sprintf("*%d of 340 people* of Okta", len(state.sheet.Items)))
			golden(t, "held_batch_"+name, card)
			asked := views.HeldBatch(state.sheet)
			takes(t, asked)
			takes(t, views.HeldBatchAgain(state.sheet))
			takesView(t, listed(t, state.sheet, 0))
			takesView(t, views.HeldChooseModal(state.sheet, views.Consent{Comment: true, Code: true}))
		})
	}
	require.Contains(t, written(t, views.Card(all, now)), "• 7 denied by <@U0BEN>: “Not ＿yet＿ &lt;@U0EVE&gt;”")
	golden(t, "held_batch_asked", views.HeldBatch(holding(12)))
	golden(t, "held_batch_choose", views.HeldChooseModal(holding(12), views.Consent{}))
	golden(t, "held_batch_list", listed(t, all, 0))
	golden(t, "held_batch_deny", views.HeldDenyModal(holding(12)))
	golden(t, "held_batch_approve", views.HeldApproveModal(holding(12), views.Consent{Code: true, Comment: true}))
}

// listed is a page of all that a request would change.
func listed(t *testing.T, sheet db.Sheet, page int) slack.ModalViewRequest {
	t.Helper()
	modal, err := views.HeldListModal(sheet, page)
	require.NoError(t, err)
	return modal
}

// Whoever decides can see all that changes, before and after, however much it is: nothing is cut, and nothing left out.
func TestAllThatChangesCanBeSeen(t *testing.T) {
	t.Parallel()
	sheet := holding(1)
	require.Equal(t, decisionButtons[:2], actionIDs(views.Card(sheet, now).Blocks), "the card shows all")
	long := strings.Repeat("<&>", 2000)
	held := sheet.Items[0].Held
	held.After["title"] = long
	open := append([]string{views.ActionHeldShow}, decisionButtons[:2]...)
	require.Equal(t, open, actionIDs(views.Card(sheet, now).Blocks), "a value is cut")
	require.Contains(t, actionIDs(views.Ask(sheet, "step_1a", ben.ID, now).Blocks), views.ActionHeldShow)
	for n := range 40 {
		held.Before[fmt.Sprintf("attribute%d", n)], held.After[fmt.Sprintf("attribute%d", n)] = fmt.Sprintf("was%d.", n), fmt.Sprintf("is%d.", n)
	}
	held.After["schemas"] = []any{"urn:x"}
	require.Equal(t, open, actionIDs(views.Card(sheet, now).Blocks))
	golden(t, "held_many", views.Card(sheet, now))
	var all strings.Builder
	pages := 0
	for page := range 20 {
		modal := listed(t, sheet, page)
		takesView(t, modal)
		require.Equal(t, "req_1", views.ReadListAt(modal.PrivateMetadata).Of)
		if views.ReadListAt(modal.PrivateMetadata).Page < page {
			break // there are no more
		}
		pages++
		for _, block := range modal.Blocks.BlockSet {
			if shown, is := block.(*slack.SectionBlock); is {
				all.WriteString(shown.Text.Text)
			}
		}
	}
	require.Greater(t, pages, 1)
	require.Equal(t, 2000, strings.Count(all.String(), "&lt;&amp;&gt;")+strings.Count(all.String(), "&lt;`")+strings.Count(all.String(), "&amp;`"))
	for n := range 40 {
		require.Contains(t, all.String(), fmt.Sprintf("`was%d.` → `is%d.`", n, n))
	}
	require.Contains(t, all.String(), "urn:x")
	require.Contains(t, all.String(), "create the account of cleo@example.com")
	golden(t, "held_many_list", listed(t, sheet, 0))
}

// What a directory wrote is a stranger's text.
func TestHeldIsHarmless(t *testing.T) {
	t.Parallel()
	sheet := holding(2)
	evil := strings.Repeat("<!channel> *x* `y` ~z~ <https://evil.example|Approve> @here \u202E", 40)
	for n := range sheet.Items {
		one := &sheet.Items[n]
		one.Title, one.Entitlement.Name, one.Plan = evil, evil, []string{evil, evil}
		one.Subject.Name, one.Subject.Title, one.Subject.Department, one.Subject.Email = evil, evil, evil, evil
		one.Held.Before, one.Held.After = map[string]any{evil: evil, "urn:" + evil: []any{evil, 1, nil}}, map[string]any{evil: map[string]any{"value": evil}}
		for m := range 30 {
			one.Held.After[fmt.Sprint(m, evil)] = evil
		}
	}
	sheet.Request.Reason, sheet.Request.Requester = evil, &db.Person{Name: evil}
	harmlessMessage(t, views.Card(sheet, now))
	harmlessMessage(t, views.HeldBatch(sheet))
	harmlessBlocks(t, views.HeldChooseModal(sheet, views.Consent{}))
	takesView(t, views.HeldChooseModal(sheet, views.Consent{}))
	takesView(t, listed(t, sheet, 0))
	harmlessBlocks(t, listed(t, sheet, 1))
	sheet.Items = sheet.Items[:1]
	harmlessMessage(t, views.Card(sheet, now))
	harmlessMessage(t, views.Ask(sheet, "step_1a", ben.ID, now))
	for n := range 30 {
		sheet.Items[0].Held.After[fmt.Sprint(n)] = "x"
	}
	sheet.Items[0].Held.Before = nil
	require.Contains(t, written(t, views.Card(sheet, now)), "… and 51 more")
}

// What one person decides on many is told once.
func TestWorkInAThread(t *testing.T) {
	t.Parallel()
	told := views.Names{People: mention, Work: func(e db.AuditEvent) string { return map[int64]string{1: "Suspend a", 2: "Suspend b"}[e.Seq] }}
	of := func(seq int64, actor, action string, details db.Details) db.AuditEvent {
		made := event(actor, action, details)
		made.Seq, made.Entitlement = seq, db.DirectoryItemSlug
		return made
	}
	lines := views.Lines([]db.AuditEvent{
		of(1, "ben@example.com", "decision.denied", db.Details{Reason: "No"}), of(1, "okta", "held.denied", db.Details{}),
		of(2, "ben@example.com", "decision.denied", db.Details{Reason: "No"}), of(2, "okta", "held.denied", db.Details{}),
	}, told)
	require.Equal(t, "<@U0BEN> denied *Suspend a* and *Suspend b*. Reason: No.", lines.Text)
	for want, one := range map[string]db.AuditEvent{
		"Okta wants to suspend a. Told by the directory `okta`.":                         of(1, "okta", "request.created", db.Details{Reason: "Okta wants to suspend a."}),
		"Nobody decided in time on *Suspend a*. Nothing is changed.":                     of(1, "usher", "request.lapsed", db.Details{}),
		"*Suspend a* is not asked about any more. Okta wrote something newer: delete a.": of(1, "okta", "held.superseded", db.Details{Summary: "Okta wrote something newer: delete a."}),
		"*Suspend a* could not be done. The group is gone.":                              of(1, "okta", "held.failed", db.Details{Error: "The group is gone"}),
		"Done: *Suspend a*.": of(1, "usher", "work.done", db.Details{}),
		"<@U0BEN> gave up *Suspend a*. Reason: Done elsewhere.": of(1, "ben@example.com", "work.given_up", db.Details{Reason: "Done elsewhere"}),
		"":                                       of(1, "usher", "flow.approved", db.Details{}),
		"The departure of <@U0ANA> is complete.": event("usher", "departure.done", db.Details{}),
		"<@U0ANA> has left, and held no access.": event("okta", "departure.started", db.Details{}),
		"<@U0BEN> said that the departure of <@U0ANA> was a mistake. What it ended is given back. Reason: Oops.": event("ben@example.com", "departure.undone", db.Details{Reason: "Oops"}),
	} {
		require.Equal(t, want, views.Line(one, told))
	}
	for _, action := range []string{"held.waiting", "held.written", "held.expired", "work.begun"} {
		require.Empty(t, views.Line(of(1, "okta", action, db.Details{}), told), action)
	}
}
