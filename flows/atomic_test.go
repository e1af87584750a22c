package flows_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// saboteur lets the n-th statement of its database handle fail. 0 lets all pass. A commit can't be failed this way: it
// is the last statement, and then all is there.
type saboteur struct{ failAt, seen atomic.Int64 }

func (s *saboteur) BeforeQuery(ctx context.Context, event *bun.QueryEvent) context.Context {
	if event.Query == "COMMIT" || s.seen.Add(1) != s.failAt.Load() {
		return ctx
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

func (*saboteur) AfterQuery(context.Context, *bun.QueryEvent) {}

func (s *saboteur) failing(n int64) {
	s.seen.Store(0)
	s.failAt.Store(n)
}

// scribe is a notifier that writes a message for each event, and fails when it is told to.
type scribe struct{ err error }

func (s *scribe) Record(ctx context.Context, tx bun.IDB, events []db.AuditEvent) ([]string, error) {
	for _, event := range events {
		message := db.Message{Key: fmt.Sprint("event ", event.Seq), Lane: event.Request, Purpose: "test", CreatedAt: db.UTC(time.Now())}
		if err := db.WantMessages(ctx, tx, []db.Message{message}); err != nil {
			return nil, err
		}
	}
	return []string{events[0].Request}, s.err
}

func (*scribe) Flush(context.Context, string) (time.Duration, error) { return 0, nil }

// sabotaged is a second Flows on the bundle's database, whose statements and notifier can be made to fail.
func (b *bundle) sabotaged(t testing.TB) (*flows.Flows, *saboteur, *scribe) {
	t.Helper()
	s, n := &saboteur{}, &scribe{}
	store := *b.store
	store.DB = bun.NewDB(b.store.DB.DB, b.store.Dialect()).WithQueryHook(s)
	options := b.options
	options.Store, options.Notifier = &store, n
	f, err := flows.New(options)
	require.NoError(t, err)
	return f, s, n
}

// everything is all that a change may touch, as one text.
func (b *bundle) everything(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{
		"requests", "request_items", "approval_flows", "approval_steps", "approvers", "decisions", "grants", "action_flows",
		"action_flow_scripts", "lanes", "messages", "audit_events", "audit_head", "river_job",
	} {
		rows, err := b.store.QueryContext(b.ctx, "SELECT * FROM "+table+" ORDER BY 1, 2")
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values, places := make([]any, len(columns)), make([]any, len(columns))
			for n := range values {
				places[n] = &values[n]
			}
			require.NoError(t, rows.Scan(places...))
			fmt.Fprintln(&all, table, values)
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	return all.String()
}

// A change is whole or not there at all, whichever of its statements fails.
func TestAllOrNothing(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		prepare func(t *testing.T, b *bundle, f *flows.Flows) func() error
		leaves  []string // the last actions in the log
	}{
		"Request": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			form := b.form(t, "ana", "editors", "8h")
			return func() error { _, err := f.Request(b.ctx, form); return err }
		}, []string{"request.created", "step.opened"}},
		"Request that a rule approves": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			form := b.form(t, "ana", "editors", "1h")
			return func() error { _, err := f.Request(b.ctx, form); return err }
		}, []string{"request.created", "flow.approved", "grant.created"}},
		"Approve": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			step := b.step(t, b.ask(t, "ana", "editors", "8h").Request.ID)
			return func() error { return f.Approve(b.ctx, step, b.people["ben"], flows.Consent{}) }
		}, []string{"decision.approved", "flow.approved", "grant.created"}},
		"Deny": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			step := b.step(t, b.ask(t, "ana", "editors", "8h").Request.ID)
			return func() error { return f.Deny(b.ctx, step, b.people["ben"], "no") }
		}, []string{"decision.denied", "flow.denied"}},
		"Cancel": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			id := b.ask(t, "ana", "editors", "8h").Request.ID
			return func() error { return f.Cancel(b.ctx, id, b.people["ana"]) }
		}, []string{"request.cancelled"}},
		"Return": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			grant := b.held(t, "ana", "8h")
			return func() error { return f.Return(b.ctx, grant.ID, b.people["ana"]) }
		}, []string{"grant.returned"}},
		"claim of a script": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			_, join := b.joining(t)
			return func() error { return f.ClaimScript(b.ctx, join) }
		}, []string{"script.started"}},
		"settling of the last script": {func(t *testing.T, b *bundle, f *flows.Flows) func() error {
			_, join := b.joining(t)
			settle, err := f.PerformScript(b.ctx, join)
			require.NoError(t, err)
			return settle
		}, []string{"script.succeeded", "grant.activated"}},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				f, saboteur, scribe := b.sabotaged(t)
				do := one.prepare(t, b, f)
				before := b.everything(t)
				nothing := func(err error, what string) {
					t.Helper()
					require.Error(t, err, what)
					require.Equal(t, before, b.everything(t), what)
				}

				scribe.err = errors.New("no messages today")
				nothing(do(), "the messages fail")
				scribe.err = nil
				restore := b.withoutJobs(t)
				require.Error(t, do())
				restore()
				require.Equal(t, before, b.everything(t), "the jobs fail")

				n := int64(1)
				for ; ; n++ {
					saboteur.failing(n)
					err := do()
					if saboteur.seen.Load() < n {
						require.NoError(t, err)
						break
					}
					nothing(err, fmt.Sprintf("statement %d fails", n))
				}
				require.Greater(t, n, int64(8))
				b.requireLast(t, one.leaves)
			})
		})
	}
}

// withoutJobs takes the table of jobs away until the returned function is called.
func (b *bundle) withoutJobs(t testing.TB) (restore func()) {
	t.Helper()
	_, err := b.store.ExecContext(b.ctx, "ALTER TABLE river_job RENAME TO river_job_gone")
	require.NoError(t, err)
	return func() {
		_, err := b.store.ExecContext(b.ctx, "ALTER TABLE river_job_gone RENAME TO river_job")
		require.NoError(t, err)
	}
}

// requireLast requires that the log ends with the actions, each with its message, and is whole.
func (b *bundle) requireLast(t testing.TB, actions []string) {
	t.Helper()
	events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{}, batch)
	require.NoError(t, err)
	events = events[len(events)-len(actions):]
	for n, event := range events {
		require.Equal(t, actions[n], event.Action)
		_, err := db.MessageByKey(b.ctx, b.store, fmt.Sprint("event ", event.Seq))
		require.NoError(t, err)
	}
	b.verified(t)
}
