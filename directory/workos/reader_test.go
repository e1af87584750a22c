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
