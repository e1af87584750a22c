package workos_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
)

// hurried reads as a job whose time is nearly over: it makes one step of a comparison and leaves the rest to the next.
func (b *bundle) hurried(t testing.TB, reader *workos.Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, reader.Read(ctx, b.row(t)))
}

// finished reads in a hurry until no comparison is under way, each time in another process, and returns how often.
func (b *bundle) finished(t testing.TB) int {
	t.Helper()
	for times := 1; times < 100; times++ {
		b.hurried(t, b.another(t))
		row := b.row(t)
		require.Empty(t, row.PollError)
		if row.Comparing == "" {
			return times
		}
		require.False(t, row.PollAfter.After(b.Now()), "the next job goes on at once")
	}
	require.FailNow(t, "the comparison has no end")
	return 0
}

// TestALongComparisonGoesOn where it was, in other processes, however often it is broken off; what happens meanwhile is
// told at once, and nothing of it is lost.
func TestALongComparisonGoesOn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		var people, teams []string
		for n := range 250 {
			people = append(people, b.server.CreateUser(b.acme, fmt.Sprintf("person%03d@example.com", n)))
		}
		for n := range 5 {
			teams = append(teams, b.server.CreateGroup(b.acme, fmt.Sprintf("Team %d", n)))
			for m := range 20 {
				b.server.AddMember(teams[n], people[n*20+m])
			}
		}
		b.server.Advance(time.Hour)
		require.Greater(t, b.finished(t), 3+1+5+2, "each page, each group's members, and who is gone, in a job of its own")
		require.Len(t, b.mirror(t), 255)
		require.Len(t, b.mirror(t)["@Team 4"], 20)
		require.Equal(t, b.server.Now().Truncate(time.Second), b.row(t).ReconciledAt.UTC())

		b.server.Advance(25 * time.Hour)
		b.server.Silently(func() {
			b.server.DeleteUser(people[249])
			b.server.UpdateUser(people[200], workostest.Object{"state": "inactive"})
			b.server.RemoveMember(teams[3], people[60])
			b.server.AddMember(teams[4], people[60])
			b.server.DeleteGroup(teams[0])
		})
		before := b.row(t).Journal
		b.hurried(t, b.reader)
		require.Contains(t, b.row(t).Comparing, `"part":"users"`)
		b.server.UpdateUser(people[248], workostest.Object{"state": "inactive"})
		b.server.DeleteUser(people[99]) // behind whom the comparison is to go on
		joiner := b.server.CreateUser(b.acme, "new@example.com")
		b.server.AddMember(teams[1], joiner)
		b.hurried(t, b.another(t))
		require.Subset(t, b.told(t, before), []change{
			{db.UserSuspended, "person248@example.com", "recorded"},
			{db.UserDeleted, "person099@example.com", "recorded"},
			{db.UserCreated, "new@example.com", "recorded"},
			{db.MembersAdded, "Team 1", "recorded"},
		}, "events do not wait for the comparison")
		require.NotEmpty(t, b.row(t).Comparing)
		b.finished(t)
		told := b.told(t, before)
		require.ElementsMatch(t, []change{
			{db.UserSuspended, "person248@example.com", "recorded"},
			{db.UserSuspended, "person099@example.com", "recorded"},
			{db.UserDeleted, "person099@example.com", "recorded"},
			{db.UserCreated, "new@example.com", "recorded"},
			{db.MembersAdded, "Team 1", "recorded"},
			{db.UserSuspended, "person200@example.com", "recorded"},
			{db.MembersRemoved, "Team 3", "recorded"},
			{db.MembersAdded, "Team 4", "recorded"},
			{db.GroupDeleted, "Team 0", "recorded"},
			{db.UserSuspended, "person249@example.com", "recorded"},
			{db.UserDeleted, "person249@example.com", "recorded"},
		}, told)
		require.True(t, b.knows(t, joiner), "who came while it was compared is not taken for gone")
		before = b.row(t).Journal
		b.server.Advance(25 * time.Hour)
		b.finished(t)
		require.Empty(t, b.told(t, before))
	})
}

// TestTwoCompareAtOnce has two processes go on with one comparison: each piece counts for one of them.
func TestTwoCompareAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		team := b.server.CreateGroup(b.acme, "Team")
		for n := range 230 {
			b.server.AddMember(team, b.server.CreateUser(b.acme, fmt.Sprintf("person%03d@example.com", n)))
		}
		b.server.Advance(40 * 24 * time.Hour)
		var group sync.WaitGroup
		for range 2 {
			reader := b.another(t)
			group.Go(func() {
				for range 20 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					row, err := db.DirectoryByID(ctx, b.store, b.id)
					if err == nil {
						err = reader.Read(ctx, row)
					}
					cancel()
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		b.finished(t)
		require.Len(t, b.mirror(t), 231)
		kinds := map[string]int{}
		for _, one := range b.told(t, 0) {
			kinds[one.Kind]++
		}
		require.Equal(t, map[string]int{db.UserCreated: 230, db.GroupCreated: 1, db.MembersAdded: 1}, kinds)
	})
}

// TestUnlinkedWhileItIsCompared takes nobody for gone, whenever the directory is cut off from its source.
func TestUnlinkedWhileItIsCompared(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for n := range 3 {
			b.server.AddMember(b.server.CreateGroup(b.acme, fmt.Sprint("Team ", n)), b.server.CreateUser(b.acme, fmt.Sprintf("person%d@example.com", n)))
		}
		before := b.begin(t)
		b.server.Advance(25 * time.Hour)
		b.hurried(t, b.reader)
		b.server.DeactivateDirectory(b.acme)
		for range 10 {
			b.hurried(t, b.another(t))
			require.Contains(t, b.row(t).PollError, "not linked")
			b.server.Advance(time.Hour)
		}
		require.Empty(t, b.told(t, before))
	})
}
