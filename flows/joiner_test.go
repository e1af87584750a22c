package flows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// ofLab is the rule that gives the people of the lab what they need there.
func ofLab(entitlements ...string) db.Birthright {
	return db.Birthright{Slug: "lab", Condition: "person.department == 'Lab'", Entitlements: entitlements}
}

// Whoever joins gets what a rule gives, and whoever leaves loses all.
func TestAJoinerGetsAccessAndALeaverLosesIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors", "crowded"))
		o.tell(t, "zoe", told{"manager": "ben@example.com"})

		require.Equal(t, []string{"crowded", "editors"}, o.holds(t, "zoe"))
		require.Equal(t, []string{"zoe@example.com"}, o.target.Members("Editors"))
		grants := o.grants(t, "zoe")
		require.Equal(t, grants[0].RequestID, grants[1].RequestID, "one request asks for both")
		for _, grant := range grants {
			require.Zero(t, grant.ExpiresAt)
			require.Equal(t, "lab", grant.Birthright)
			require.Equal(t, db.Standing, grant.Duration)
		}
		sheet := o.sheet(t, grants[0].RequestID)
		require.Equal(t, db.FromBirthright, sheet.Request.Origin)
		require.Equal(t, "okta", sheet.Request.Directory)
		require.Equal(t, "By the rule lab.", sheet.Request.Reason)
		require.Equal(t, "person.department == 'Lab'", sheet.Items[0].Flow.Rule)
		told := o.about(t, "zoe", "person.access_changed")
		require.Len(t, told, 1)
		require.Equal(t, []string{"ben@example.com"}, told[0].Tell)
		require.Equal(t, "gets Drive editors, Drive crowd", told[0].Summary)
		o.pass(t, 400*24*hour)
		require.Len(t, o.holds(t, "zoe"), 2, "it stands as long as the rule holds")

		o.tell(t, "zoe", map[string]any{"active": false})
		zoe := o.person(t, "zoe")
		require.False(t, zoe.Active)
		require.False(t, zoe.LeftAt.IsZero())
		require.Empty(t, o.grants(t, "zoe"))
		require.Empty(t, o.target.Members("Editors"))
		user, _ := o.target.User("zoe@example.com")
		require.False(t, user.Active, "the account is suspended too")
		departure := o.departure(t, "zoe")
		require.Equal(t, db.DepartureDone, departure.Status)
		require.ElementsMatch(t, []string{grants[0].ID, grants[1].ID}, departure.Grants)
		require.Len(t, o.about(t, "zoe", "departure.done"), 1)
		o.verified(t)
	})
}

// Whoever is known from Slack is the same person when a directory tells of him, and what nobody says there stays.
func TestTheDirectoryAndSlackAreOnePerson(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		was := o.person(t, "ana")
		o.tell(t, "ana", told{"title": "Chemist", "employmentType": "employee", "timezone": "Europe/Berlin"})
		is := o.person(t, "ana")
		require.Equal(t, was.ID, is.ID)
		require.Equal(t, was.SlackID, is.SlackID)
		require.Equal(t, []string{"Lab", "Chemist", "employee", "Europe/Berlin", "okta"}, []string{is.Department, is.Title, is.Employment, is.TimeZone, is.ToldBy})
		require.Equal(t, "ben@example.com", is.ManagerEmail, "the directory does not speak of it")

		o.tell(t, "ana", told{"active": false})
		row, err := o.SaveSlackPerson(o.ctx, flows.SlackPerson{
			UserID: was.SlackID, TeamID: "T1", Email: was.Email, Name: "Ana", Kind: db.Member, Active: true,
		})
		require.NoError(t, err)
		require.False(t, row.Active, "the directory knows better who is gone")
		require.False(t, o.person(t, "ana").Active)
		require.NoError(t, db.UpdatePerson(o.ctx, o.store, was), "a row that was read before")
		require.False(t, o.person(t, "ana").Active)
		_, err = o.Request(o.ctx, o.form(t, "ana", "open", "8h"))
		refused(t, err, "deactivated")
		o.tell(t, "ana", told{})
		require.True(t, o.person(t, "ana").Active)
	})
}

// A person keeps being the same when his address changes, and his reports know him by the new one.
func TestTheDirectoryChangesAnAddress(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.tell(t, "zoe", told{})
		was := o.person(t, "zoe")
		o.tell(t, "yan", told{"manager": "zoe@example.com"})
		o.tell(t, "zoe", told{"emails": []any{map[string]any{"value": "zoe.lee@example.com", "type": "work", "primary": true}}})
		is := o.person(t, "zoe.lee")
		require.Equal(t, was.ID, is.ID)
		require.Equal(t, "zoe.lee@example.com", o.person(t, "yan").ManagerEmail)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe.lee"))
	})
}

// Before the first day nothing is given; in its morning, where the person lives, it is. A day that is put off is waited for.
func TestAJoinerBeforeTheFirstDay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		berlin, err := time.LoadLocation("Europe/Berlin")
		require.NoError(t, err)
		day := o.Now().In(berlin).AddDate(0, 0, 10)
		morning := time.Date(day.Year(), day.Month(), day.Day(), 6, 0, 0, 0, berlin)
		o.tell(t, "zoe", told{"startDate": day.Format(time.DateOnly), "timezone": "Europe/Berlin"})
		grant := o.grants(t, "zoe")[0]
		require.Equal(t, db.Scheduled, grant.Status)
		require.True(t, morning.Equal(grant.StartsAt), "%s", grant.StartsAt)

		o.tell(t, "zoe", told{"startDate": day.AddDate(0, 0, 2).Format(time.DateOnly), "timezone": "Europe/Berlin"})
		require.True(t, morning.AddDate(0, 0, 2).Equal(o.grants(t, "zoe")[0].StartsAt))
		require.Equal(t, grant.ID, o.grants(t, "zoe")[0].ID)
		o.pass(t, 10*24*hour)
		require.Empty(t, o.holds(t, "zoe"))
		o.pass(t, 3*24*hour)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
	})
}

// Somebody who is moved elsewhere before his first day never gets what he would have got.
func TestAJoinerWhoMovesBeforeTheFirstDay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		rule := ofLab("editors")
		rule.Grace = db.Duration(7 * 24 * hour)
		o.rule(t, rule)
		day := o.Now().AddDate(0, 0, 10).Format(time.DateOnly)
		o.tell(t, "zoe", told{"startDate": day})
		request := o.grants(t, "zoe")[0].RequestID
		o.tell(t, "zoe", told{"startDate": day, "department": "Sales"})
		require.Empty(t, o.grants(t, "zoe"))
		o.pass(t, 20*24*hour)
		require.Empty(t, o.holds(t, "zoe"))
		require.Equal(t, 1, o.count(t, request, "grant.cancelled"))
		require.Zero(t, o.count(t, request, "script.started"))
	})
}

// A contractor leaves at the end of his last day, where he lives. A day that is put off is the one that counts, and a new
// contract lets him in again.
func TestAContractorLeavesAtTheEndOfTheLastDay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		tokyo, err := time.LoadLocation("Asia/Tokyo")
		require.NoError(t, err)
		day := o.Now().In(tokyo).AddDate(0, 0, 5)
		contract := func(day time.Time) told {
			return told{"endDate": day.Format(time.DateOnly), "timezone": "Asia/Tokyo", "employmentType": "contractor"}
		}
		o.tell(t, "zoe", contract(day))
		o.tell(t, "zoe", contract(day.AddDate(0, 0, 1)))
		end := time.Date(day.Year(), day.Month(), day.Day()+2, 0, 0, 0, 0, tokyo)
		require.True(t, end.Equal(o.person(t, "zoe").EndsAt))
		moved := contract(day.AddDate(0, 0, 1))
		moved["timezone"] = "Europe/Berlin"
		o.tell(t, "zoe", moved)
		require.False(t, end.Equal(o.person(t, "zoe").EndsAt), "the day ends where he lives")
		o.tell(t, "zoe", contract(day.AddDate(0, 0, 1)))
		require.True(t, end.Equal(o.person(t, "zoe").EndsAt))

		o.clock.Advance(end.Sub(o.Now()) - minute)
		o.settle(t)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		o.clock.Advance(2 * minute)
		o.settle(t)
		require.Empty(t, o.grants(t, "zoe"))
		require.False(t, o.person(t, "zoe").Active)
		require.Equal(t, "The last day was "+day.AddDate(0, 0, 1).Format("2 January 2006")+".", o.departure(t, "zoe").Cause)

		o.tell(t, "zoe", contract(day.AddDate(1, 0, 0)))
		require.True(t, o.person(t, "zoe").Active)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		user, _ := o.target.User("zoe@example.com")
		require.True(t, user.Active)
	})
}

// Groups of the directory are known to conditions by the handle of their first name.
func TestGroupsOfTheDirectory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, db.Birthright{Slug: "crew", Condition: "'night-crew' in person.groups", Entitlements: []string{"editors"}})
		o.tell(t, "zoe", told{})
		o.tell(t, "yan", told{})
		o.members(t, "Night crew", "zoe", "yan")
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		require.Equal(t, []string{"editors"}, o.holds(t, "yan"))
		o.members(t, "Night crew", "yan")
		require.Empty(t, o.grants(t, "zoe"))
		require.Equal(t, []string{"editors"}, o.holds(t, "yan"))
		o.dissolve(t, "Night crew")
		require.Empty(t, o.grants(t, "yan"))
		_, err := db.GroupByHandle(o.ctx, o.store, "directory", "night-crew")
		require.ErrorIs(t, err, db.ErrNotFound)
	})
}

// When a directory is connected, those who were here before are told of what rules give them, and their managers are not.
func TestManagersAreNotToldOfThoseWhoWereHereBefore(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.tell(t, "ana", told{"manager": "ben@example.com"})
		first := o.about(t, "ana", "person.access_changed")
		require.Len(t, first, 1)
		require.Empty(t, first[0].Tell)

		o.tell(t, "ana", told{"manager": "ben@example.com", "department": "Sales"})
		o.tell(t, "ana", told{"manager": "ben@example.com"})
		changed := o.about(t, "ana", "person.access_changed")
		require.Len(t, changed, 3)
		require.Equal(t, []string{"ben@example.com"}, changed[1].Tell, "what she loses")
		require.Equal(t, []string{"ben@example.com"}, changed[2].Tell, "what changes from then on")
	})
}
