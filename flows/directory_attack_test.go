package flows_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// claims lets the directory write the user who has a name with another address, and whatever else.
func (o *heldWorld) claims(t testing.TB, name, address string, what scim.Resource) {
	t.Helper()
	resource := scim.Resource{
		"userName": name, "displayName": name, "active": true,
		"emails": []any{map[string]any{"value": address, "type": "work", "primary": true}},
	}
	for key, value := range what {
		resource[key] = value
	}
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		was, _ := db.DirectoryUserByName(ctx, j, j.Directory.ID, name)
		_, err := mirror.SaveUser(ctx, j, was, resource, mirror.Told{})
		return err
	})
}

// powers says who is an admin among the people of the bundle.
func (b *bundle) powers(t testing.TB, names ...string) []string {
	t.Helper()
	admins := []string{}
	for _, name := range names {
		p, err := db.PersonByID(b.ctx, b.store, b.people[name])
		require.NoError(t, err)
		admin, err := b.IsAdmin(b.ctx, b.store, p)
		require.NoError(t, err)
		if admin {
			admins = append(admins, name)
		}
	}
	return admins
}

// Whoever may write to a directory makes nobody an admin: of somebody whom Slack knows, the address that counts is Slack's.
func TestADirectoryGivesNoPowerByAnAddress(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		address string
		before  func(t *testing.T, o *company)
	}{
		"of an admin whom Slack knows": {"ada@example.com", func(*testing.T, *company) {}},
		"of an admin whom nobody has seen": {"root@example.com", func(t *testing.T, o *company) {
			o.reconfigure(t, `channel: "#access"`, "channel: \"#access\"\nadmins: [root@example.com]")
		}},
		"of an admin whom the directory announced": {"root@example.com", func(t *testing.T, o *company) {
			o.reconfigure(t, `channel: "#access"`, "channel: \"#access\"\nadmins: [root@example.com]")
			o.tell(t, "root", told{})
		}},
		"of an owner":                     {"dana@example.com", func(*testing.T, *company) {}},
		"of an admin by another spelling": {"ADA@Example.com", func(*testing.T, *company) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				o := observing(t, b)
				tc.before(t, o)
				o.tell(t, "eve", told{})
				o.claims(t, "eve@example.com", tc.address, nil)
				o.settle(t)
				require.Equal(t, []string{"ada"}, o.powers(t, "ada", "eve"))
				require.Equal(t, o.people["eve"], o.person(t, "eve").ID)
				require.Equal(t, o.people["dana"], o.person(t, "dana").ID)
				require.Equal(t, o.people["ada"], o.person(t, "ada").ID)

				o.reconcile(t)
				require.Equal(t, []string{"ada"}, o.powers(t, "ada", "eve"), "nor at night")
				require.Len(t, o.drifts(t), 1, "the difference is shown")
				o.reconcile(t)
				require.Len(t, o.drifts(t), 1)
				o.tell(t, "eve", told{})
				o.reconcile(t)
				require.Empty(t, o.drifts(t), "until it is gone")
			})
		})
	}
}

// Somebody of whom only a directory knows does not take over the account of another in Slack, nor what he holds.
func TestADirectoryTakesNoAccountOver(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.tell(t, "zoe", told{})
		before := o.person(t, "zoe")
		o.claims(t, "zoe@example.com", "ada@example.com", nil)
		o.settle(t)
		ada, err := db.PersonByEmail(o.ctx, o.store, "ada@example.com")
		require.NoError(t, err)
		require.Equal(t, o.people["ada"], ada.ID)
		require.Equal(t, "U006", ada.SlackID)
		require.Equal(t, before.ID, o.person(t, "zoe").ID)
		require.Len(t, o.drifts(t), 1)
		o.reconcile(t)
		require.Equal(t, []string{"ada"}, o.powers(t, "ada"))

		o.tell(t, "yan", told{"title": "Physicist"})
		o.tell(t, "xia", told{"title": "Chemist"})
		o.claims(t, "xia@example.com", "yan@example.com", nil)
		o.settle(t)
		require.Equal(t, "Physicist", o.person(t, "yan").Title, "nor that of somebody whom it says to be another")
		require.True(t, o.person(t, "yan").Active)
	})
}

// An address that nobody has is taken, with what is told besides.
func TestANewAddress(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.tell(t, "zoe", told{})
		o.tell(t, "yan", told{"manager": "zoe@example.com"})
		o.claims(t, "zoe@example.com", "zoe.new@example.com", scim.Resource{"title": "Head"})
		o.settle(t)
		p, err := db.PersonByEmail(o.ctx, o.store, "zoe.new@example.com")
		require.NoError(t, err)
		require.Equal(t, "Head", p.Title)
		require.Equal(t, "zoe.new@example.com", o.person(t, "yan").ManagerEmail)

		o.tell(t, "eve", told{})
		o.tell(t, "yan", told{"manager": "eve@example.com"})
		o.claims(t, "eve@example.com", "eve.new@example.com", scim.Resource{"title": "Head"})
		o.settle(t)
		require.Equal(t, "Head", o.person(t, "eve").Title, "what is told besides is so")
		_, err = o.SaveSlackPerson(o.ctx, flows.SlackPerson{
			UserID: "U005", TeamID: "T1", Email: "eve.new@example.com", Name: "eve", Kind: db.Member, Active: true,
		})
		require.NoError(t, err)
		o.settle(t)
		p, err = db.PersonByEmail(o.ctx, o.store, "eve.new@example.com")
		require.NoError(t, err)
		require.Equal(t, o.people["eve"], p.ID)
		require.Equal(t, "eve.new@example.com", o.person(t, "yan").ManagerEmail, "her reports follow when Slack says it")
		o.reconcile(t)
		require.Empty(t, o.drifts(t))
	})
}

// Somebody whom the directory announced by an address which Slack says later is one person, who can leave.
func TestAnAnnouncedPersonWhomSlackKnowsByAnotherAddress(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.tell(t, "eve.married", told{"manager": "ben@example.com"})
		_, err := o.SaveSlackPerson(o.ctx, flows.SlackPerson{
			UserID: "U005", TeamID: "T1", Email: "eve.married@example.com", Name: "eve", Kind: db.Member, Active: true,
		})
		require.NoError(t, err)
		o.settle(t)
		p := o.person(t, "eve.married")
		require.Equal(t, o.people["eve"], p.ID)
		require.Equal(t, "okta", p.ToldBy)
		require.Equal(t, "ben@example.com", p.ManagerEmail)
		require.Equal(t, []string{"editors"}, o.holds(t, "eve.married"))

		o.tell(t, "eve.married", told{"active": false})
		require.False(t, o.person(t, "eve.married").Active)
		require.Empty(t, o.grants(t, "eve.married"))
		o.reconcile(t)
		require.False(t, o.person(t, "eve.married").Active)
	})
}

// Two accounts of one person in a directory: while one is active, the person is here.
func TestOneOfTwoAccountsIsClosed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.tell(t, "zoe", told{})
		o.claims(t, "zoe-admin", "zoe@example.com", nil)
		o.settle(t)
		o.claims(t, "zoe-admin", "zoe@example.com", scim.Resource{"active": false})
		o.settle(t)
		require.True(t, o.person(t, "zoe").Active)
		o.tell(t, "zoe", told{"active": false})
		require.False(t, o.person(t, "zoe").Active)
		require.Empty(t, o.grants(t, "zoe"))
	})
}

// Somebody is suspended again while his first departure still goes on: what he got between is ended too.
func TestALeaverWhoReturnsAndLeavesAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		wiki := o.provider(t, "wiki")
		o.rule(t, ofLab("editors"))
		o.tell(t, "zoe", told{})
		own := o.form(t, "ben", "wiki", "8h")
		own.For = o.person(t, "zoe").ID
		_, err := o.Request(o.ctx, own)
		require.NoError(t, err)
		o.settle(t)
		require.Equal(t, []string{"editors", "wiki"}, o.holds(t, "zoe"))

		wiki.Fail(1000, http.StatusServiceUnavailable)
		o.tell(t, "zoe", told{"active": false})
		require.Equal(t, db.DepartureOpen, o.departure(t, "zoe").Status)
		o.tell(t, "zoe", told{})
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		again := o.form(t, "ben", "open", "8h")
		again.For = o.person(t, "zoe").ID
		_, err = o.Request(o.ctx, again)
		require.NoError(t, err)
		o.settle(t)

		o.tell(t, "zoe", told{"active": false})
		for _, grant := range o.grants(t, "zoe") {
			require.Equal(t, "wiki", grant.Entitlement.Slug, "%s is left", grant.Entitlement.Slug)
			require.Equal(t, db.Ending, grant.Status)
		}
		user, _ := o.target.User("zoe@example.com")
		require.False(t, user.Active, "the account is shut again")
		wiki.Fail(0, 0)
		for range 4 {
			o.clock.Advance(10 * minute)
			o.settle(t)
		}
		require.Empty(t, o.grants(t, "zoe"))
		user, _ = wiki.User("zoe@example.com")
		require.False(t, user.Active)
		departure := o.departure(t, "zoe")
		require.Equal(t, db.DepartureDone, departure.Status)
		require.NoError(t, o.UndoDeparture(o.ctx, departure.ID, o.people["ada"], "a mistake, twice"))
		o.settle(t)
		held := o.holds(t, "zoe")
		require.Equal(t, []string{"editors", "open", "wiki"}, held, "all that both ended is given back")
		o.verified(t)
	})
}

// Only what was approved of a change is so, whatever the directory wrote while it was carried out.
func TestWhatIsWrittenMeanwhileIsNotApproved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		o.claims(t, "eva", "eva@acme.example", scim.Resource{"title": "Intern"})
		o.gathered(t)
		asked := o.only(t)
		o.target.Fail(1000, http.StatusServiceUnavailable)
		o.say(t, asked, "carl", "")
		o.settle(t)
		o.claims(t, "eva", "ben@example.com", scim.Resource{"title": "Chief", "displayName": "Ben"})
		o.settle(t)
		o.target.Fail(0, 0)
		for range 4 {
			o.clock.Advance(10 * minute)
			o.settle(t)
		}
		require.Equal(t, []string{"user_created written", "user_updated waiting"}, o.states(t))
		p, err := db.PersonByEmail(o.ctx, o.store, "eva@acme.example")
		require.NoError(t, err)
		require.True(t, p.Active)
		require.Equal(t, "Intern", p.Title)
		require.Equal(t, "eva", p.Name)
		ben, err := db.PersonByEmail(o.ctx, o.store, "ben@example.com")
		require.NoError(t, err)
		require.Equal(t, "Ben", ben.Name)
		require.Empty(t, ben.Title)
		require.Empty(t, ben.ToldBy)

		o.say(t, o.only(t), "carl", "no")
		o.claims(t, "eva", "eva.b@acme.example", scim.Resource{"title": "Intern"})
		o.gathered(t)
		o.target.Fail(1000, http.StatusServiceUnavailable)
		o.say(t, o.only(t), "carl", "")
		o.settle(t)
		o.claims(t, "eva", "eva.c@acme.example", scim.Resource{"title": "Intern"})
		o.settle(t)
		o.target.Fail(0, 0)
		for range 4 {
			o.clock.Advance(10 * minute)
			o.settle(t)
		}
		_, err = db.PersonByEmail(o.ctx, o.store, "eva.b@acme.example")
		require.NoError(t, err, "%v", o.states(t))
	})
}

// A group of a directory is never the approver group that the operator's file names.
func TestAGroupOfADirectoryHasNoNameOfTheFile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.reconfigure(t, "{email: dana@example.com, name: Dana}", "{email: dana@example.com, name: Dana, groups: [security]}")
		o.approvals(t, "secured", "{name: Security, approvers: [\"group:security\"], need: 1}")
		o.tell(t, "eve", told{})
		o.members(t, "Security", "eve")
		var handles []string
		err := o.store.NewSelect().Table("groups").Column("handle").Where("source = ?", "directory").Scan(o.ctx, &handles)
		require.NoError(t, err)
		require.False(t, slices.Contains(handles, "security"), "%v", handles)
	})
}

// Nor is it when the file names the group later: a directory that was there first gives nobody what the file gives by that name.
func TestAGroupOfADirectoryGivesWayToTheFile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.tell(t, "eve", told{})
		o.members(t, "Security", "eve")
		groups := func(name string) []string {
			handles, err := db.GroupsOf(o.ctx, o.store, o.people[name])
			require.NoError(t, err)
			all, err := db.GroupsOfAll(o.ctx, o.store, []string{o.people[name]})
			require.NoError(t, err)
			require.ElementsMatch(t, handles, all[o.people[name]])
			return handles
		}
		require.Equal(t, []string{"security"}, groups("eve"), "as long as the file has no such group")
		o.reconfigure(t, "{email: dana@example.com, name: Dana}", "{email: dana@example.com, name: Dana, groups: [security]}")
		require.Empty(t, groups("eve"))
		require.Equal(t, []string{"security"}, groups("dana"))

		o.approvals(t, "secured", "{name: Security, approvers: [\"group:security\"], need: 1}")
		o.directory.Policy = heldPolicy()
		o.directory.Policy.Routes[0].Chain = "secured"
		require.NoError(t, db.UpdateDirectory(o.ctx, o.store, o.directory))
		o.save(t, "Design", true, "zoe")
		o.heldWorld.settle(t)
		o.gathered(t)
		sheet := o.only(t)
		_, is := flows.Refusal(o.Approve(o.ctx, sheet.Items[0].Current().ID, o.people["eve"], flows.Consent{}))
		require.True(t, is)
		o.heldWorld.say(t, sheet, "dana", "")
	})
}

// An approval rule that approves everything approves no change of a directory: whoever decides on those is the directory's chain.
func TestNoRuleDecidesOnADirectory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		o.reconfigure(t, "approval_chains:", "approval_rules: [{slug: all, name: All, effect: approve, when: \"true\"}]\napproval_chains:")
		o.save(t, "Design", true, "zoe")
		o.settle(t)
		o.gathered(t)
		o.settle(t)
		require.Equal(t, []string{"user_created waiting"}, o.states(t))
		_, there := o.target.User("zoe@acme.example")
		require.False(t, there)
	})
}
