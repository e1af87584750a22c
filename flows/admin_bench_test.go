package flows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// The size at which the administration is measured.
const (
	manyEntitlements = 10_000
	manyPeople       = 5_000
	manyItems        = 5_000
)

// BenchmarkAdmin measures what an admin waits for with 10,000 entitlements and 5,000 people, and a replay of 5,000 past
// items through two steps.
func BenchmarkAdmin(b *testing.B) {
	for _, kind := range []string{dbtest.SQLite, dbtest.Postgres} {
		big := setup(b, dbtest.Open(b, kind))
		big.grow(b)
		ada := big.people["ada"]
		for name, do := range map[string]func(n int) error{
			"list": func(n int) error { return listed(big.AdminList(big.ctx, ada, config.KindEntitlement, "", n%1000)) },
			"search": func(n int) error {
				return listed(big.AdminList(big.ctx, ada, config.KindEntitlement, fmt.Sprint("number ", n%1000), 0))
			},
			"people": func(int) error { return listed(big.AdminList(big.ctx, ada, config.KindPerson, "person 77", 0)) },
			"show": func(n int) error {
				_, err := big.AdminShow(big.ctx, ada, config.KindEntitlement, fmt.Sprintf("number-%05d", n%manyEntitlements))
				return err
			},
			"preview": func(n int) error {
				_, err := big.AdminPreview(big.ctx, ada, big.described(b, n))
				return err
			},
			"save": func(n int) error {
				_, err := big.AdminSave(big.ctx, ada, big.described(b, n))
				return err
			},
			"disable a chain": func(int) error {
				_, err := big.AdminPreview(big.ctx, ada, flows.AdminEdit{Kind: config.KindApprovalChain, Slug: "manager", Revision: 1})
				if _, refused := flows.Refusal(err); !refused {
					return fmt.Errorf("a chain that is used can't be disabled: %w", err)
				}
				return nil
			},
			"replay": func(int) error {
				result, err := big.Replay(big.ctx, ada, "manager", []db.Step{
					{Name: "Manager", Approvers: []string{"manager"}, Need: 1, When: "subject.department != 'Sales'"},
					{Name: "Owner", Approvers: []string{"owner", "eve@example.com"}, Need: 2},
				})
				if err == nil && result.Requests != manyItems {
					err = fmt.Errorf("%d items were replayed", result.Requests)
				}
				return err
			},
			"health": func(int) error {
				_, err := big.SystemHealth(big.ctx, ada)
				return err
			},
		} {
			b.Run(kind+"/"+name, func(b *testing.B) {
				n := 0
				for b.Loop() {
					require.NoError(b, do(n))
					n++
				}
			})
		}
	}
}

func listed(page flows.AdminPage, err error) error {
	if err == nil && len(page.Rows) == 0 {
		return fmt.Errorf("the page is empty")
	}
	return err
}

// described is an edit of the description of one entitlement.
func (b *bundle) described(t testing.TB, n int) flows.AdminEdit {
	t.Helper()
	return b.edited(t, "ada", config.KindEntitlement, fmt.Sprintf("number-%05d", n%manyEntitlements), map[string]any{"description": fmt.Sprint("Once more ", n, time.Now())})
}

// grow adds entitlements, people and past requests, as rows.
func (b *bundle) grow(t testing.TB) {
	t.Helper()
	model, err := db.EntitlementBySlug(b.ctx, b.store, "editors")
	require.NoError(t, err)
	var entitlements []db.Entitlement
	var people []db.Person
	now := b.clock.Now()
	for n := range manyEntitlements {
		row := model
		row.ID, row.Slug, row.Name, row.Provider = fmt.Sprintf("ent_%05d", n), fmt.Sprintf("number-%05d", n), fmt.Sprintf("Number %05d", n), nil
		row.Target = row.Name
		entitlements = append(entitlements, row)
	}
	for n := range manyPeople {
		people = append(people, db.Person{
			ID: fmt.Sprintf("per_%05d", n), Email: fmt.Sprintf("p%05d@example.com", n), Name: fmt.Sprintf("Person %05d", n), Kind: db.Member,
			Active: true, InSlack: true, SlackID: fmt.Sprintf("UP%05d", n), Department: []string{"Design", "Sales"}[n%2],
			ManagerEmail: fmt.Sprintf("p%05d@example.com", n/10), Attributes: map[string]any{}, CreatedAt: now, UpdatedAt: now,
		})
	}
	insertMany(t, b, entitlements)
	insertMany(t, b, people)
	b.past(t, entitlements, people, now.Add(-24*hour))
}

// past adds requests that were asked for, with flows of one step.
func (b *bundle) past(t testing.TB, entitlements []db.Entitlement, people []db.Person, at time.Time) {
	t.Helper()
	in, err := db.PublishedVersion(b.ctx, b.store, "editors-in")
	require.NoError(t, err)
	var requests []db.Request
	var items []db.RequestItem
	var passed []db.ApprovalFlow
	for n := range manyItems {
		who, id := people[n%len(people)].ID, fmt.Sprintf("%05d", n)
		requests = append(requests, db.Request{
			ID: "req_" + id, RequesterID: who, Reason: "Before", Status: db.Approved, Submission: "sub_" + id, Channel: "#access",
			LapsesAt: at, CreatedAt: at, DecidedAt: at, Kind: db.ForAccess,
		})
		items = append(items, db.RequestItem{
			ID: "itm_" + id, RequestID: "req_" + id, Position: 1, EntitlementID: entitlements[n%len(entitlements)].ID, SubjectID: who,
			Duration: db.Duration(8 * hour), ProvisionVersionID: in.ID, DeprovisionVersionID: in.ID, Plan: []string{}, Status: db.Approved,
		})
		passed = append(passed, db.ApprovalFlow{ID: "apf_" + id, ItemID: "itm_" + id, RequestID: "req_" + id, Chain: "manager", Status: db.Approved})
	}
	insertMany(t, b, requests)
	insertMany(t, b, items)
	insertMany(t, b, passed)
}

func insertMany[T any](t testing.TB, b *bundle, rows []T) {
	t.Helper()
	for len(rows) > 0 {
		n := min(len(rows), 500)
		some := rows[:n]
		_, err := b.store.NewInsert().Model(&some).Exec(b.ctx)
		require.NoError(t, err)
		rows = rows[n:]
	}
}
