package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/demo/target"
)

// looked keeps what a story of directories saw; git ignores it.
func (w window) looked(name string) { w.c.t.Helper(); w.keep("directory", name) }

// newest shows the end of #access to a person, and keeps it.
func (w window) newest(name, reads, picture string) {
	w.c.t.Helper()
	w.as(name)
	w.Reads(`[data-testid=messages]`, reads)
	w.toEnd(`main *`)
	w.looked(picture)
}

// modal keeps the modal that a button opens.
func (w window) modal(name string, on slack.Message, button, title, picture string) {
	w.c.t.Helper()
	w.c.press(name, on.Target(), button)
	w.c.view(name, title)
	w.as(name)
	w.See(`[data-testid=modal]`)
	w.looked(picture)
	require.NoError(w.c.t, w.c.person(name).CloseAll())
}

// TestHeldChangesInABrowser looks at what people see of changes that wait.
func TestHeldChangesInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	idp := c.withOkta(strings.Replace(held, "1s", "1m", 1), "")
	w := c.browse()
	w.Size(1280, 1250, "light")
	idp.makes("Noor Haddad", "Design", "Illustrator")
	idp.settled()
	c.Clock.Advance(2 * time.Minute)
	card := c.posted("Okta wants to create noor@acme.example")
	w.newest("dana", "Okta wants to create noor", "01-single")
	w.messages("dana", "Okta wants to create noor")
	w.looked("02-single-asked")
	w.modal("dana", card, "Deny", "Deny request", "03-single-deny")
	c.press("dana", card.Target(), "Approve")
	c.untilCard(card.TS, "Done")
	w.newest("dana", "Done", "04-single-done")
	w.thread("dana", "Done: ")
	w.looked("05-single-thread")
	for n := range 14 {
		idp.makes(fmt.Sprintf("P%d Person", n+1), "Sales", "Trainee in Lisbon")
	}
	idp.settled()
	c.Clock.Advance(2 * time.Minute)
	card = c.posted("Okta wants to create 14 people")
	w.newest("dana", "14 people", "11-batch")
	w.messages("eve", "14 people")
	w.looked("12-batch-asked")
	w.modal("dana", card, "Choose…", "Choose changes", "13-batch-choose")
	w.modal("dana", card, "Show all", "All changes", "14-batch-all")
	w.modal("dana", card, "Deny all…", "Deny all", "15-batch-deny")
	c.press("dana", card.Target(), "Choose…")
	form := c.view("dana", "Choose changes")
	require.NoError(t, c.person("dana").Select(form.Target(), "Approve", "Create p1@acme.example"))
	require.NoError(t, c.person("dana").Select(form.Target(), "Approve, from 11"))
	require.NoError(t, c.person("dana").Select(form.Target(), "The others", "Deny them"))
	c.fill("dana", form.Target(), "Reason", "Only one starts on Monday")
	c.submit("dana", form)
	c.untilCard(card.TS, "1 done")
	w.newest("dana", "13 denied", "16-batch-decided")
	w.thread("dana", "denied")
	w.looked("17-batch-thread")
	c.unremarkable()
}

// rich are more attributes of a user than a card has room for, one of which is long.
func rich() map[string]any {
	values := map[string]any{
		"nickName": "Noo", "profileUrl": "https://people.acme.example/noor", "userType": "Employee", "preferredLanguage": "en-GB",
		"locale": "en-GB", "timezone": "Europe/Lisbon", "name.formatted": "Noor Amina Haddad", "name.middleName": "Amina", "title": "Art director",
		enterpriseUser + ":employeeNumber": "E-4711", enterpriseUser + ":costCenter": "CC-90", enterpriseUser + ":organization": "Acme Europe",
		enterpriseUser + ":division": strings.Repeat("Brand, campaigns and everything that is printed; ", 30),
	}
	return values
}

// TestAChangeInFullInABrowser looks at a change that is more than its card has room for, at one that a newer one replaced, and
// at one that was denied.
func TestAChangeInFullInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	idp := c.withOkta(held, "")
	w := c.browse()
	w.Size(1280, 1250, "light")
	idp.makes("Noor Haddad", "Design", "Illustrator")
	first := c.posted("Okta wants to create noor@acme.example")
	idp.patch("noor@acme.example", rich())
	c.untilCard(first.TS, "Replaced")
	card := c.posted("Art director")
	w.newest("dana", "Art director", "06-full")
	w.messages("dana", "Art director")
	w.looked("07-full-asked")
	c.press("dana", card.Target(), "Show all")
	list := c.view("dana", "All changes")
	require.Contains(t, list.Shown(), "E-4711")
	require.Contains(t, list.Shown(), "CC-90")
	w.as("dana")
	w.See(`[data-testid=modal]`)
	w.looked("08-full-list")
	require.NoError(t, c.person("dana").CloseAll())
	c.press("dana", card.Target(), "Deny")
	form := c.view("dana", "Deny request")
	c.fill("dana", form.Target(), "Reason", "She starts in January. HR is told.")
	c.submit("dana", form)
	c.untilCard(card.TS, "Denied")
	w.newest("dana", "She starts in January", "09-denied")
	w.newest("dana", "Replaced", "10-replaced")
	c.until("the difference is listed", func() bool { return len(idp.drifts()) == 1 })
	c.command("dana", "directory okta")
	c.view("dana", "Differences")
	w.as("dana")
	w.See(`[data-testid=modal]`)
	w.looked("60-differences")
	require.NoError(t, c.person("dana").CloseAll())
	idp.makes("Maya Brandt", "Design", "Illustrator")
	c.posted("Okta wants to create maya@acme.example")
	w.app("eve", "home")
	w.Reads(`[data-testid=home]`, "maya@acme.example")
	w.looked("52-home-waiting")
	c.unremarkable()
}

// TestLeaversInABrowser looks at what people see when a breaker stops a directory, and of those who leave and move.
func TestLeaversInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.two()
	idp := c.withOkta(observed+", breaker: {changes: 5, percent: 100}", byDepartment)
	w := c.browse()
	w.Size(1280, 1250, "light")
	idp.makes("Carl Meyer", "Consulting", "Account manager")
	idp.makes("Ana Diaz", "Design", "Designer")
	idp.settled()
	c.held("carl", "Drive editors", "30d", "The archive", "dana")
	c.untilCard(c.wants("carl", "vault-access", "30d", "The safe").TS, "Active")
	idp.suspends("carl@acme.example")
	card := c.posted("Carl Meyer has left")
	c.untilCard(card.TS, "*Complete* after")
	c.untilThread(card.TS, "is complete")
	w.newest("dana", "Complete", "21-leaver")
	w.thread("dana", "is complete")
	w.looked("22-leaver-thread")
	w.modal("dana", card, "Undo…", "Undo a departure", "23-leaver-undo")
	w.messages("dana", "Carl Meyer has left")
	w.looked("24-leaver-manager")
	c.press("dana", card.Target(), "Undo…")
	form := c.view("dana", "Undo a departure")
	c.fill("dana", form.Target(), "Reason", "Somebody pressed the wrong line in Okta.")
	c.submit("dana", form)
	c.untilCard(card.TS, "*Undone*")
	w.newest("dana", "had not left", "25-leaver-undone")
	w.messages("dana", "is here again")
	w.looked("26-leaver-back")
	idp.patch("ana@acme.example", map[string]any{enterpriseUser + ":department": "Sales", "title": "Account manager"})
	c.dm("ana", "You lose *Drive editors*")
	w.messages("ana", "You lose")
	w.looked("31-mover")
	w.modal("ana", c.dm("ana", "You lose *Drive editors*"), "Keep…", "Keep access", "33-mover-keep")
	w.messages("ben", "loses")
	w.looked("32-mover-manager")
	card = c.stopped(idp, 4)
	w.newest("dana", "What waits", "41-breaker")
	w.modal("dana", card, "Resume…", "Resume", "42-breaker-resume")
	w.modal("dana", card, "Show all", "What waits", "43-breaker-all")
	w.modal("dana", card, "Discard…", "Discard", "44-breaker-discard")
	w.app("dana", "home")
	w.Reads(`[data-testid=home]`, "Okta")
	w.toEnd(`main *`)
	w.looked("51-home")
	c.press("dana", card.Target(), "Resume…")
	form = c.view("dana", "Resume")
	c.fill("dana", form.Target(), "Reason", "The summer jobs are over.")
	c.Target.SetMode(target.ReadOnly)
	c.submit("dana", form)
	c.untilCard(card.TS, "Let go on")
	w.as("dana")
	w.Reads(`[data-testid=messages]`, "The summer jobs are over")
	w.looked("45-breaker-answered")
	w.newest("dana", "Not complete", "27-leaver-stuck")
	c.unremarkable()
}

// TestDirectoriesAndRulesInABrowser looks at what admins see of directories and rules, and what people are told who join.
func TestDirectoriesAndRulesInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	idp := c.withOkta(observed, strings.Replace(byDepartment, "[drive-editors]", "[drive-editors], chain: okta-it", 1))
	w := c.browse()
	w.Size(1280, 1250, "light")
	idp.makes("Ana Diaz", "Design", "Designer")
	idp.settled()
	c.dm("ana", "*Drive editors* waits for approval by")
	w.messages("ana", "waits for approval by")
	w.looked("34-joiner")
	w.messages("ben", "waits for approval by")
	w.looked("35-joiner-manager")
	w.newest("dana", "Drive editors", "36-joiner-card")
	c.list("dana", "directory", "Directories")
	w.as("dana")
	w.See(`[data-testid=modal]`)
	w.looked("61-admin-directories")
	require.NoError(t, c.person("dana").CloseAll())
	c.object("dana", "directory", "Directories", "okta", "Okta")
	w.as("dana")
	w.See(`[data-testid=modal]`)
	w.looked("62-admin-directory")
	require.NoError(t, c.person("dana").CloseAll())
	form := c.made("dana", "birthright", "Birthrights", "birthright")
	c.fill("dana", form.Target(), "Slug", "everybody")
	c.fill("dana", form.Target(), "Who gets it", "person.department != ''")
	c.picked("dana", form, "Entitlements", "Drive viewers")
	c.submit("dana", form)
	c.shows("dana", "Review", "Would gain")
	w.as("dana")
	w.looked("63-admin-birthright")
	c.unremarkable()
}
