package flows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// heldWorld is a bundle with a directory whose changes are held, with all that a test of it needs.
type heldWorld struct {
	*bundle

	directory db.Directory
}

// held is a policy by which everything waits, one person decides, and Acme Drive is written.
func heldPolicy() db.DirectoryPolicy {
	modes := map[string]string{db.UserSuspended: db.Hold}
	return db.DirectoryPolicy{
		Mode: db.Hold, Modes: modes, Downstream: []string{"drive"}, Routes: []db.DirectoryRoute{{Chain: "directory", Channel: "#it"}},
		Breaker: db.Breaker{Changes: -1, Percent: -1},
	}
}

// holding adds a directory to a bundle, called okta unless the test wants several. Carl decides on what it holds, and Dana owns it.
func holding(t testing.TB, b *bundle, policy db.DirectoryPolicy, slugs ...string) *heldWorld {
	t.Helper()
	if !strings.Contains(b.text, "slug: directory,") {
		b.approvals(t, "directory", "{name: IT, approvers: [carl@example.com], need: 1}")
	}
	slug := "okta"
	if len(slugs) > 0 {
		slug = slugs[0]
	}
	now := db.UTC(b.Now())
	row := db.Directory{
		ID: db.NewID("dir"), Slug: slug, Name: "Okta", Kind: db.SCIMDirectory, OwnerEmail: "dana@example.com", Policy: policy,
		PersonID: db.NewID("per"), Active: true, UpdatedAt: now,
	}
	require.NoError(t, db.InsertDirectory(b.ctx, b.store, row))
	return &heldWorld{bundle: b, directory: row}
}

// write lets the directory write.
func (o *heldWorld) write(t testing.TB, do func(ctx context.Context, j *flows.Journal) error) {
	t.Helper()
	require.NoError(t, o.WriteDirectory(o.ctx, o.directory.ID, do))
}

// user is a SCIM user as the directory writes it: by name, department and whatever else.
func scimUser(name, department string, active bool) scim.Resource {
	address := name + "@acme.example"
	return scim.Resource{
		"userName": address, "displayName": strings.ToUpper(name[:1]) + name[1:], "active": active,
		"emails": []any{map[string]any{"value": address, "type": "work", "primary": true}},
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": map[string]any{"department": department},
	}
}

// save lets the directory write users as they are now: new ones, and those it knows by their name.
func (o *heldWorld) save(t testing.TB, department string, active bool, names ...string) {
	t.Helper()
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		for _, name := range names {
			was, _ := db.DirectoryUserByName(ctx, j, j.Directory.ID, name+"@acme.example")
			if _, err := mirror.SaveUser(ctx, j, was, scimUser(name, department, active), mirror.Told{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// removed lets the directory delete users.
func (o *heldWorld) removed(t testing.TB, names ...string) {
	t.Helper()
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		for _, name := range names {
			was, err := db.DirectoryUserByName(ctx, j, j.Directory.ID, name+"@acme.example")
			if err != nil {
				return err
			}
			if err := mirror.DeleteUser(ctx, j, was, mirror.Told{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// group lets the directory change a group, which it makes if it is new.
func (o *heldWorld) group(t testing.TB, name string, op scim.MemberVerb, names ...string) {
	t.Helper()
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		was, _ := db.DirectoryGroupByName(ctx, j, j.Directory.ID, name)
		var ids []string
		for _, one := range names {
			user, err := db.DirectoryUserByName(ctx, j, j.Directory.ID, one+"@acme.example")
			if err != nil {
				return err
			}
			ids = append(ids, user.ID)
		}
		var ops []scim.MemberOp
		if op != "" {
			ops = append(ops, scim.MemberOp{Op: op, Values: ids})
		}
		_, err := mirror.SaveGroup(ctx, j, was, scim.Resource{"displayName": name}, mirror.Told{}, ops...)
		return err
	})
}

// userNamed is a user as the directory has it.
func (o *heldWorld) userNamed(t testing.TB, name string) db.DirectoryUser {
	t.Helper()
	row, err := db.DirectoryUserByName(o.ctx, o.store, o.directory.ID, name+"@acme.example")
	require.NoError(t, err)
	return row
}

// settle does all that is due now.
func (o *heldWorld) settle(t testing.TB) {
	t.Helper()
	for round := 0; ; round++ {
		require.Less(t, round, 100, "the work never ends")
		o.drive(t)
		if !o.settleOnce(t) {
			return
		}
	}
}

func (o *heldWorld) settleOnce(t testing.TB) bool {
	t.Helper()
	busy, err := db.UnsettledDirectories(o.ctx, o.store)
	require.NoError(t, err)
	asking, err := db.DirectoriesToAsk(o.ctx, o.store, o.Now())
	require.NoError(t, err)
	for _, id := range busy {
		require.NoError(t, o.DirectoryWork(o.ctx, id))
	}
	for _, id := range asking {
		require.NoError(t, o.HeldAsk(o.ctx, id))
	}
	beginning, err := db.HeldToBegin(o.ctx, o.store, batch)
	require.NoError(t, err)
	moved := 0
	for _, id := range beginning {
		before := o.rows(t, "grants")
		require.NoError(t, o.HeldBegin(o.ctx, id))
		moved += int(o.rows(t, "grants") - before)
	}
	lanes, err := o.InLanes(o.ctx)
	require.NoError(t, err)
	for _, id := range lanes {
		require.NoError(t, unlessConflict(o.FlowDue(o.ctx, id)))
	}
	return len(busy)+len(asking)+len(lanes)+moved > 0
}

// gathered does what is due once the time is over for which changes are gathered.
func (o *heldWorld) gathered(t testing.TB) {
	t.Helper()
	o.settle(t)
	o.clock.Advance(11 * time.Second)
	o.settle(t)
}

// changes reads all held changes, oldest first.
func (o *heldWorld) changes(t testing.TB) []db.HeldChange {
	t.Helper()
	var rows []db.HeldChange
	require.NoError(t, o.store.NewSelect().Model(&rows).Order("seq", "created_at", "id").Scan(o.ctx))
	return rows
}

// states are the kinds and statuses of all held changes in order.
func (o *heldWorld) states(t testing.TB) []string {
	t.Helper()
	var states []string
	for _, held := range o.changes(t) {
		states = append(states, held.Kind+" "+held.Status)
	}
	return states
}

// requests are the ids of the requests of the directory, oldest first.
func (o *heldWorld) requests(t testing.TB) []string {
	t.Helper()
	var ids []string
	err := o.store.NewSelect().Model((*db.Request)(nil)).Column("id").Where("directory = ?", o.directory.Slug).Order("created_at", "id").Scan(o.ctx, &ids)
	require.NoError(t, err)
	return ids
}

// only is the sheet of the one request that is pending.
func (o *heldWorld) only(t testing.TB) db.Sheet {
	t.Helper()
	var pending []db.Sheet
	for _, id := range o.requests(t) {
		if sheet := o.sheet(t, id); sheet.Request.Status == db.Pending {
			pending = append(pending, sheet)
		}
	}
	require.Len(t, pending, 1, "one request is pending")
	return pending[0]
}

// say lets somebody approve, or with a reason deny, the items of a request with the numbers; without numbers all.
func (o *heldWorld) say(t testing.TB, sheet db.Sheet, name, denial string, numbers ...int) {
	t.Helper()
	for n, item := range sheet.Items {
		wanted := len(numbers) == 0
		for _, one := range numbers {
			wanted = wanted || one == n
		}
		if !wanted {
			continue
		}
		step := item.Current()
		if step == nil && len(numbers) == 0 {
			continue // somebody decided on it already
		}
		require.NotNil(t, step, "item %d is open", n)
		if denial != "" {
			require.NoError(t, o.Deny(o.ctx, step.ID, o.people[name], denial))
			continue
		}
		require.NoError(t, o.Approve(o.ctx, step.ID, o.people[name], flows.Consent{}))
	}
}

// drifts are the words of the open drifts, oldest first.
func (o *heldWorld) drifts(t testing.TB) []string {
	t.Helper()
	page, err := o.DriftOf(o.ctx, o.people["ada"], o.directory.Slug, 0)
	require.NoError(t, err)
	var words []string
	for _, one := range page.Rows {
		words = append(words, one.Words)
	}
	return words
}

// said counts the events with an action.
func (o *heldWorld) said(t testing.TB, action string) int {
	t.Helper()
	n, err := o.store.NewSelect().Table("audit_events").Where("action = ?", action).Count(o.ctx)
	require.NoError(t, err)
	return int(n)
}
