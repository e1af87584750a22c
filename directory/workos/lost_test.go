package workos_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
)

// TestTheFirstReading takes over all that is there, and then what happens.
func TestTheFirstReading(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		crowd(b, 20)
		b.server.Advance(40 * 24 * time.Hour) // its events are no longer kept
		b.read(t)
		there := b.mirror(t)
		require.Len(t, there, 1+16)
		require.Len(t, there["@Editors"], 12)
		for _, one := range b.told(t, 0) {
			require.Contains(t, []string{db.UserCreated, db.GroupCreated, db.MembersAdded}, one.Kind)
		}
		row := b.row(t)
		require.Equal(t, b.server.Now().Truncate(time.Second), row.ReconciledAt.UTC())
		require.True(t, row.PollAfter.After(b.Now()))
		b.server.CreateUser(b.acme, "ana@example.com")
		b.read(t)
		require.Equal(t, []change{{db.UserCreated, "ana@example.com", "recorded"}}, b.told(t, row.Journal))
	})
}

// TestALostCursor takes the state over when WorkOS does not know the event any more, or never did, and goes on.
func TestALostCursor(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(t *testing.T, b *bundle){
		"not kept any more": func(_ *testing.T, b *bundle) { b.server.Advance(31 * 24 * time.Hour) },
		"never known": func(t *testing.T, b *bundle) {
			require.NoError(t, b.WriteDirectory(t.Context(), b.id, rewind("event_unknown")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				ana, ben := b.server.CreateUser(b.acme, "ana@example.com"), b.server.CreateUser(b.acme, "ben@example.com")
				editors := b.server.CreateGroup(b.acme, "Editors")
				b.server.AddMember(editors, ana)
				b.begin(t)
				b.server.CreateUser(b.acme, "eva@example.com")
				b.read(t)
				before := b.row(t).Journal
				// This is never read as events.
				b.server.Silently(func() {
					b.server.DeleteUser(ben)
					b.server.RemoveMember(editors, ana)
					b.server.UpdateUser(ana, workostest.Object{"state": "inactive"})
				})
				b.server.Advance(2 * time.Second)
				lose(t, b)
				b.read(t)
				require.Equal(t, []change{
					{db.UserSuspended, "ana@example.com", "recorded"},
					{db.MembersRemoved, "Editors", "recorded"},
					{db.UserSuspended, "ben@example.com", "recorded"},
					{db.UserDeleted, "ben@example.com", "recorded"},
				}, b.told(t, before))
				before = b.row(t).Journal
				b.server.UpdateUser(ana, workostest.Object{"state": "active"})
				b.read(t)
				require.Equal(t, []change{{db.UserResumed, "ana@example.com", "recorded"}}, b.told(t, before))
				require.Equal(t, b.changes(t, before)[0].Event, b.row(t).Cursor)
			})
		})
	}
}

// TestWhatTheStateHadAlready does not repeat events that the state, which was taken over, had in it.
func TestWhatTheStateHadAlready(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		editors, ana := b.server.CreateGroup(b.acme, "Editors"), b.server.CreateUser(b.acme, "ana@example.com")
		b.server.AddMember(editors, ana)
		b.server.RemoveMember(editors, ana)
		b.server.AddMember(editors, ana)
		b.server.Advance(2 * time.Second) // less than is read again
		before := b.begin(t)
		require.Equal(t, map[string]any{"ana@example.com": true, "@Editors": map[string]bool{"ana@example.com": true}}, b.mirror(t))
		require.Len(t, b.told(t, 0), 3, "she is added once and never removed")
		made := b.server.Events()
		require.Equal(t, made[len(made)-1]["id"], b.row(t).Cursor)
		b.read(t)
		require.Empty(t, b.told(t, before))
	})
}

// TestChangesWhileTheStateIsRead loses nothing that happens between the first part of the state and the last.
func TestChangesWhileTheStateIsRead(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		editors, ana := b.server.CreateGroup(b.acme, "Editors"), b.server.CreateUser(b.acme, "ana@example.com")
		reads := 0
		b.server.Before(func(path string) {
			if reads++; strings.HasPrefix(path, "/directory_users") && reads < 10 {
				b.server.AddMember(editors, b.server.CreateUser(b.acme, fmt.Sprintf("new%d@example.com", reads)))
			}
		})
		b.read(t)
		b.server.Before(nil)
		b.read(t)
		require.Len(t, b.mirror(t)["@Editors"], 2)
		b.server.RemoveMember(editors, ana)
		b.read(t)
		require.Len(t, b.mirror(t), 4)
	})
}

// TestTheNightlyComparison finds what no event told of.
func TestTheNightlyComparison(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		ana, ben := b.server.CreateUser(b.acme, "ana@example.com"), b.server.CreateUser(b.acme, "ben@example.com")
		editors, old := b.server.CreateGroup(b.acme, "Editors"), b.server.CreateGroup(b.acme, "Old")
		b.server.AddMember(editors, ana)
		b.begin(t)
		b.server.CreateUser(b.acme, "eva@example.com")
		b.read(t)
		before, cursor := b.row(t).Journal, b.row(t).Cursor
		b.server.Silently(func() {
			b.server.UpdateUser(ana, workostest.Object{"state": "inactive"})
			b.server.RemoveMember(editors, ana)
			b.server.AddMember(editors, ben)
			b.server.CreateUser(b.acme, "dan@example.com")
			b.server.DeleteGroup(old)
		})
		b.server.Advance(23 * time.Hour)
		b.read(t)
		require.Empty(t, b.told(t, before), "it is not yet night")
		b.server.Advance(time.Hour)
		b.read(t)
		require.Equal(t, []change{
			{db.UserSuspended, "ana@example.com", "recorded"},
			{db.UserCreated, "dan@example.com", "recorded"},
			{db.MembersRemoved, "Editors", "recorded"},
			{db.MembersAdded, "Editors", "recorded"},
			{db.GroupDeleted, "Old", "recorded"},
		}, b.told(t, before))
		require.Equal(t, cursor, b.row(t).Cursor)
		require.Contains(t, b.said.String(), "differences=5")
		before = b.row(t).Journal
		b.server.Advance(24 * time.Hour)
		b.read(t)
		require.Empty(t, b.told(t, before))
	})
}

// TestADirectoryThatIsNotLinked is not taken for one in which nobody is.
func TestADirectoryThatIsNotLinked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.server.CreateUser(b.acme, "ana@example.com")
		before := b.begin(t)
		b.server.DeactivateDirectory(b.acme)
		b.server.Advance(25 * time.Hour)
		b.read(t)
		require.Contains(t, b.row(t).PollError, "not linked")
		b.server.DeleteDirectory(b.acme)
		b.server.Advance(time.Hour)
		b.read(t)
		require.Contains(t, b.row(t).PollError, "check directory_id")
		require.Equal(t, []change{{db.DirectoryDeleted, "Acme", "recorded"}}, b.told(t, before))
		require.Len(t, b.mirror(t), 1)
	})
}

// TestAStateOfOtherPeople takes nothing over from what answers with another directory's users.
func TestAStateOfOtherPeople(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.server.CreateUser(b.acme, "ana@example.com")
		before := b.begin(t)
		b.server.Advance(25 * time.Hour)
		b.server.Fail(workostest.Fault{
			Path: "/directory_users", Status: 200, Body: `{"object":"list","data":[{"id":"directory_user_1","directory_id":"directory_2"}],"list_metadata":{}}`,
		})
		b.read(t)
		require.Contains(t, b.row(t).PollError, workos.ErrAnswer.Error())
		require.Empty(t, b.told(t, before))
	})
}
