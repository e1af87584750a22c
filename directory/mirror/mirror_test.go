package mirror_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// silent is a notifier that sends nothing.
type silent struct{}

func (silent) Record(context.Context, bun.IDB, []db.AuditEvent) ([]string, error) { return nil, nil }
func (silent) Flush(context.Context, string) (time.Duration, error)               { return 0, nil }

// noon is when everything here happens.
var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// bundle is a directory and what writes to it.
type bundle struct {
	t     *testing.T
	ctx   context.Context
	store *db.Store
	flows *flows.Flows
	id    string // of the directory
}

func onBoth(t *testing.T, test func(t *testing.T, b *bundle)) {
	t.Helper()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		made, err := flows.New(flows.Options{
			Store: store, Registry: connectors.NewRegistry(), Notifier: silent{}, Clock: func() time.Time { return noon },
		})
		require.NoError(t, err)
		b := &bundle{t: t, ctx: context.Background(), store: store, flows: made, id: db.NewID("dir")}
		require.NoError(t, db.InsertDirectory(b.ctx, store, db.Directory{
			ID: b.id, Slug: "okta", Kind: db.SCIMDirectory, PersonID: db.NewID("per"), Active: true, UpdatedAt: noon,
		}))
		test(t, b)
	})
}

// write runs do as one write of the directory and returns the changes that it made.
func (b *bundle) write(do func(j *flows.Journal) error) ([]db.DirectoryChange, error) {
	b.t.Helper()
	before, err := db.DirectoryByID(b.ctx, b.store, b.id)
	require.NoError(b.t, err)
	err = b.flows.WriteDirectory(b.ctx, b.id, func(_ context.Context, j *flows.Journal) error { return do(j) })
	var changes []db.DirectoryChange
	wrong := b.store.NewSelect().Model(&changes).Where("directory_id = ?", b.id).Where("seq > ?", before.Journal).Order("seq").Scan(b.ctx)
	require.NoError(b.t, wrong)
	return changes, err
}

// user writes a user and returns the row and what that changed.
func (b *bundle) user(was db.DirectoryUser, resource scim.Resource, told ...mirror.Told) (db.DirectoryUser, []db.DirectoryChange) {
	b.t.Helper()
	var row db.DirectoryUser
	changes, err := b.write(func(j *flows.Journal) (err error) {
		row, err = mirror.SaveUser(b.ctx, j, was, resource, append(told, mirror.Told{})[0])
		return err
	})
	require.NoError(b.t, err)
	return b.stored(row), changes
}

// stored is the row as the database has it, which must be the one that was returned.
func (b *bundle) stored(row db.DirectoryUser) db.DirectoryUser {
	b.t.Helper()
	found, err := db.AnyDirectoryUser(b.ctx, b.store, row.ID)
	require.NoError(b.t, err)
	for _, at := range []*time.Time{&row.CreatedAt, &row.ChangedAt, &row.DeletedAt, &row.ToldAt, &found.CreatedAt, &found.ChangedAt, &found.DeletedAt, &found.ToldAt} {
		*at = at.UTC()
	}
	require.Equal(b.t, row, found)
	return found
}

// told is what matters of a change.
type told struct {
	Kind, Label   string
	Before, After map[string]any
}

func of(changes []db.DirectoryChange) []told {
	var all []told
	for _, one := range changes {
		all = append(all, told{one.Kind, one.Label, one.Before, one.After})
	}
	return all
}

func emails(values ...any) []any { return values }

func email(value, kind string, primary bool) map[string]any {
	return map[string]any{"value": value, "type": kind, "primary": primary}
}

// What a write changes of a user, in the words of the journal.
func TestSaveUser(t *testing.T) {
	t.Parallel()
	on, off := map[string]any{"active": true}, map[string]any{"active": false}
	base := func(more scim.Resource) scim.Resource {
		resource := scim.Resource{"userName": "Dana@Acme.example", "active": true}
		for name, value := range more {
			resource[name] = value
		}
		return resource
	}
	for name, tc := range map[string]struct {
		before, after scim.Resource
		want          []told
	}{
		"a user": {nil, base(nil), []told{{db.UserCreated, "dana@acme.example", nil, map[string]any{"userName": "Dana@Acme.example", "active": true}}}},
		"a user who is not active": {
			nil, base(off), []told{{db.UserCreated, "dana@acme.example", nil, map[string]any{"userName": "Dana@Acme.example", "active": false}}},
		},
		"nothing":           {base(nil), base(nil), nil},
		"what is not ours":  {base(nil), base(scim.Resource{"id": "x", "meta": map[string]any{}, "groups": []any{"x"}, "password": "x"}), nil},
		"active is unsaid":  {base(off), scim.Resource{"userName": "Dana@Acme.example"}, nil},
		"suspension":        {base(nil), base(off), []told{{db.UserSuspended, "dana@acme.example", on, off}}},
		"return":            {base(off), base(nil), []told{{db.UserResumed, "dana@acme.example", off, on}}},
		"suspension first":  {base(nil), base(scim.Resource{"active": false, "title": "x"}), []told{{db.UserSuspended, "dana@acme.example", on, off}, {db.UserUpdated, "dana@acme.example", map[string]any{}, map[string]any{"title": "x"}}}},
		"return behind all": {base(off), base(scim.Resource{"title": "x"}), []told{{db.UserUpdated, "dana@acme.example", map[string]any{}, map[string]any{"title": "x"}}, {db.UserResumed, "dana@acme.example", off, on}}},
		"known by the new address": {
			base(nil), base(scim.Resource{"emails": emails(email("D@home.example", "home", false), email("D@acme.example", "work", false))}),
			[]told{{db.UserUpdated, "d@acme.example", map[string]any{}, map[string]any{"emails[home]": "D@home.example", "emails[work]": "D@acme.example"}}},
		},
		"no address": {base(nil), base(scim.Resource{"userName": "dana"}), []told{{db.UserUpdated, "dana", map[string]any{"userName": "Dana@Acme.example"}, map[string]any{"userName": "dana"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				var row db.DirectoryUser
				if tc.before != nil {
					row, _ = b.user(db.DirectoryUser{}, tc.before)
				}
				after, changes := b.user(row, tc.after)
				require.Equal(t, tc.want, of(changes))
				version := row.Version
				if len(tc.want) > 0 {
					version++
				}
				require.Equal(t, version, after.Version)
			})
		})
	}
}

// By which address a user is joined to a person, and by which ones it is found.
func TestAddresses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		row, _ := b.user(db.DirectoryUser{}, scim.Resource{"userName": "dana", "emails": emails(
			email("other@x.example", "other", false), email(" Work@x.example ", "work", false), email("first@x.example", "home", true), email("", "work", false))})
		require.Equal(t, "first@x.example", row.Email)
		found := func(address string) int64 {
			n, err := db.DirectoryUserTotal(b.ctx, b.store, db.DirectoryFilter{DirectoryID: b.id, Equal: []db.DirectoryEqual{{Column: db.DirectoryAddresses, Value: address}}})
			require.NoError(t, err)
			return n
		}
		for _, address := range []string{"first@x.example", "work@x.example", "other@x.example"} {
			require.EqualValues(t, 1, found(address), address)
		}
		row, _ = b.user(row, scim.Resource{"userName": "dana", "emails": emails(email("work@x.example", "work", false))})
		require.Equal(t, "work@x.example", row.Email)
		require.EqualValues(t, 0, found("other@x.example"))
	})
}

// The source's own id of a write stands once in the journal, and its clock at the row, even if nothing else is new.
func TestTold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		row, changes := b.user(db.DirectoryUser{}, scim.Resource{"userName": "dana"}, mirror.Told{Event: "event_1", At: noon})
		require.Equal(t, "event_1", changes[0].Event)
		row, changes = b.user(row, scim.Resource{"userName": "dana"}, mirror.Told{Event: "event_2", At: noon.Add(time.Hour)})
		require.Empty(t, changes)
		require.EqualValues(t, 1, row.Version)
		require.Equal(t, noon.Add(time.Hour), row.ToldAt)
		row, changes = b.user(row, scim.Resource{"userName": "dana", "active": false, "title": "x"}, mirror.Told{Event: "event_3"})
		require.Equal(t, []string{"event_3", ""}, []string{changes[0].Event, changes[1].Event})
		require.Equal(t, noon.Add(time.Hour), row.ToldAt)
		_, err := b.write(func(j *flows.Journal) error {
			return mirror.DeleteUser(b.ctx, j, row, mirror.Told{Event: "event_3"})
		})
		require.Error(t, err, "each counts once")
		changes, err = b.write(func(j *flows.Journal) error {
			return mirror.DeleteUser(b.ctx, j, row, mirror.Told{Event: "event_4", At: noon.Add(2 * time.Hour)})
		})
		require.NoError(t, err)
		require.Equal(t, []told{{db.UserDeleted, "dana", map[string]any{"userName": "dana", "active": false, "title": "x"}, nil}}, of(changes), "who was not active is not suspended")
		gone, err := db.AnyDirectoryUser(b.ctx, b.store, row.ID)
		require.NoError(t, err)
		require.Equal(t, noon, gone.DeletedAt.UTC())
		require.EqualValues(t, 3, gone.Version)
	})
}

// A name is one user's until the user is deleted; then another may have it.
func TestNames(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		dana, _ := b.user(db.DirectoryUser{}, scim.Resource{"userName": "dana"})
		ben, _ := b.user(db.DirectoryUser{}, scim.Resource{"userName": "ben"})
		for _, was := range []db.DirectoryUser{{}, ben} {
			_, err := b.write(func(j *flows.Journal) error {
				_, err := mirror.SaveUser(b.ctx, j, was, scim.Resource{"userName": "DANA"}, mirror.Told{})
				return err
			})
			require.ErrorIs(t, err, mirror.ErrTaken)
		}
		dana, _ = b.user(dana, scim.Resource{"userName": "Dana"})
		require.EqualValues(t, 2, dana.Version, "its own name in other capitals")
		_, err := b.write(func(j *flows.Journal) error { return mirror.DeleteUser(b.ctx, j, dana, mirror.Told{}) })
		require.NoError(t, err)
		again, _ := b.user(db.DirectoryUser{}, scim.Resource{"userName": "dana"})
		require.NotEqual(t, dana.ID, again.ID)
		_, err = b.write(func(j *flows.Journal) error {
			_, err := mirror.SaveUser(b.ctx, j, ben, scim.Resource{"userName": "ben", "title": "x"}, mirror.Told{})
			if err == nil {
				_, err = mirror.SaveUser(b.ctx, j, ben, scim.Resource{"userName": "ben", "title": "y"}, mirror.Told{})
			}
			return err
		})
		require.ErrorIs(t, err, db.ErrConflict, "a row that is not the newest is not written")
	})
}

// What a write changes of a group and its members.
func TestGroups(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		var ids []string
		for _, name := range []string{"ann", "ben", "cem"} {
			row, _ := b.user(db.DirectoryUser{}, scim.Resource{"userName": name})
			ids = append(ids, row.ID)
		}
		var group db.DirectoryGroup
		save := func(resource scim.Resource, told mirror.Told, members ...scim.MemberOp) []db.DirectoryChange {
			t.Helper()
			changes, err := b.write(func(j *flows.Journal) (err error) {
				group, err = mirror.SaveGroup(b.ctx, j, group, resource, told, members...)
				return err
			})
			require.NoError(t, err)
			return changes
		}
		made := save(scim.Resource{"displayName": "Sales", "members": []any{"x"}}, mirror.Told{Event: "event_1", At: noon}, scim.MemberOp{Op: scim.AddMembers, Values: []string{ids[1], ids[0], ids[1]}})
		require.Equal(t, []told{{db.GroupCreated, "Sales", map[string]any{}, map[string]any{"displayName": "Sales"}}, {db.MembersAdded, "Sales", nil, nil}}, of(made))
		require.ElementsMatch(t, ids[:2], made[1].Members)
		require.EqualValues(t, 1, group.Version)
		require.NotContains(t, group.Resource, "members")

		require.Empty(t, save(scim.Resource{"displayName": "Sales"}, mirror.Told{At: noon.Add(time.Hour)}))
		require.EqualValues(t, 1, group.Version)
		renamed := save(scim.Resource{"displayName": "EMEA"}, mirror.Told{}, scim.MemberOp{Op: scim.ReplaceMembers, Values: ids[1:]})
		require.Equal(t, []told{
			{db.GroupUpdated, "EMEA", map[string]any{"displayName": "Sales"}, map[string]any{"displayName": "EMEA"}},
			{db.MembersRemoved, "EMEA", nil, nil},
			{db.MembersAdded, "EMEA", nil, nil},
		}, of(renamed))
		require.Equal(t, []string{ids[0]}, renamed[1].Members)
		require.Equal(t, []string{ids[2]}, renamed[2].Members)
		require.EqualValues(t, 2, group.Version, "one write is one version")

		for _, wrong := range []struct {
			op   scim.MemberOp
			want error
		}{{scim.MemberOp{Op: scim.AddMembers, Values: []string{ids[0], "dus_nobody"}}, mirror.ErrNoUser}, {scim.MemberOp{Op: "swap"}, nil}} {
			_, err := b.write(func(j *flows.Journal) error {
				_, err := mirror.ChangeMembers(b.ctx, j, group, mirror.Told{}, wrong.op)
				return err
			})
			require.Error(t, err)
			if wrong.want != nil {
				require.ErrorIs(t, err, wrong.want)
			}
		}
		deleted, err := b.write(func(j *flows.Journal) error { return mirror.DeleteGroup(b.ctx, j, group, mirror.Told{}) })
		require.NoError(t, err)
		require.Equal(t, []told{{db.GroupDeleted, "EMEA", map[string]any{"displayName": "EMEA"}, nil}}, of(deleted))
		require.ElementsMatch(t, ids[1:], deleted[0].Members)
		members, err := db.DirectoryMembers(b.ctx, b.store, group.ID)
		require.NoError(t, err)
		require.Empty(t, members)
	})
}
