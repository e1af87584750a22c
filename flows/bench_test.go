package flows_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows"
)

// atOneTime is how many people click at one time in the benchmarks.
const atOneTime = 16

// timed runs do b.N times, sixteen at a time, and reports the 50th and 99th percentile of how long each took.
func timed(b *testing.B, do func(n int) error) {
	b.Helper()
	took := make([]time.Duration, b.N)
	next := make(chan int)
	var all sync.WaitGroup
	b.ResetTimer()
	for range atOneTime {
		all.Go(func() {
			for n := range next {
				began := time.Now()
				if err := do(n); err != nil {
					b.Error(err)
				}
				took[n] = time.Since(began)
			}
		})
	}
	for n := range b.N {
		next <- n
	}
	close(next)
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
}

// BenchmarkClicks measures what a person waits for: a request and an approval, beside a transaction that inserts one
// row, which is the least that any change costs on the same database.
func BenchmarkClicks(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name+"/one row", func(b *testing.B) {
			bundle := setup(b, dbtest.Open(b, name))
			timed(b, func(n int) error {
				return bundle.store.RunInTx(bundle.ctx, nil, benchRow(n))
			})
		})
		b.Run(name+"/Request", func(b *testing.B) {
			bundle := setup(b, dbtest.Open(b, name))
			forms := bundle.benchForms(b)
			timed(b, func(n int) error {
				form := forms[n%len(forms)]
				form.Submission = fmt.Sprint("bench ", n)
				_, err := bundle.Request(bundle.ctx, form)
				return err
			})
		})
		b.Run(name+"/Approve", func(b *testing.B) {
			bundle := setup(b, dbtest.Open(b, name))
			forms, steps := bundle.benchForms(b), make([]string, b.N)
			for n := range steps {
				form := forms[n%len(forms)]
				form.Submission = fmt.Sprint("bench ", n)
				request, err := bundle.Request(bundle.ctx, form)
				require.NoError(b, err)
				steps[n] = bundle.step(b, request.ID)
			}
			timed(b, func(n int) error { return bundle.Approve(bundle.ctx, steps[n], bundle.people["ben"], flows.Consent{}) })
		})
	}
}

func benchRow(n int) func(context.Context, bun.Tx) error {
	return func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO lanes (name) VALUES (?)", fmt.Sprint("bench ", n))
		return err
	}
}

// benchForms are the forms of fifty people.
func (b *bundle) benchForms(t testing.TB) []flows.Ask {
	t.Helper()
	var forms []flows.Ask
	for n := range 50 {
		name := fmt.Sprintf("user%02d", n)
		b.hire(t, name)
		row, err := db.PersonByID(b.ctx, b.store, b.people[name])
		require.NoError(t, err)
		row.ManagerEmail = "ben@example.com"
		require.NoError(t, db.UpdatePerson(b.ctx, b.store, row))
		forms = append(forms, b.form(t, name, "editors", "8h"))
	}
	return forms
}
