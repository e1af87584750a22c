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

// halted is what the breaker of Okta stopped.
func halted(changes int) views.Stop {
	stop := views.Stop{
		DirectoryStop: db.DirectoryStop{ID: "stp_1", Status: db.StopOpen, Kind: db.UserSuspended, CreatedAt: now, Why: "Okta wants to suspend 63 people within an hour, where 50 are usual at most."},
		Directory:     db.Directory{Slug: "okta", Name: "Okta"}, Owner: dana, Total: changes,
		Newest: 99, About: map[string]db.Person{"usr_1": {Name: "Person 1", Title: "Trainee", Department: "Sales"}},
	}
	for n := range min(changes, views.StopRows) {
		stop.Waiting = append(stop.Waiting, db.DirectoryChange{Kind: db.UserSuspended, UserID: fmt.Sprintf("usr_%d", n+1), Label: fmt.Sprintf("p%d@example.com", n+1), CreatedAt: now})
	}
	if changes > 0 {
		stop.Teams = []db.StoppedDepartment{{Department: "Sales *EMEA*", People: 40}, {Department: "Support", People: 20}, {People: 3}}
	}
	return stop
}

// stopPage is a page of the list of what the breaker of Okta stopped.
func stopPage(t *testing.T, changes, page int) slack.ModalViewRequest {
	t.Helper()
	stop := halted(changes)
	stop.Skipped, stop.Waiting = page*views.StopPage, nil
	for n := range min(changes-stop.Skipped, views.StopPage) {
		stop.Waiting = append(stop.Waiting, db.DirectoryChange{Kind: db.UserSuspended, Label: fmt.Sprintf("p%d@example.com", stop.Skipped+n+1)})
	}
	modal, err := views.StopListModal(stop)
	require.NoError(t, err)
	takesView(t, modal)
	return modal
}

func TestStopCardInEveryState(t *testing.T) {
	t.Parallel()
	open := []string{views.ActionStopResume, views.ActionStopDiscard, views.ActionStopShow}
	resumed, discarded := halted(0), halted(0)
	resumed.Status, resumed.DecidedBy, resumed.EndedAt = db.StopResumed, dana, now.Add(time.Hour)
	discarded.Status, discarded.DecidedBy, discarded.EndedAt, discarded.Reason = db.StopDiscarded, ben, now.Add(time.Hour), "By <!channel> mistake"
	mixed := halted(3)
	mixed.Owner = nil
	mixed.Waiting[0] = db.DirectoryChange{Kind: db.MembersRemoved, Label: "sales", Members: []string{"a", "b"}, CreatedAt: now}
	for name, state := range map[string]struct {
		stop    views.Stop
		buttons []string
		says    string
	}{
		"open":      {halted(63), open, "⚠ Okta wants to suspend 63 people within an hour"},
		"mixed":     {mixed, open, "Nothing of it is done"},
		"resumed":   {resumed, []string{}, "*Let go on* by <@U0DANA>"},
		"discarded": {discarded, []string{}, "*Discarded* by <@U0BEN>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := views.StopCard(state.stop)
			takes(t, card)
			require.Equal(t, state.buttons, actionIDs(card.Blocks))
			require.Contains(t, card.Text, state.says)
			golden(t, "stop_"+name, card)
		})
	}
	require.Contains(t, written(t, views.StopCard(halted(63))), "… and 53 more")
	for name, modal := range map[string]slack.ModalViewRequest{
		"resume": views.StopResumeModal(halted(63)), "discard": views.StopDiscardModal(halted(63)), "list": stopPage(t, 63, 0),
	} {
		takesView(t, modal)
		golden(t, "modal_stop_"+name, modal)
	}
	require.Equal(t, []string{views.ActionStopAfter}, actionIDs(stopPage(t, 5000, 0).Blocks.BlockSet))
	last := stopPage(t, 63, 1)
	require.Equal(t, []string{views.ActionStopBefore}, actionIDs(last.Blocks.BlockSet))
	require.Contains(t, written(t, views.Message{Blocks: last.Blocks.BlockSet}), "63. *Suspend p63@example.com*")
	require.NotContains(t, written(t, views.Message{Blocks: last.Blocks.BlockSet}), " more")
	require.Equal(t, views.ListAt{Of: "stp_1", Page: 1}, views.ReadListAt(last.PrivateMetadata))
	none, err := views.StopListModal(resumed)
	require.NoError(t, err)
	takesView(t, none)
	evil := halted(10)
	evil.Directory.Name, evil.Why = strings.Repeat("<!here> *x* `", 50), strings.Repeat("<@U0EVE> ", 90)
	for n := range evil.Waiting {
		evil.Waiting[n].Label = strings.Repeat("<!channel> _x_ ~", 90)
		evil.About[evil.Waiting[n].UserID] = db.Person{Name: evil.Why, Title: evil.Why, Department: evil.Why}
		evil.Teams = append(evil.Teams, db.StoppedDepartment{Department: evil.Why, People: 2})
	}
	harmlessMessage(t, views.StopCard(evil))
	many, err := views.StopListModal(evil)
	require.NoError(t, err)
	takesView(t, many)
	harmlessBlocks(t, many)
}

// moving is what Ana gets and loses who moved to Sales.
func moving() views.Moved {
	of := *ana
	of.Department, of.Title = "Sales", "Account <manager>"
	loses := func(id, status string) views.Loss {
		return views.Loss{Grant: db.Grant{
			ID: id, Entitlement: drive(), Subject: ana, Status: status, Birthright: "designers", LostAt: now, ExpiresAt: now.Add(72 * time.Hour), EndedAt: now,
		}}
	}
	asked, kept, back := loses("grt_2", db.Active), loses("grt_3", db.Active), loses("grt_4", db.Active)
	asked.Asked = true
	kept.LostAt, kept.Birthright = time.Time{}, ""
	back.LostAt = time.Time{}
	return views.Moved{Of: &of, Self: true, Gains: []views.Gain{{Name: "Drive viewers"}, {Name: "Sales *CRM*"}}, Losses: []views.Loss{
		loses("grt_1", db.Active), asked, kept, back, loses("grt_5", db.Ending), loses("grt_6", db.Ended),
	}}
}

func TestMovedNote(t *testing.T) {
	t.Parallel()
	self := views.MovedNote(moving())
	takes(t, self)
	require.Equal(t, []string{views.ActionBirthrightKeep}, actionIDs(self.Blocks), "only what can be kept")
	golden(t, "moved_self", self)
	manager := moving()
	manager.Self = false
	golden(t, "moved_manager", views.MovedNote(manager))
	joiner := views.Moved{Of: &db.Person{Name: "Noor", StartsAt: now.Add(99 * time.Hour), CreatedAt: now}, Joins: true, Gains: []views.Gain{{Name: "Drive viewers"}}}
	golden(t, "moved_joiner", views.MovedNote(joiner))
	waits, refused := item("1"), item("2")
	refused.Flow.Status, refused.Refusal, refused.Steps = db.Denied, "No seat is left.", nil
	chained := views.MovedNote(views.Moved{Of: ana, Self: true, Gains: []views.Gain{{Name: "Viewers"}, {Name: "Editors", Asked: &waits}, {Name: "Admins", Asked: &refused}}})
	takes(t, chained)
	require.Contains(t, chained.Text, "You get *Viewers*. *Editors* waits for approval by <@U0BEN>. *Admins*: *Denied*. No seat is left.")
	modal := views.KeepModal(moving().Losses[0].Grant)
	takesView(t, modal)
	golden(t, "modal_keep", modal)

	evil := moving()
	text := strings.Repeat("<!here> *x* ` ~ <@U0EVE>", 90)
	evil.Of = &db.Person{Name: text, Department: text, Title: text}
	for range 100 {
		evil.Gains, evil.Losses = append(evil.Gains, views.Gain{Name: text}), append(evil.Losses, evil.Losses[0])
	}
	evil.Losses[0].Entitlement = &db.Entitlement{Name: text}
	harmlessMessage(t, views.MovedNote(evil))
	evil.Self = false
	harmlessMessage(t, views.MovedNote(evil))
}

func TestDrift(t *testing.T) {
	t.Parallel()
	page := views.DriftPage{Directory: db.Directory{Slug: "okta", Name: "Okta"}, Page: 1, Pages: 3, Total: 55}
	for n := range 20 {
		page.Rows = append(page.Rows, db.Drift{Kind: "denied", Words: fmt.Sprintf("Okta wanted to suspend p%d@example.com <!here>, and it is not so: it was denied.", n), Since: now})
	}
	modal, err := views.DriftModal(page)
	require.NoError(t, err)
	takesView(t, modal)
	harmlessBlocks(t, modal)
	require.Equal(t, []string{views.ActionDriftBefore, views.ActionDriftAfter}, actionIDs(modal.Blocks.BlockSet))
	require.Equal(t, views.ListAt{Of: "okta", Page: 1}, views.ReadListAt(modal.PrivateMetadata))
	require.Zero(t, views.ReadListAt("{"))
	golden(t, "modal_drift", modal)
	none, err := views.DriftModal(views.DriftPage{Directory: page.Directory, Pages: 1})
	require.NoError(t, err)
	takesView(t, none)
	golden(t, "modal_drift_none", none)
}

// Directories stand in the state of the system, and one that is stopped is next to what needs the reader.
func TestDirectoriesOnHome(t *testing.T) {
	t.Parallel()
	system := views.System{Version: "1", Sockets: 2, Wanted: 2, Directories: []db.DirectoryState{
		{Directory: db.Directory{Slug: "okta", Name: "Okta <!here>"}, WroteAt: now, Waiting: 3, Drifts: 2, Stop: &db.DirectoryStop{CreatedAt: now}},
		{Directory: db.Directory{Slug: "acme", Name: "Acme", PollError: "WorkOS does not answer"}},
	}}
	home := views.Home(views.HomeData{Me: ana.ID, System: &system}, now)
	takesView(t, home)
	harmlessBlocks(t, home)
	golden(t, "home_directories", home)
	require.Contains(t, actionIDs(home.Blocks.BlockSet), views.ActionDriftShow)
	message := views.SystemState(system, now)
	takes(t, message)
	require.NotContains(t, actionIDs(message.Blocks), views.ActionDriftShow)
	for range 40 {
		system.Directories = append(system.Directories, system.Directories[0])
	}
	takesView(t, views.Home(views.HomeData{Me: ana.ID, System: &system}, now))
}

// What a rule gives has no end, and can't be given longer; what no rule gives any more can be kept.
func TestWhatARuleGives(t *testing.T) {
	t.Parallel()
	standing := db.Grant{ID: "grt_1", Entitlement: drive(), Subject: ana, Status: db.Active, ActiveAt: now, Birthright: "designers", Duration: db.Standing}
	lost := standing
	lost.ID, lost.LostAt, lost.ExpiresAt = "grt_2", now, now.Add(72*time.Hour)
	mine := views.Mine(views.HomeData{Me: ana.ID, Grants: views.Rows[db.Grant]{Rows: []db.Grant{standing, lost}, Total: 2}}, now)
	takes(t, mine)
	require.Equal(t, []string{views.ActionGrantReturn, views.ActionBirthrightKeep, views.ActionGrantReturn}, actionIDs(mine.Blocks))
	shown := written(t, mine)
	require.Contains(t, shown, "*Active* for as long as the rule holds.")
	require.Contains(t, shown, "*Active* until <!date^")
	require.NotContains(t, shown, "an unknown time")
}
