package flows_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// company is a bundle with a directory that is the truth: whatever it writes is so at once.
type company struct {
	*heldWorld
}

func observing(t testing.TB, b *bundle) *company {
	t.Helper()
	modes := map[string]string{}
	for _, kind := range []string{db.UserDeleted, db.GroupDeleted, db.GroupEmptied, db.DirectoryDeleted} {
		modes[kind] = db.Observe
	}
	return &company{holding(t, b, db.DirectoryPolicy{Mode: db.Observe, Modes: modes, Breaker: db.Breaker{Changes: -1, Percent: -1}})}
}

const (
	ofEnterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	ofUsher      = "urn:ietf:params:scim:schemas:extension:usher:2.0:User"
)

// told is what the directory tells of a person at example.com, beside what is usual: active, and in the lab.
type told map[string]any

// tell lets the directory write a person as he is now, and does all that follows.
func (o *company) tell(t testing.TB, name string, what told) {
	t.Helper()
	o.say(t, name, what)
	o.settle(t)
}

func (o *company) say(t testing.TB, name string, what told) {
	t.Helper()
	address := name + "@example.com"
	resource := scim.Resource{
		"userName": address, "displayName": name, "active": true,
		"emails":     []any{map[string]any{"value": address, "type": "work", "primary": true}},
		ofEnterprise: map[string]any{"department": "Lab"},
	}
	for key, value := range what {
		switch key {
		case "department", "manager":
			resource[ofEnterprise].(map[string]any)[key] = value
		case "startDate", "endDate", "employmentType":
			more, _ := resource[ofUsher].(map[string]any)
			more = maps.Clone(more)
			if more == nil {
				more = map[string]any{}
			}
			more[key] = value
			resource[ofUsher] = more
		default:
			resource[key] = value
		}
	}
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		was, _ := db.DirectoryUserByName(ctx, j, j.Directory.ID, address)
		_, err := mirror.SaveUser(ctx, j, was, resource, mirror.Told{})
		return err
	})
}

// gone lets the directory delete a person, and does all that follows.
func (o *company) gone(t testing.TB, name string) {
	t.Helper()
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		was, err := db.DirectoryUserByName(ctx, j, j.Directory.ID, name+"@example.com")
		if err != nil {
			return err
		}
		return mirror.DeleteUser(ctx, j, was, mirror.Told{})
	})
	o.settle(t)
}

// settle does all that is due now.
func (o *company) settle(t testing.TB) {
	t.Helper()
	for round := 0; ; round++ {
		require.Less(t, round, 100, "the work never ends")
		o.heldWorld.settle(t)
		some, err := o.DuePeople(o.ctx)
		require.NoError(t, err)
		if !some {
			return
		}
	}
}

// rule adds a birthright or changes it, and does all that follows.
func (o *company) rule(t testing.TB, rule db.Birthright) {
	t.Helper()
	rule.Active, rule.UpdatedAt = true, o.Now()
	if rule.Name == "" {
		rule.Name = rule.Slug
	}
	o.saveRule(t, rule)
	o.settle(t)
}

func (o *company) saveRule(t testing.TB, rule db.Birthright) {
	t.Helper()
	was, err := db.BirthrightBySlug(o.ctx, o.store, rule.Slug)
	if err == nil {
		rule.ID = was.ID
		_, err = o.store.NewUpdate().Model(&rule).WherePK().ExcludeColumn("next_at", "pending", "behind").Exec(o.ctx)
	} else {
		rule.ID = db.NewID("bir")
		_, err = o.store.NewInsert().Model(&rule).Exec(o.ctx)
	}
	require.NoError(t, err)
	require.NoError(t, o.BirthrightsChanged(o.ctx, rule.Slug))
}

// person reads the person with a name.
func (o *company) person(t testing.TB, name string) db.Person {
	t.Helper()
	row, err := db.PersonByEmail(o.ctx, o.store, name+"@example.com")
	require.NoError(t, err)
	return row
}

// holds are the slugs of the entitlements that a person holds, ordered.
func (o *company) holds(t testing.TB, name string) []string {
	t.Helper()
	slugs := []string{}
	for _, grant := range o.grants(t, name) {
		if grant.Status == db.Active {
			slugs = append(slugs, grant.Entitlement.Slug)
		}
	}
	slices.Sort(slugs)
	return slugs
}

// grants are the grants of a person that have not ended, oldest first.
func (o *company) grants(t testing.TB, name string) []db.Grant {
	t.Helper()
	grants, err := db.LiveGrantsOf(o.ctx, o.store, o.person(t, name).ID)
	require.NoError(t, err)
	return grants
}

// events are the details of the events about a person with an action, oldest first.
func (o *company) about(t testing.TB, name, action string) []db.Details {
	t.Helper()
	var rows []db.AuditEvent
	err := o.store.NewSelect().Model(&rows).Where("action = ?", action).Where("subject = ?", name+"@example.com").Order("seq").Scan(o.ctx)
	require.NoError(t, err)
	var all []db.Details
	for _, row := range rows {
		facts, err := row.Facts()
		require.NoError(t, err)
		all = append(all, facts)
	}
	return all
}

// departure is the last departure of a person.
func (o *company) departure(t testing.TB, name string) db.Departure {
	t.Helper()
	row, err := db.LastDepartureOf(o.ctx, o.store, o.person(t, name).ID)
	require.NoError(t, err)
	return row
}

// members lets the directory make a group of exactly these people, and does all that follows.
func (o *company) members(t testing.TB, name string, people ...string) {
	t.Helper()
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		was, _ := db.DirectoryGroupByName(ctx, j, j.Directory.ID, name)
		var ids []string
		for _, one := range people {
			user, err := db.DirectoryUserByName(ctx, j, j.Directory.ID, one+"@example.com")
			if err != nil {
				return err
			}
			ids = append(ids, user.ID)
		}
		op := scim.MemberOp{Op: scim.ReplaceMembers, Values: ids}
		_, err := mirror.SaveGroup(ctx, j, was, scim.Resource{"displayName": name}, mirror.Told{}, op)
		return err
	})
	o.settle(t)
}

// dissolve lets the directory delete a group, and does all that follows.
func (o *company) dissolve(t testing.TB, name string) {
	t.Helper()
	o.write(t, func(ctx context.Context, j *flows.Journal) error {
		was, err := db.DirectoryGroupByName(ctx, j, j.Directory.ID, name)
		if err != nil {
			return err
		}
		return mirror.DeleteGroup(ctx, j, was, mirror.Told{})
	})
	o.settle(t)
}

// reconcile compares the directory in full with what is so, and does all that follows.
func (o *company) reconcile(t testing.TB) flows.Reconciled {
	t.Helper()
	require.NoError(t, o.Reconcile(o.ctx, o.directory.ID))
	o.settle(t)
	var last db.AuditEvent
	err := o.store.NewSelect().Model(&last).Where("action = ?", "directory.reconciled").Order("seq DESC").Limit(1).Scan(o.ctx)
	require.NoError(t, err)
	var details struct{ After flows.Reconciled }
	require.NoError(t, json.Unmarshal([]byte(last.Details), &details))
	return details.After
}
