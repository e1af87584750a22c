package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// leaving is the departure of Cleo, of which all is done.
func leaving() db.Sheet {
	one := work(1, "Shut Cleo out of Acme Drive", cleo)
	one.Scripts = []db.Script{{Name: "sessions"}, {Name: "suspend"}}
	one.Steps, one.Grant = nil, &db.Grant{ID: "grt_w", Status: db.Ended}
	sheet := ran(db.Sheet{Items: []db.SheetItem{one}}, db.Succeeded,
		ended(script("scr_1", "sessions", db.Succeeded, "applied", "Ended 2 sessions of cleo@example.com"), 400*time.Millisecond),
		ended(script("scr_2", "suspend", db.Succeeded, "applied", "Disabled the account of cleo@example.com"), 200*time.Millisecond))
	sheet.Request = db.Request{
		ID: "req_1", RequesterID: okta.ID, Requester: okta, Reason: "Okta suspended the account.", Status: db.Approved, Origin: db.FromDeparture, CreatedAt: now,
	}
	left := *cleo
	left.Title, left.Department = "Art director", "Design"
	grant := db.Grant{ID: "grt_1", Entitlement: drive(), Subject: cleo, Status: db.Ended, EndedAt: now.Add(3 * time.Second), EndCause: db.CauseRevoked}
	leave := ended(script("scr_3", "leave", db.Succeeded, "applied", "Removed cleo@example.com from group Editors"), time.Second)
	sheet.Departure = &db.SheetDeparture{
		Departure: db.Departure{
			ID: "dep_1", Status: db.DepartureDone, Cause: "Okta suspended the account.", StartedAt: now, SessionsAt: now.Add(2 * time.Second), DoneAt: now.Add(4 * time.Second),
		},
		Person: &left, Directory: &db.Directory{Slug: "okta", Name: "Okta"},
		Ends: []db.SheetGrant{
			{Grant: grant, Runs: []db.SheetRun{{ActionFlow: db.ActionFlow{Kind: db.Deprovision, Status: db.Succeeded, StartedAt: now}, Scripts: []db.FlowScript{leave}}}},
			{Grant: db.Grant{ID: "grt_2", Entitlement: drive(), Subject: cleo, Status: db.Ended, EndedAt: now, EndCause: db.CauseRevoked}},
		},
	}
	return sheet
}

func TestDepartureCardInEveryState(t *testing.T) {
	t.Parallel()
	undo := []string{views.ActionDepartureUndo}
	open := leaving()
	open.Departure.Status = db.DepartureOpen
	open.Departure.Ends[0].Status = db.Ending
	open.Departure.Ends[0].Runs[0].Scripts[0] = script("scr_3", "leave", db.Running, "", "")
	stuck := leaving()
	stuck.Departure.Status = db.DepartureOpen
	stuck.Departure.Ends[0].Status = db.Ending
	stuck.Departure.Ends[0].Runs[0].ActionFlow.Status = db.Failed
	stuck.Departure.Ends[0].Runs[0].Scripts[0] = script("scr_3", "leave", db.Failed, "refused", "Read only")
	undone := leaving()
	undone.Departure.Departure.Status, undone.Departure.UndoneBy, undone.Departure.UndoneAt = db.DepartureUndone, dana, now.Add(time.Hour)
	undone.Departure.Why = "The wrong <!channel> line"
	dated := leaving()
	dated.Departure.Directory, dated.Departure.Ends, dated.Items[0].Scripts = nil, nil, nil
	for name, state := range map[string]cardState{
		"open":   {open, undo, "*Under way*: 2 of 3 done."},
		"stuck":  {stuck, undo, "⚠ *Not complete*: 2 of 3 done"},
		"done":   {leaving(), undo, "*Complete* after 4.0 s. The last session had ended after 2.0 s."},
		"undone": {undone, []string{}, "Reason: The wrong &lt;!channel&gt; line. What it ended is given back"},
		"dated":  {dated, undo, "*Complete*"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := views.Card(state.sheet, now)
			takes(t, card)
			require.Equal(t, state.buttons, actionIDs(card.Blocks))
			require.Contains(t, card.Text, state.says)
			golden(t, "departure_"+name, card)
		})
	}
	require.Contains(t, written(t, views.Card(stuck, now)), "Open since <!date^")
	modal := views.DepartureUndoModal(leaving().Departure.Departure, *cleo)
	takesView(t, modal)
	golden(t, "modal_departure_undo", modal)
}

// A manager is told once of who leaves, and of who is back.
func TestManagersAreTold(t *testing.T) {
	t.Parallel()
	open, undone := leaving(), leaving()
	open.Departure.Status = db.DepartureOpen
	undone.Departure.Departure.Status, undone.Departure.UndoneBy, undone.Departure.UndoneAt, undone.Departure.Why = db.DepartureUndone, dana, now, "The wrong line"
	for name, sheet := range map[string]db.Sheet{"open": open, "done": leaving(), "undone": undone} {
		note := views.LeftNote(sheet, "https://acme.example/archives/C1/p1")
		takes(t, note)
		require.Empty(t, actionIDs(note.Blocks))
		golden(t, "left_"+name, note)
	}
	require.Empty(t, views.LeftNote(pending(), "").Text)
	for name, back := range map[string]views.Back{
		"told": {Of: cleo, Directory: "Okta", Departure: leaving().Departure}, "undone": {Of: cleo, Departure: undone.Departure}, "unknown": {Of: cleo},
	} {
		note := views.BackNote(back)
		takes(t, note)
		golden(t, "back_"+name, note)
	}
}

// A departure of somebody with more than fits, whom a stranger named, is a card all the same.
func TestDepartureIsHarmless(t *testing.T) {
	t.Parallel()
	evil := strings.Repeat("<!channel> *x* `y` ~z~ <https://evil.example|Undo> @here \u202E", 20)
	sheet := leaving()
	sheet.Departure.Person = &db.Person{Name: evil, Title: evil, Department: evil, Email: evil}
	sheet.Departure.Cause, sheet.Departure.Directory.Name = evil, evil
	for n := range 200 {
		end := sheet.Departure.Ends[0]
		row := *end.Entitlement
		row.Name, end.Entitlement = fmt.Sprint(n, evil), &row
		sheet.Departure.Ends = append(sheet.Departure.Ends, end)
		item := sheet.Items[0]
		item.Entitlement = &row
		sheet.Items = append(sheet.Items, item)
	}
	harmlessMessage(t, views.Card(sheet, now))
	sheet.Departure.Why = evil
	harmlessMessage(t, views.LeftNote(sheet, evil))
	harmlessMessage(t, views.BackNote(views.Back{Of: sheet.Departure.Person, Directory: evil, Departure: sheet.Departure}))
	sheet.Departure.Status = db.DepartureUndone
	harmlessMessage(t, views.LeftNote(sheet, evil))
	harmlessMessage(t, views.BackNote(views.Back{Of: sheet.Departure.Person, Directory: evil, Departure: sheet.Departure}))
	harmlessMessage(t, views.Card(sheet, now))
	sheet.Departure = nil // work of another kind
	harmlessMessage(t, views.Card(sheet, now))
	sheet.Items = sheet.Items[:1]
	golden(t, "card_work", views.Card(sheet, now))
}
