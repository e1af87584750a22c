package workos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
	"github.com/usherhq/usher/flows"
)

// TestEachEvent takes over one event of each name.
func TestEachEvent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		ana, eva := b.server.CreateUser(b.acme, "ana@example.com"), b.server.CreateUser(b.acme, "eva@example.com")
		editors := b.server.CreateGroup(b.acme, "Editors")
		before := b.begin(t)
		for _, step := range []struct {
			name string
			do   func()
			want []change
		}{
			{workos.UserCreated, func() { b.server.CreateUser(b.acme, "Ben@Example.com") }, []change{{db.UserCreated, "ben@example.com", "recorded"}}},
			{workos.UserUpdated, func() { b.server.UpdateUser(ana, workostest.Object{"last_name": "Silva"}) }, []change{{db.UserUpdated, "ana@example.com", "recorded"}}},
			{workos.UserUpdated, func() { b.server.UpdateUser(ana, workostest.Object{"state": "inactive"}) }, []change{{db.UserSuspended, "ana@example.com", "recorded"}}},
			{workos.UserUpdated, func() { b.server.UpdateUser(ana, workostest.Object{"state": "active"}) }, []change{{db.UserResumed, "ana@example.com", "recorded"}}},
			{workos.GroupCreated, func() { b.server.CreateGroup(b.acme, "Authors") }, []change{{db.GroupCreated, "Authors", "recorded"}}},
			{workos.GroupUpdated, func() { b.server.RenameGroup(editors, "Redaction") }, []change{{db.GroupUpdated, "Redaction", "recorded"}}},
			{workos.UserAdded, func() { b.server.AddMember(editors, ana) }, []change{{db.MembersAdded, "Redaction", "recorded"}}},
			{workos.UserRemoved, func() { b.server.RemoveMember(editors, ana) }, []change{{db.MembersRemoved, "Redaction", "recorded"}}},
			{workos.UserDeleted, func() { b.server.DeleteUser(eva) }, []change{{db.UserSuspended, "eva@example.com", "recorded"}, {db.UserDeleted, "eva@example.com", "recorded"}}},
			{workos.GroupDeleted, func() { b.server.DeleteGroup(editors) }, []change{{db.GroupDeleted, "Redaction", "recorded"}}},
			{workos.Activated, func() { b.server.Emit(workos.Activated, b.server.Get(b.acme)) }, []change{}},
			{workos.Deactivated, func() { b.server.DeactivateDirectory(b.acme) }, []change{}},
			{workos.Deleted, func() { b.server.DeleteDirectory(b.acme) }, []change{{db.DirectoryDeleted, "Acme", "recorded"}}},
		} {
			step.do()
			made := b.server.Events()
			newest := made[len(made)-1]
			require.Equal(t, step.name, newest["event"])
			b.read(t)
			require.Equal(t, step.want, b.told(t, before), step.name)
			require.Equal(t, newest["id"], b.row(t).Cursor)
			if len(step.want) > 0 {
				require.Equal(t, newest["id"], b.changes(t, before)[0].Event)
			}
			before = b.row(t).Journal
		}
		require.Equal(t, map[string]any{"ana@example.com": true, "Ben@Example.com": true, "@Authors": map[string]bool{}}, b.mirror(t),
			"that the directory is gone takes nobody out: people decide on that")
	})
}

// TestUserAsSCIM checks what becomes of a user's attributes, old and new.
func TestUserAsSCIM(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		custom := workostest.Object{
			"department_name": "Finance", "division_name": "EMEA", "cost_center_name": "CC7", "employee_number": 4711, "manager_email": "eva@example.com",
			"employment_type": "contractor", "employment_start_date": "2026-12-01", "end_date": "sometime", "territory": "North\x00ern", "level": 3,
			"address": workostest.Object{"city": "Lisboa"},
		}
		ana := b.server.CreateUser(b.acme, "ana@example.com", workostest.Object{
			"first_name": "Ana", "last_name": "Silva", "job_title": "Editor", "username": "ana", "custom_attributes": custom,
			"emails": []any{
				workostest.Object{"value": "Ana@example.com", "type": "work", "primary": true},
				workostest.Object{"value": "ana@home.example", "type": "home"},
			},
		})
		before := b.begin(t)
		row, resource := b.user(t, ana)
		require.Equal(t, scim.Resource{
			"schemas": []any{
				"urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
				"urn:ietf:params:scim:schemas:extension:usher:2.0:User", mirror.Custom,
			},
			"userName": "ana@example.com", "externalId": ana, "active": true, "title": "Editor", "userType": "contractor",
			"name": scim.Resource{"givenName": "Ana", "familyName": "Silva"}, "displayName": "Ana Silva",
			"emails": []any{
				scim.Resource{"value": "ana@example.com", "type": "work", "primary": true}, scim.Resource{"value": "ana@home.example", "type": "home"},
			},
			"roles": []any{scim.Resource{"value": "member"}},
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": scim.Resource{
				"department": "Finance", "division": "EMEA", "costCenter": "CC7", "employeeNumber": "4711", "manager": scim.Resource{"value": "eva@example.com"},
			},
			"urn:ietf:params:scim:schemas:extension:usher:2.0:User": scim.Resource{"startDate": "2026-12-01", "employmentType": "contractor"},
			mirror.Custom: scim.Resource{
				"department_name": "Finance", "division_name": "EMEA", "cost_center_name": "CC7", "employee_number": json.Number("4711"), "manager_email": "eva@example.com",
				"employment_type": "contractor", "employment_start_date": "2026-12-01", "end_date": "sometime", "territory": "Northern", "level": json.Number("3"),
				"address": map[string]any{"city": "Lisboa"},
			},
		}, resource)
		require.Equal(t, "ana@example.com", row.Email)
		require.True(t, row.Active)

		custom = maps.Clone(custom)
		custom["territory"], custom["address"] = "South", workostest.Object{"city": "Porto"}
		b.server.UpdateUser(ana, workostest.Object{"custom_attributes": custom})
		b.read(t)
		changes := b.changes(t, before)
		require.Len(t, changes, 1)
		require.Equal(t, map[string]any{mirror.Custom + ":territory": "Northern", mirror.Custom + ":address.city": "Lisboa"}, changes[0].Before)
		require.Equal(t, map[string]any{mirror.Custom + ":territory": "South", mirror.Custom + ":address.city": "Porto"}, changes[0].After)
	})
}

// TestNamesAreFreeOrOthers takes users of one address, and groups of one name, for what they are: two.
func TestNamesAreFreeOrOthers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		first := b.server.CreateUser(b.acme, "ana@example.com")
		b.begin(t)
		second := b.server.CreateUser(b.acme, "Ana@example.com", workostest.Object{"custom_attributes": workostest.Object{"username": "ana.2"}})
		b.server.CreateUser(b.acme, "ANA@example.com", workostest.Object{"idp_id": nil})
		b.server.CreateGroup(b.acme, "Editors")
		b.server.CreateGroup(b.acme, "editors")
		b.read(t)
		row, _ := b.user(t, second)
		require.Equal(t, "ana.2", row.UserName)
		require.Equal(t, "ana@example.com", row.Email)
		require.Contains(t, b.mirror(t), "@editors (00geditors)")
		require.Len(t, b.mirror(t), 5)
		b.server.DeleteUser(first)
		b.server.UpdateUser(second, workostest.Object{"last_name": "Silva"})
		b.read(t)
		row, _ = b.user(t, second)
		require.Equal(t, "Ana@example.com", row.UserName, "the name is free now")
	})
}

// crowd makes some people, groups and changes, whose end depends on their order.
func crowd(b *bundle, people int) {
	var ids []string
	group := b.server.CreateGroup(b.acme, "Editors")
	for i := range people {
		id := b.server.CreateUser(b.acme, "person"+strconv.Itoa(i)+"@example.com")
		ids = append(ids, id)
		b.server.AddMember(group, id)
		b.server.UpdateUser(id, workostest.Object{"job_title": "Title " + strconv.Itoa(i%7)})
		switch i % 5 {
		case 1:
			b.server.RemoveMember(group, id)
		case 2:
			b.server.UpdateUser(id, workostest.Object{"state": "inactive"})
		case 3:
			b.server.RemoveMember(group, id)
			b.server.AddMember(group, id)
		case 4:
			b.server.DeleteUser(ids[i-1])
		}
	}
}

// isTaken checks that the journal has each event of the server behind a time once, in the order in which it came.
func (b *bundle) isTaken(t testing.TB, after int64) {
	t.Helper()
	var made, taken []string
	for _, one := range b.server.Events()[1:] { // not that the directory was activated
		made = append(made, one["id"].(string)) //nolint:forcetypeassert // so the server makes them
	}
	for i, row := range b.changes(t, after) {
		require.Equal(t, after+int64(i)+1, row.Seq)
		if row.Event != "" {
			taken = append(taken, row.Event)
		}
	}
	require.Equal(t, made, taken)
}

// TestOrder takes over many events as they came.
func TestOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		crowd(b, 60)
		b.read(t)
		b.isTaken(t, before)
		there := b.mirror(t)
		require.Equal(t, false, there["person2@example.com"])
		require.Len(t, there["@Editors"], 36, "of each five: the first, the third and the fifth")
		before = b.row(t).Journal
		b.read(t)
		require.Empty(t, b.told(t, before))
	})
}

// TestCrashes ends the reading again and again before it is at its end.
func TestCrashes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		crowd(b, 15)
		errCrash := errors.New("the power went")
		for after := 0; ; after++ {
			done := 0
			reader := b.another(t).Between(func() error {
				if done++; done > 3 {
					return errCrash
				}
				return nil
			})
			err := reader.Read(t.Context(), b.row(t))
			if err == nil {
				break
			}
			require.ErrorIs(t, err, errCrash)
			require.Less(t, after, 100)
		}
		b.isTaken(t, before)
	})
}

// TestTwoReadersAtOnce has several processes read one directory at the same time.
func TestTwoReadersAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		before := b.begin(t)
		crowd(b, 40)
		var group sync.WaitGroup
		errs := make(chan error, 4)
		for range cap(errs) {
			reader, row := b.another(t), b.row(t)
			group.Go(func() { errs <- reader.Read(t.Context(), row) })
		}
		group.Wait()
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
		b.read(t) // all may have made way for another
		b.isTaken(t, before)
	})
}

// TestABacklogOfDays goes on where it stood, however long ago, as long as WorkOS keeps events.
func TestABacklogOfDays(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.begin(t)
		b.server.CreateUser(b.acme, "ada@example.com")
		b.read(t)
		before := b.row(t).Journal
		for i := range 140 {
			b.server.CreateUser(b.acme, fmt.Sprintf("person%d@example.com", i))
			b.server.Advance(5 * time.Hour)
		}
		b.read(t)
		changes := b.changes(t, before)
		require.Len(t, changes, 140)
		for _, one := range changes {
			require.NotEmpty(t, one.Event, "it is the event that told of it, not the comparison")
		}
	})
}

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

// rewind puts the cursor back.
func rewind(cursor string) func(context.Context, *flows.Journal) error {
	return func(_ context.Context, j *flows.Journal) error {
		j.Directory.Cursor = cursor
		return nil
	}
}

// BenchmarkBacklog reads 5,000 events.
func BenchmarkBacklog(bench *testing.B) {
	for _, kind := range []string{dbtest.SQLite, dbtest.Postgres} {
		bench.Run(kind, func(bench *testing.B) {
			for range bench.N {
				bench.StopTimer()
				b := setup(bench, dbtest.Open(bench, kind))
				before := b.begin(bench)
				crowd(b, 5000/4)
				events := len(b.server.Events())
				bench.StartTimer()
				b.read(bench)
				bench.StopTimer()
				require.GreaterOrEqual(bench, len(b.changes(bench, before)), events-1)
				bench.ReportMetric(float64(events)*float64(bench.N)/bench.Elapsed().Seconds(), "events/s")
			}
		})
	}
}
