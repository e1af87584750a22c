package workos_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
)

// TestStale leaves out what is older than what is known, and says so.
func TestStale(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		ana, editors := b.server.CreateUser(b.acme, "ana@example.com"), b.server.CreateGroup(b.acme, "Editors")
		oldUser, oldGroup := event(t, b.server.Get(ana)), event(t, b.server.Get(editors))
		oldUser["state"], oldGroup["name"] = "inactive", "Old"
		before := b.begin(t)
		b.server.UpdateUser(ana, workostest.Object{"job_title": "Editor"})
		b.server.RenameGroup(editors, "New")
		b.server.Emit(workos.UserUpdated, oldUser)
		b.server.Emit(workos.GroupUpdated, oldGroup)
		b.read(t)
		require.Equal(t, []change{
			{db.UserUpdated, "ana@example.com", "recorded"},
			{db.GroupUpdated, "New", "recorded"},
			{db.UserUpdated, "ana@example.com", "stale"},
			{db.GroupUpdated, "Old", "stale"},
		}, b.told(t, before))
		require.Equal(t, map[string]any{"ana@example.com": true, "@New": map[string]bool{}}, b.mirror(t))
		require.NotEmpty(t, b.changes(t, before)[2].Reason)
		require.False(t, b.changes(t, before)[2].SettledAt.IsZero())
	})
}

// TestOldPayloads do not say when they were so: the event does.
func TestOldPayloads(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		ana := b.server.CreateUser(b.acme, "ana@example.com")
		before := b.begin(t)
		old := event(t, b.server.Get(ana))
		delete(old, "updated_at")
		delete(old, "email")
		old["emails"] = []any{workostest.Object{"value": "ana.old@example.com"}, workostest.Object{"value": "ana@example.com", "primary": true}}
		old["job_title"], old["username"] = "Editor", "ana"
		b.server.Emit(workos.UserUpdated, old)
		b.read(t)
		require.Equal(t, []change{{db.UserUpdated, "ana@example.com", "recorded"}}, b.told(t, before))
		row, resource := b.user(t, ana)
		require.Equal(t, "Editor", resource["title"])
		require.Equal(t, b.changes(t, 0)[0].Label, row.Email)
		require.False(t, row.ToldAt.Before(start))
	})
}

// TestDuplicates counts an event once that comes again with another place in the list, as after a lost cursor.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.begin(t)
		before := b.row(t)
		crowd(b, 10)
		b.read(t)
		last := b.row(t).Journal
		require.NoError(t, b.WriteDirectory(t.Context(), b.id, rewind(before.Cursor)))
		b.read(t)
		require.Empty(t, b.told(t, last))
		b.isTaken(t, before.Journal)
	})
}

// TestOthers takes nothing over of directories that are read by themselves, or not at all.
func TestOthers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		beta, strange := b.server.CreateDirectory("Beta"), b.server.CreateDirectory("Strange")
		b.directory(t, "beta", beta)
		b.server.CreateUser(b.acme, "ana@example.com")
		b.server.CreateUser(beta, "ben@example.com")
		b.server.CreateUser(strange, "mallory@example.com")
		b.server.DeleteDirectory(strange)
		b.read(t)
		require.Equal(t, []change{{db.UserCreated, "ana@example.com", "recorded"}}, b.told(t, before))
		made := b.server.Events()
		require.Equal(t, made[len(made)-1]["id"], b.row(t).Cursor, "they are not read again")
		require.Contains(t, b.said.String(), "directory_id="+strange+" events=3")
		require.NotContains(t, b.said.String(), "directory_id="+beta)
	})
}

// TestUnknown asks WorkOS for whom an event names and nobody here knows.
func TestUnknown(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		var ana, editors string
		b.server.Silently(func() {
			ana, editors = b.server.CreateUser(b.acme, "ana@example.com"), b.server.CreateGroup(b.acme, "Editors")
		})
		b.server.AddMember(editors, ana)
		ben := b.server.CreateUser(b.acme, "ben@example.com")
		b.server.AddMember(editors, ben)
		b.read(t)
		require.Equal(t, []change{
			{db.UserCreated, "ana@example.com", "recorded"},
			{db.GroupCreated, "Editors", "recorded"},
			{db.MembersAdded, "Editors", "recorded"},
			{db.UserCreated, "ben@example.com", "recorded"},
			{db.MembersAdded, "Editors", "recorded"},
		}, b.told(t, before))

		before = b.row(t).Journal
		gone := event(t, b.server.Get(ana))
		gone["id"] = "directory_user_gone"
		b.server.Emit(workos.UserAdded, workostest.Object{"directory_id": b.acme, "user": gone, "group": event(t, b.server.Get(editors))})
		b.server.Emit(workos.UserRemoved, workostest.Object{"directory_id": b.acme, "user": gone, "group": event(t, b.server.Get(editors))})
		b.server.Emit(workos.UserDeleted, gone)
		b.read(t)
		require.Equal(t, []change{{db.MembersAdded, "Editors", "stale"}}, b.told(t, before), "whoever is gone is no member")
	})
}

// TestAWayToAskFails loses nothing when WorkOS can't be asked in the middle.
func TestAWayToAskFails(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		var ana string
		editors := b.server.CreateGroup(b.acme, "Editors")
		b.server.Silently(func() { ana = b.server.CreateUser(b.acme, "ana@example.com") })
		b.server.AddMember(editors, ana)
		b.server.Fail(workostest.Fault{Path: "/directory_users/", Status: 500})
		b.read(t)
		require.Contains(t, b.row(t).PollError, "500")
		require.Len(t, b.told(t, before), 1)
		b.read(t)
		require.Empty(t, b.row(t).PollError)
		require.Equal(t, map[string]any{"ana@example.com": true, "@Editors": map[string]bool{"ana@example.com": true}}, b.mirror(t))
	})
}

// TestUnreadable goes on behind an event that can't be read, and leaves it in the journal.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		for _, name := range workos.Names()[2:] {
			data := workostest.Object{"directory_id": b.acme, "id": 7}
			if name == workos.Deleted {
				data = workostest.Object{"id": b.acme, "name": 7}
			}
			b.server.Emit(name, data)
		}
		b.server.Emit("dsync.user.promoted", workostest.Object{"directory_id": b.acme})
		b.server.CreateUser(b.acme, "ana@example.com")
		b.read(t)
		told := b.told(t, before)
		require.Len(t, told, 10)
		for _, one := range told[:9] {
			require.Equal(t, "failed", one.Status)
			require.Contains(t, one.Label, "event_")
		}
		require.Equal(t, change{db.UserCreated, "ana@example.com", "recorded"}, told[9])
	})
}
