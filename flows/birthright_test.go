package flows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// A rule that is added, changed or disabled is applied to everybody; its preview said so before.
func TestARuleIsAppliedToEverybody(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		for n := range 25 {
			o.say(t, fmt.Sprintf("lab%02d", n), told{})
		}
		o.say(t, "trade", told{"department": "Trade"})
		o.settle(t)
		rule := ofLab("editors")
		preview := o.preview(t, rule)
		require.Equal(t, 25, preview.Gain)
		require.Len(t, preview.Gains, flows.PreviewNames)
		require.Zero(t, preview.Lose)
		o.rule(t, rule)
		require.Len(t, o.target.Members("Editors"), 25)
		require.Zero(t, o.preview(t, rule).Gain, "nobody is left who would gain")

		rule.Condition = "person.department == 'Trade'"
		rule.Grace = db.Duration(hour)
		preview = o.preview(t, rule)
		require.Equal(t, 1, preview.Gain)
		require.Equal(t, []string{"trade"}, preview.Gains)
		require.Equal(t, 25, preview.Lose)
		o.rule(t, rule)
		require.Len(t, o.target.Members("Editors"), 26)
		o.pass(t, 2*hour)
		require.Equal(t, []string{"trade@example.com"}, o.target.Members("Editors"))

		rule.Condition = "person.attributes.shift == 'night'"
		preview = o.preview(t, rule)
		require.Equal(t, 1, preview.Lose)
		require.Positive(t, preview.WithoutAnAnswer, "nobody has a shift")

		row, err := db.BirthrightBySlug(o.ctx, o.store, "lab")
		require.NoError(t, err)
		row.Active, row.Grace = false, 0
		require.Equal(t, 1, o.preview(t, row).Lose)
		o.saveRule(t, row)
		o.settle(t)
		require.Empty(t, o.target.Members("Editors"))
		o.verified(t)
	})
}

func (o *company) preview(t testing.TB, rule db.Birthright) flows.BirthrightPreview {
	t.Helper()
	if rule.Name == "" {
		rule.Active = true
	}
	preview, err := o.PreviewBirthright(o.ctx, rule)
	require.NoError(t, err)
	return preview
}

// The file's people, of whom no directory tells, get what rules give; the file names the rules.
func TestRulesOfTheFile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.also(t, "birthrights:\n  - {slug: design, name: Designers, when: \"person.department == 'Design'\", entitlements: [editors], grace: 1h}\n")
		o.settle(t)
		require.Equal(t, []string{"editors"}, o.holds(t, "ana"))
		sheet := o.sheet(t, o.grants(t, "ana")[0].RequestID)
		require.Equal(t, "Usher", sheet.Request.Requester.Name)
		require.Empty(t, sheet.Request.Directory)
		o.reconfigure(t, "manager: ben@example.com, department: Design", "manager: ben@example.com, department: Sales")
		o.settle(t)
		require.False(t, o.grants(t, "ana")[0].LostAt.IsZero())
		o.reconfigure(t, "manager: ben@example.com, department: Sales", "manager: ben@example.com, department: Design")
		o.settle(t)
		require.True(t, o.grants(t, "ana")[0].LostAt.IsZero())
	})
}

// Two processes settle the same people at once: each gets each thing once.
func TestTwoProcessesSettleTheSamePeople(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		second := o.second(t)
		o.rule(t, ofLab("editors", "crowded"))
		for n := range 12 {
			o.say(t, fmt.Sprintf("lab%02d", n), told{})
		}
		both := []*flows.Flows{o.Flows, second}
		for _, err := range atOnce(6, func(n int) error {
			if err := both[n%2].DirectoryWork(o.ctx, o.directory.ID); err != nil {
				return err
			}
			return both[n%2].SettlePeople(o.ctx)
		}) {
			require.NoError(t, unlessConflict(err))
		}
		o.settle(t)
		for n := range 12 {
			name := fmt.Sprintf("lab%02d", n)
			require.Len(t, o.grants(t, name), 2)
			require.Len(t, o.about(t, name, "request.created"), 1)
			require.Len(t, o.about(t, name, "person.joined"), 1)
		}
		o.verified(t)
	})
}

// The job goes on where its process died, and a person who can't be settled holds up no other.
func TestARuleIsAppliedFromWhereItStopped(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		for n := range 5 {
			o.say(t, fmt.Sprintf("lab%02d", n), told{})
		}
		o.settle(t)
		rule := ofLab("editors")
		rule.Active, rule.Name, rule.UpdatedAt = true, "lab", o.Now()
		o.saveRule(t, rule)
		row, err := db.BirthrightBySlug(o.ctx, o.store, "lab")
		require.NoError(t, err)
		require.True(t, row.Pending)
		last := o.person(t, "lab03").ID
		for _, name := range []string{"lab00", "lab01", "lab02", "lab04"} {
			last = max(last, o.person(t, name).ID)
		}
		row.Behind = last // as if all but those behind were looked at
		require.NoError(t, db.PassBirthright(o.ctx, o.store, row, ""))
		o.settle(t)
		require.Empty(t, o.target.Members("Editors"))
		require.NoError(t, o.BirthrightsChanged(o.ctx, "lab"))
		o.settle(t)
		require.Len(t, o.target.Members("Editors"), 5)
	})
}

// What differs is put right where the directory is the truth; what people decided is reported and left.
func TestADirectoryIsCompared(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		for _, name := range []string{"zoe", "yan", "xia", "wes"} {
			o.tell(t, name, told{})
		}
		o.members(t, "Crew", "zoe", "yan")
		require.Equal(t, flows.Reconciled{Users: 4, People: 4}, o.reconcile(t))

		zoe, yan := o.person(t, "zoe"), o.person(t, "yan")
		zoe.Department = "Trade"
		require.NoError(t, db.TellPerson(o.ctx, o.store, zoe))
		yan.LeftAt = o.Now()
		require.NoError(t, db.TellPerson(o.ctx, o.store, yan))
		group, err := db.GroupByHandle(o.ctx, o.store, "directory", "crew")
		require.NoError(t, err)
		require.NoError(t, db.SetMembers(o.ctx, o.store, group.ID, []string{zoe.ID, o.person(t, "xia").ID}))
		_, err = o.store.NewDelete().Model((*db.BirthrightPerson)(nil)).Where("person_id = ?", o.person(t, "wes").ID).Exec(o.ctx)
		require.NoError(t, err)
		require.NoError(t, o.Revoke(o.ctx, o.grants(t, "xia")[0].ID, o.people["dana"], "not him"))
		found := o.reconcile(t)
		require.Equal(t, flows.Reconciled{Users: 4, People: 4, Righted: 5, Differ: 1}, found)
		require.Equal(t, "Lab", o.person(t, "zoe").Department)
		require.True(t, o.person(t, "yan").Active)
		members, err := db.MemberIDs(o.ctx, o.store, group.ID)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{zoe.ID, yan.ID}, members)
		require.Equal(t, []string{"The rule lab gives xia Drive editors. It was denied, given back or revoked, or nobody decided in time."}, o.drifts(t))
		require.Equal(t, flows.Reconciled{Users: 4, People: 4, Differ: 1}, o.reconcile(t), "nothing is left to put right")
		require.Len(t, o.drifts(t), 1)
	})
}

// Where changes wait for people, a difference is reported and nothing is put right without them.
func TestADirectoryThatHoldsIsCompared(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		o := &company{holding(t, b, policy)}
		o.tell(t, "zoe", told{})
		o.gathered(t)
		require.Equal(t, flows.Reconciled{Users: 1, People: 1, Undecided: 1}, o.reconcile(t), "somebody decides on it")
		o.heldWorld.say(t, o.only(t), "carl", "")
		o.settle(t)
		require.Equal(t, "Lab", o.person(t, "zoe").Department)
		zoe := o.person(t, "zoe")
		zoe.Department = "Trade"
		require.NoError(t, db.TellPerson(o.ctx, o.store, zoe))
		require.Equal(t, flows.Reconciled{Users: 1, People: 1, Differ: 1}, o.reconcile(t))
		require.Equal(t, []string{"Okta says otherwise of zoe than what is so."}, o.drifts(t))
		zoe.Department = "Lab"
		require.NoError(t, db.TellPerson(o.ctx, o.store, zoe))
		require.Equal(t, flows.Reconciled{Users: 1, People: 1}, o.reconcile(t))
		require.Empty(t, o.drifts(t))
	})
}

// A night has one comparison, also when two replicas find that it is due and both begin. A job that is tried again goes on.
func TestANightHasOneComparison(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		second := o.heldWorld.second(t)
		o.clock.Advance(25 * hour)
		found := o.Now()
		err := together(
			func() error { return o.ReconcileRun(o.ctx, o.directory.ID, found) },
			func() error { return second.ReconcileRun(o.ctx, o.directory.ID, found.Add(time.Second)) },
		)
		if err != nil {
			require.ErrorIs(t, err, db.ErrConflict, "the other one was faster")
		}
		require.Equal(t, 1, o.heldWorld.said(t, "directory.reconciled"))
		row, err := db.DirectoryByID(o.ctx, o.store, o.directory.ID)
		require.NoError(t, err)
		require.NoError(t, o.ReconcileRun(o.ctx, o.directory.ID, row.ReconciledAt.Add(2*time.Second)), "found due before")
		require.Equal(t, 1, o.heldWorld.said(t, "directory.reconciled"))
		require.NoError(t, o.ReconcileRun(o.ctx, o.directory.ID, row.ReconciledAt), "tried again")
		require.Equal(t, 2, o.heldWorld.said(t, "directory.reconciled"))
		o.clock.Advance(24 * hour)
		require.NoError(t, second.ReconcileRun(o.ctx, o.directory.ID, o.Now()))
		require.Equal(t, 3, o.heldWorld.said(t, "directory.reconciled"))
	})
}

// The nightly comparison comes due by its schedule, once.
func TestTheNightlyComparison(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.tell(t, "zoe", told{})
		o.work(t)
		o.clock.Advance(25 * hour)
		o.until(t, "the comparison", func() bool {
			require.NoError(t, o.SweepSoon(o.ctx)) // a sweep leaves to the next one what waits behind other work
			return o.heldWorld.said(t, "directory.reconciled") > 0
		})
		row, err := db.DirectoryByID(o.ctx, o.store, o.directory.ID)
		require.NoError(t, err)
		require.WithinDuration(t, o.Now(), row.ReconciledAt, time.Minute)
	})
}
