package flows_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/flows"
)

// headcount is how many people the benchmarks of rules have: USHER_BENCH_PEOPLE, else 10,000.
func headcount(b *testing.B) int {
	b.Helper()
	if text := os.Getenv("USHER_BENCH_PEOPLE"); text != "" {
		n, err := strconv.Atoi(text)
		require.NoError(b, err)
		return n
	}
	return 10_000
}

// peopled is a company whose directory has so many people, a tenth of them in the lab, and five rules.
func peopled(b *testing.B, store *db.Store, people int) *company {
	b.Helper()
	o := observing(b, setup(b, store))
	resources := make([]db.DirectoryUser, 0, people)
	rows := make([]db.Person, 0, people)
	for n := range people {
		department := "Trade"
		if n%10 == 0 {
			department = "Lab"
		}
		email := fmt.Sprintf("person%06d@example.com", n)
		p := db.Person{
			ID: fmt.Sprintf("per_%06d", n), Email: email, Name: fmt.Sprint("Person ", n), Department: department, Kind: db.Member, Active: true,
			ToldBy: "okta", Attributes: map[string]any{}, CreatedAt: o.Now(), UpdatedAt: o.Now(),
		}
		rows = append(rows, p)
		resources = append(resources, db.DirectoryUser{
			ID: fmt.Sprintf("dus_%06d", n), DirectoryID: o.directory.ID, UserName: email, UserKey: email, Email: email, Active: true, Version: 1,
			PersonID: p.ID, CreatedAt: o.Now(), ChangedAt: o.Now(),
			Resource: fmt.Sprintf(`{"userName":%q,"displayName":%q,"active":true,%q:{"department":%q}}`, email, p.Name, ofEnterprise, department),
		})
	}
	for first := 0; first < people; first += 1000 {
		last := min(first+1000, people)
		somePeople, someUsers := rows[first:last], resources[first:last]
		_, err := store.NewInsert().Model(&somePeople).Exec(o.ctx)
		require.NoError(b, err)
		_, err = store.NewInsert().Model(&someUsers).Exec(o.ctx)
		require.NoError(b, err)
	}
	for n, condition := range []string{
		"person.title == 'Chief'", "person.department == 'Board' && person.employment == 'employee'", "person.email.startsWith('x')",
		"person.attributes.shift == 'night'", "person.department in ['Pilots', 'Crew']",
	} {
		o.rule(b, db.Birthright{Slug: fmt.Sprint("rule", n), Condition: condition, Entitlements: []string{"editors"}})
	}
	b.ResetTimer()
	return o
}

// BenchmarkBirthrights measures what rules cost where there are many people: a department that gets another name, the preview
// of a rule, a rule that is applied and gives nobody anything, and the nightly comparison.
func BenchmarkBirthrights(b *testing.B) {
	people := headcount(b)
	for _, name := range []string{dbtest.SQLite, dbtest.Postgres} {
		b.Run(name+"/rename a tenth", func(b *testing.B) {
			o := peopled(b, dbtest.Open(b, name), people)
			for n := range b.N {
				b.StopTimer()
				o.renamed(b, people, fmt.Sprint("Lab ", n))
				b.StartTimer()
				require.NoError(b, o.DirectoryWork(o.ctx, o.directory.ID))
				require.NoError(b, o.SettlePeople(o.ctx))
			}
			b.ReportMetric(float64(people/10)*float64(b.N)/b.Elapsed().Seconds(), "people/s")
		})
		b.Run(name+"/preview", func(b *testing.B) {
			o := peopled(b, dbtest.Open(b, name), people)
			for b.Loop() {
				preview, err := o.PreviewBirthright(o.ctx, db.Birthright{Slug: "lab", Condition: "person.department == 'Lab'", Entitlements: []string{"editors"}, Active: true})
				require.NoError(b, err)
				require.Equal(b, people/10, preview.Gain)
			}
		})
		b.Run(name+"/apply", func(b *testing.B) {
			o := peopled(b, dbtest.Open(b, name), people)
			for b.Loop() {
				require.NoError(b, o.BirthrightsChanged(o.ctx, "rule0"))
				_, err := o.DuePeople(o.ctx)
				require.NoError(b, err)
			}
		})
		b.Run(name+"/reconcile", func(b *testing.B) {
			o := peopled(b, dbtest.Open(b, name), people)
			for b.Loop() {
				require.NoError(b, o.Reconcile(o.ctx, o.directory.ID))
			}
		})
		b.Run(name+"/give", func(b *testing.B) {
			o := peopled(b, dbtest.Open(b, name), 1000)
			o.saveRule(b, db.Birthright{Slug: "lab", Name: "lab", Condition: "person.department == 'Lab'", Entitlements: []string{"crowded"}, Active: true, UpdatedAt: o.Now()})
			b.ResetTimer()
			_, err := o.DuePeople(o.ctx)
			require.NoError(b, err)
			b.ReportMetric(100/b.Elapsed().Seconds(), "people/s")
		})
		b.Run(name+"/import", func(b *testing.B) {
			o := observing(b, setup(b, dbtest.Open(b, name)))
			o.rule(b, db.Birthright{Slug: "rule", Condition: "person.title == 'Chief'", Entitlements: []string{"editors"}})
			wanted := people / 10
			b.ResetTimer()
			for n := range wanted {
				o.say(b, fmt.Sprintf("new%06d", n), told{})
			}
			b.ReportMetric(float64(wanted)/b.Elapsed().Seconds(), "written/s")
			b.ResetTimer()
			require.NoError(b, o.DirectoryWork(o.ctx, o.directory.ID))
			require.NoError(b, o.SettlePeople(o.ctx))
			b.ReportMetric(float64(wanted)/b.Elapsed().Seconds(), "taken/s")
		})
	}
}

// renamed lets the directory write another department for a tenth of its people.
func (o *company) renamed(b *testing.B, people int, department string) {
	b.Helper()
	for first := 0; first < people; first += 1000 {
		o.write(b, func(ctx context.Context, j *flows.Journal) error {
			var users []db.DirectoryUser
			ids := make([]string, 0, 100)
			for n := first; n < min(first+1000, people); n += 10 {
				ids = append(ids, fmt.Sprintf("dus_%06d", n))
			}
			if err := j.NewSelect().Model(&users).Where("id IN ?", bun.Tuple(ids)).Order("id").Scan(ctx); err != nil {
				return err
			}
			for _, user := range users {
				resource, err := mirror.User(user)
				if err != nil {
					return err
				}
				resource[ofEnterprise] = map[string]any{"department": department}
				if _, err := mirror.SaveUser(ctx, j, user, resource, mirror.Told{}); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
