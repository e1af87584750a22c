package flows_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
)

// guarded is a directory whose changes are so at once, with a breaker, and with people who are known here.
func guarded(t *testing.T, b *bundle, breaker db.Breaker, people int) (o *heldWorld, names []string) {
	t.Helper()
	o = holding(t, b, db.DirectoryPolicy{Breaker: breaker, Routes: []db.DirectoryRoute{{Chain: "directory", Channel: "#it"}}})
	for n := range people {
		names = append(names, fmt.Sprintf("p%02d", n))
	}
	o.save(t, "Design", true, names...)
	o.settle(t)
	return o, names
}

// journal counts the changes of a kind with a status.
func (o *heldWorld) journal(t testing.TB, kind, status string) int {
	t.Helper()
	n, err := o.store.NewSelect().Model((*db.DirectoryChange)(nil)).Where("kind = ?", kind).Where("status = ?", status).Count(o.ctx)
	require.NoError(t, err)
	return int(n)
}

// stop is the open stop of the directory.
func (o *heldWorld) stop(t testing.TB) db.DirectoryStop {
	t.Helper()
	stop, err := db.OpenStop(o.ctx, o.store, o.directory.ID)
	require.NoError(t, err)
	return stop
}

// open says whether a stop of the directory is open.
func (o *heldWorld) stopped(t testing.TB) bool {
	t.Helper()
	_, err := db.OpenStop(o.ctx, o.store, o.directory.ID)
	if err != nil {
		require.ErrorIs(t, err, db.ErrNotFound)
	}
	return err == nil
}

// active says who is active here.
func (o *heldWorld) active(t testing.TB, name string) bool {
	t.Helper()
	p, err := db.PersonByEmail(o.ctx, o.store, name+"@acme.example")
	require.NoError(t, err)
	return p.Active
}

// A flood is stopped before its first drop: nobody is gone until a person has looked.
func TestTheBreakerStopsAFlood(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, names := guarded(t, b, db.Breaker{Changes: 5, Percent: -1}, 12)
		o.save(t, "Design", false, names[:5]...)
		o.settle(t)
		require.Equal(t, 5, o.journal(t, db.UserSuspended, db.ChangeEffective), "five are usual")
		require.False(t, o.stopped(t))

		o.save(t, "Design", false, names[5:8]...)
		o.settle(t)
		require.Equal(t, 3, o.journal(t, db.UserSuspended, db.ChangeStopped))
		require.True(t, o.active(t, names[5]))
		stop := o.stop(t)
		require.Equal(t, "Okta wants to suspend 8 people within an hour, where 5 are usual at most.", stop.Why)
		require.Equal(t, "#it", stop.Channel)
		require.Equal(t, 8, stop.Found)
		require.Equal(t, 5, stop.Allowed)

		o.save(t, "Sales", true, names[9])  // somebody else
		o.save(t, "Sales", false, names[6]) // of a stopped one: it keeps its place behind
		o.save(t, "Sales", true, names[6])
		o.settle(t)
		require.Equal(t, 1, o.journal(t, db.UserUpdated, db.ChangeEffective))
		require.Equal(t, 1, o.journal(t, db.UserUpdated, db.ChangeStopped))
		require.Equal(t, 1, o.journal(t, db.UserResumed, db.ChangeStopped))
		require.Equal(t, 1, o.said(t, "directory.stopped"))

		refused(t, o.ResumeDirectory(o.ctx, answer(stop, o.people["carl"], "")), "Only admins and the owner of Okta")
		require.NoError(t, o.ResumeDirectory(o.ctx, answer(stop, o.people["dana"], "the studio closes")))
		refused(t, o.ResumeDirectory(o.ctx, answer(stop, o.people["ada"], "")), "Dana has already let this go on")
		refused(t, o.DiscardDirectory(o.ctx, answer(stop, o.people["ada"], "no")), "Dana has already let this go on")
		o.settle(t)
		require.Zero(t, o.journal(t, db.UserSuspended, db.ChangeStopped))
		require.Equal(t, 8, o.journal(t, db.UserSuspended, db.ChangeEffective))
		require.False(t, o.active(t, names[5]))
		require.True(t, o.active(t, names[6]), "he was suspended and came back, in this order")

		o.save(t, "Design", false, names[8], names[9], names[10])
		o.settle(t)
		require.False(t, o.stopped(t), "the count begins anew where somebody has looked")
		require.Equal(t, 1, o.said(t, "directory.resumed"))
		o.verified(t)
	})
}

// What is discarded is not so, and the difference stands until it is gone.
func TestWhatTheBreakerStoppedIsDiscarded(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, names := guarded(t, b, db.Breaker{Changes: 2, Percent: -1}, 6)
		o.save(t, "Design", false, names[:4]...)
		o.settle(t)
		stop := o.stop(t)
		refused(t, o.DiscardDirectory(o.ctx, answer(stop, o.people["ada"], " ")), "Write a reason")
		require.NoError(t, o.DiscardDirectory(o.ctx, answer(stop, o.people["ada"], "wrong mapping")))
		o.settle(t)
		require.Equal(t, 4, o.journal(t, db.UserSuspended, db.ChangeDiscarded))
		require.True(t, o.active(t, names[0]))
		require.Len(t, o.drifts(t), 4)
		require.Equal(t, "Okta wanted to suspend p00@acme.example, and it is not so: wrong mapping.", sorted(o.drifts(t))[0])

		o.save(t, "Design", true, names[:4]...)
		o.settle(t)
		require.Empty(t, o.drifts(t))
		o.verified(t)
	})
}

// What the breaker counts, and when it trips.
func TestWhatTheBreakerCounts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		breaker db.Breaker
		take    func(t *testing.T, o *heldWorld, names []string)
		why     string
	}{
		"a few of a few": {db.Breaker{Percent: 5}, func(t *testing.T, o *heldWorld, names []string) {
			o.save(t, "Design", false, names[:4]...)
		}, ""},
		"more than a few of a few": {db.Breaker{Percent: 5}, func(t *testing.T, o *heldWorld, names []string) {
			o.save(t, "Design", false, names[:5]...)
		}, "Okta wants to suspend 5 people within an hour, where 4 are usual at most."},
		"a single one never": {db.Breaker{}, func(t *testing.T, o *heldWorld, names []string) {
			o.save(t, "Design", false, names[0])
		}, ""},
		"a fifth": {db.Breaker{}, func(t *testing.T, o *heldWorld, names []string) {
			o.save(t, "Design", false, names[:6]...)
		}, ""},
		"more than a fifth": {db.Breaker{}, func(t *testing.T, o *heldWorld, names []string) {
			o.save(t, "Design", false, names[:7]...)
		}, "Okta wants to suspend 7 people within an hour, where 6 are usual at most."},
		"by and by": {db.Breaker{}, func(t *testing.T, o *heldWorld, names []string) {
			for _, name := range names[:7] {
				o.save(t, "Design", false, name)
				o.settle(t)
				o.clock.Advance(8 * minute)
			}
		}, "Okta wants to suspend 7 people within an hour, where 6 are usual at most."},
		"in the course of a day": {db.Breaker{}, func(t *testing.T, o *heldWorld, names []string) {
			for _, name := range names[:8] {
				o.save(t, "Design", false, name)
				o.settle(t)
				o.clock.Advance(61 * minute)
			}
		}, ""},
		"switched off": {db.Breaker{Changes: -1, Percent: -1}, func(t *testing.T, o *heldWorld, names []string) {
			o.save(t, "Design", false, names...)
		}, ""},
		"memberships": {db.Breaker{Changes: 3, Percent: -1}, func(t *testing.T, o *heldWorld, names []string) {
			o.group(t, "Crew", scim.AddMembers, names...)
			o.settle(t)
			o.group(t, "Crew", scim.RemoveMembers, names[:2]...)
			o.group(t, "Crew", scim.RemoveMembers, names[2:4]...)
		}, "Okta wants to remove 4 people from groups within an hour, where 3 are usual at most."},
		"whole groups": {db.Breaker{Changes: -1, Percent: 60}, func(t *testing.T, o *heldWorld, names []string) {
			o.group(t, "A", scim.AddMembers, names...)
			o.group(t, "B", scim.AddMembers, names...)
			o.group(t, "C", scim.AddMembers, names...)
			o.settle(t)
			o.group(t, "A", scim.ClearMembers)
			o.group(t, "B", scim.ClearMembers)
		}, "Okta wants to empty 2 groups within an hour, where 1 are usual at most."},
		"people who come": {db.Breaker{Changes: 3}, func(t *testing.T, o *heldWorld, _ []string) {
			o.save(t, "Design", true, "new1", "new2", "new3", "new4", "new5", "new6")
		}, ""},
		"the whole directory": {db.Breaker{Changes: -1, Percent: -1}, func(t *testing.T, o *heldWorld, _ []string) {
			o.write(t, adds(db.DirectoryChange{Kind: db.DirectoryDeleted, Label: "Okta"}))
		}, "Okta was deleted at its source: all of its people and groups would go at once."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				o, names := guarded(t, b, tc.breaker, 30)
				tc.take(t, o, names)
				o.settle(t)
				if tc.why == "" {
					require.False(t, o.stopped(t))
					return
				}
				require.Equal(t, tc.why, o.stop(t).Why)
			})
		})
	}
}

// Two people decide on a stop at once: one of them does, and the other is told.
func TestTwoPeopleDecideOnAStop(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, names := guarded(t, b, db.Breaker{Changes: 2, Percent: -1}, 6)
		o.save(t, "Design", false, names[:4]...)
		o.settle(t)
		stop := o.stop(t)
		other := o.second(t)
		var resumed, discarded error
		require.NoError(t, together(
			func() error { resumed = o.ResumeDirectory(o.ctx, answer(stop, o.people["dana"], "")); return nil },
			func() error {
				discarded = other.DiscardDirectory(o.ctx, answer(stop, o.people["ada"], "a mistake"))
				return nil
			},
			func() error { return o.DirectoryWork(o.ctx, o.directory.ID) },
		))
		o.settle(t)
		if resumed == nil {
			refused(t, discarded, "Dana has already let this go on")
			require.Equal(t, 4, o.journal(t, db.UserSuspended, db.ChangeEffective))
		} else {
			require.NoError(t, discarded)
			refused(t, resumed, "ada has already discarded this")
			require.Equal(t, 4, o.journal(t, db.UserSuspended, db.ChangeDiscarded))
		}
		require.Equal(t, 1, o.said(t, "directory.resumed")+o.said(t, "directory.discarded"))
	})
}
