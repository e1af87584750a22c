package flows

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// The queues, each a pool of goroutines of its own. Every provider has one more, see queueOf.
const (
	queueTimers = "timers"
	queueSlack  = "slack"
	queueLocal  = "local" // scripts that call no provider
	queueMail   = "mail"  // scripts that call a mail server

	queueDirectory = "directory" // effects of what directories wrote, and the reading of directories
)

// How the pools behave. docs/adr/0002 says why a job is never the only memory of work to do.
const (
	timerWorkers = 4
	slackWorkers = 32 // most of them wait for their turn under Slack's limits
	localWorkers = 4
	mailWorkers  = 4

	directoryWorkers = 4

	fetchCooldown = 10 * time.Millisecond
	fetchPoll     = 500 * time.Millisecond
	jobTimeout    = 15 * time.Minute // longer than any script may take, see scripts.LongestTimeout
	jobAttempts   = 4
)

// ScriptRun makes one attempt at a script.
type ScriptRun struct {
	ScriptID string `json:"script_id"`
}

// LaneFlush sends what a lane of messages has to send.
type LaneFlush struct {
	Lane string `json:"lane"`
}

// SweepRun looks for everything that is due.
type SweepRun struct{}

// GrantStart begins a scheduled grant.
type GrantStart struct {
	GrantID string `json:"grant_id"`
}

// GrantExpire ends a grant whose time is over.
type GrantExpire struct {
	GrantID string `json:"grant_id"`
}

// StepDue reminds of, escalates or closes an approval step.
type StepDue struct {
	StepID string `json:"step_id"`
}

// StepAgain looks anew for who may decide on an approval step.
type StepAgain struct {
	StepID string `json:"step_id"`
}

// OnCallAsk asks who is on call for one source of an approval step.
type OnCallAsk struct {
	StepID string `json:"step_id"`
	Source string `json:"source"`
}

// DelegationBegin asks the delegate of somebody whose absence has begun.
type DelegationBegin struct {
	DelegationID string `json:"delegation_id"`
}

// DelegationsEnd asks people again whose absence is over.
type DelegationsEnd struct{}

// RequestLapse ends a request that waited too long.
type RequestLapse struct {
	RequestID string `json:"request_id"`
}

// FlowStart starts an action flow whose turn has come.
type FlowStart struct {
	FlowID string `json:"flow_id"`
}

// FlowRetry lets a failed deprovisioning try again.
type FlowRetry struct {
	FlowID string `json:"flow_id"`
}

// DirectoryWork works out the effects of what a directory wrote.
type DirectoryWork struct {
	DirectoryID string `json:"directory_id"`
}

// ScriptDue looks after a waiting script whose reminder or deadline has come.
type ScriptDue struct {
	ScriptID string `json:"script_id"`
}

// Kind names the job in the queue; it never changes.
func (DirectoryWork) Kind() string { return "directory_work" }

// Kind names the job in the queue; it never changes.
func (ScriptRun) Kind() string { return "script_run" }

// Kind names the job in the queue; it never changes.
func (ScriptDue) Kind() string { return "script_due" }

// Kind names the job in the queue; it never changes.
func (LaneFlush) Kind() string { return "lane_flush" }

// Kind names the job in the queue; it never changes.
func (SweepRun) Kind() string { return "sweep_run" }

// Kind names the job in the queue; it never changes.
func (GrantStart) Kind() string { return "grant_start" }

// Kind names the job in the queue; it never changes.
func (GrantExpire) Kind() string { return "grant_expire" }

// Kind names the job in the queue; it never changes.
func (StepDue) Kind() string { return "step_due" }

// Kind names the job in the queue; it never changes.
func (StepAgain) Kind() string { return "step_again" }

// Kind names the job in the queue; it never changes.
func (OnCallAsk) Kind() string { return "on_call_ask" }

// Kind names the job in the queue; it never changes.
func (DelegationBegin) Kind() string { return "delegation_begin" }

// Kind names the job in the queue; it never changes.
func (DelegationsEnd) Kind() string { return "delegations_end" }

// Kind names the job in the queue; it never changes.
func (RequestLapse) Kind() string { return "request_lapse" }

// Kind names the job in the queue; it never changes.
func (FlowStart) Kind() string { return "flow_start" }

// Kind names the job in the queue; it never changes.
func (FlowRetry) Kind() string { return "flow_retry" }

// workers is the table of what does which job.
func (f *Flows) workers() *river.Workers {
	all := river.NewWorkers()
	river.AddWorker(all, does(func(ctx context.Context, a ScriptRun) error { return f.runScript(ctx, a.ScriptID) }))
	river.AddWorker(all, does(func(ctx context.Context, a ScriptDue) error { return f.scriptDue(ctx, a.ScriptID) }))
	river.AddWorker(all, does(f.flushLane))
	river.AddWorker(all, does(func(ctx context.Context, _ SweepRun) error { return f.Sweep(ctx) }))
	river.AddWorker(all, does(func(ctx context.Context, a GrantStart) error { return f.startDue(ctx, a.GrantID) }))
	river.AddWorker(all, does(func(ctx context.Context, a GrantExpire) error { return f.expireDue(ctx, a.GrantID) }))
	river.AddWorker(all, does(func(ctx context.Context, a StepDue) error { return f.stepDue(ctx, a.StepID) }))
	river.AddWorker(all, does(func(ctx context.Context, a StepAgain) error { return f.stepAgain(ctx, a.StepID) }))
	river.AddWorker(all, does(func(ctx context.Context, a OnCallAsk) error { return f.onCallAsk(ctx, a.StepID, a.Source) }))
	river.AddWorker(all, does(func(ctx context.Context, a DelegationBegin) error { return f.delegationBegin(ctx, a.DelegationID) }))
	river.AddWorker(all, does(func(ctx context.Context, _ DelegationsEnd) error { return f.delegationsEnd(ctx) }))
	river.AddWorker(all, does(func(ctx context.Context, a RequestLapse) error { return f.requestDue(ctx, a.RequestID) }))
	river.AddWorker(all, does(func(ctx context.Context, a FlowStart) error { return f.flowDue(ctx, a.FlowID) }))
	river.AddWorker(all, does(func(ctx context.Context, a FlowRetry) error { return f.flowRetry(ctx, a.FlowID) }))
	river.AddWorker(all, does(func(ctx context.Context, a ReviewDue) error { return f.reviewDue(ctx, a.ReviewID) }))
	river.AddWorker(all, does(f.reviewUsage))
	river.AddWorker(all, does(func(ctx context.Context, a DirectoryWork) error { return f.directoryWork(ctx, a.DirectoryID) }))
	river.AddWorker(all, does(func(ctx context.Context, a DirectoryRead) error { return f.readDirectory(ctx, a.DirectoryID) }))
	river.AddWorker(all, does(func(ctx context.Context, a HeldAsk) error { return f.heldAsk(ctx, a.DirectoryID) }))
	river.AddWorker(all, does(func(ctx context.Context, a HeldBegin) error { return f.heldBegin(ctx, a.HeldID) }))
	river.AddWorker(all, does(func(ctx context.Context, _ SettlePeople) error { return f.settlePeople(ctx) }))
	river.AddWorker(all, does(func(ctx context.Context, a SettlePerson) error { return f.settlePerson(ctx, a.PersonID) }))
	river.AddWorker(all, does(func(ctx context.Context, a PersonLeave) error { return f.timeOver(ctx, a.PersonID) }))
	river.AddWorker(all, does(func(ctx context.Context, a ReconcileRun) error { return f.reconcileRun(ctx, a) }))
	river.AddWorker(all, does(func(ctx context.Context, a BirthrightApply) error { return f.applyBirthright(ctx, a.Slug) }))
	river.AddWorker(all, does(func(ctx context.Context, a BirthrightOpen) error { return f.openBirthright(ctx, a.Slug) }))
	river.AddWorker(all, does(func(ctx context.Context, a ReviewAgain) error { return f.reviewAgain(ctx, a.ReviewID) }))
	return all
}

// does makes a River worker of a function. A lost race is no failure: the row says that the work is done.
func does[T river.JobArgs](do func(context.Context, T) error) river.Worker[T] {
	return river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		err := do(ctx, job.Args)
		if errors.Is(err, db.ErrConflict) || errors.Is(err, errNothing) {
			return nil
		}
		return err
	})
}

// flushLane sends a lane's messages and comes back when it has to wait.
func (f *Flows) flushLane(ctx context.Context, args LaneFlush) error {
	wait, err := f.notifier.Flush(ctx, args.Lane)
	if err != nil {
		return fmt.Errorf("flush lane %s: %w", args.Lane, err)
	}
	if wait > 0 {
		return river.JobSnooze(wait)
	}
	return nil
}

// jobs is River on either database: one client that works, and a way to enqueue within a bun transaction.
type jobs struct {
	worker worker
	enter  func(ctx context.Context, tx *sql.Tx, args river.JobArgs, opts *river.InsertOpts) error

	mu     sync.Mutex
	queues map[string]int // of providers, with their workers
}

// worker is what is needed of a River client of whichever driver.
type worker interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	Queues() *river.QueueBundle
}

func newJobs(f *Flows) (*jobs, error) {
	config := &river.Config{
		Workers: f.workers(), Logger: slog.New(quiet{f.log.Handler()}), FetchCooldown: fetchCooldown, FetchPollInterval: fetchPoll,
		JobTimeout: jobTimeout, RescueStuckJobsAfter: 2 * jobTimeout, MaxAttempts: jobAttempts,
		Queues: map[string]river.QueueConfig{
			queueTimers: {MaxWorkers: timerWorkers}, queueSlack: {MaxWorkers: slackWorkers}, queueLocal: {MaxWorkers: localWorkers},
			queueMail: {MaxWorkers: mailWorkers}, queueDirectory: {MaxWorkers: directoryWorkers},
		},
	}
	j := &jobs{queues: map[string]int{}}
	if f.store.Postgres() {
		return j, j.onPostgres(f.store, config)
	}
	client, err := river.NewClient(riversqlite.New(f.store.DB.DB), config)
	if err != nil {
		return nil, fmt.Errorf("make job client: %w", err)
	}
	j.worker = client
	j.enter = func(ctx context.Context, tx *sql.Tx, args river.JobArgs, opts *river.InsertOpts) error {
		_, err := client.InsertTx(ctx, tx, args, opts)
		return err
	}
	return j, nil
}

// onPostgres works through pgx, which hears of new jobs at once, and enqueues through database/sql, in which bun's
// transactions live.
func (j *jobs) onPostgres(store *db.Store, config *river.Config) error {
	client, err := river.NewClient(riverpgxv5.New(store.Pool), config)
	if err != nil {
		return fmt.Errorf("make job client: %w", err)
	}
	inserter, err := river.NewClient(riverdatabasesql.New(store.DB.DB), &river.Config{
		Logger:        config.Logger,
		FetchCooldown: river.FetchCooldownMin, // it also bounds how soon a queue hears of the next job; unheard, that one waits for the poll
	})
	if err != nil {
		return fmt.Errorf("make job inserter: %w", err)
	}
	j.worker = client
	j.enter = func(ctx context.Context, tx *sql.Tx, args river.JobArgs, opts *river.InsertOpts) error {
		_, err := inserter.InsertTx(ctx, tx, args, opts)
		return err
	}
	return nil
}

func (j *jobs) insert(ctx context.Context, tx bun.Tx, job job) error {
	opts := &river.InsertOpts{Queue: job.queue, MaxAttempts: jobAttempts}
	if job.after > 0 {
		opts.ScheduledAt = time.Now().Add(job.after)
	}
	return j.enter(ctx, tx.Tx, job.args, opts)
}

// queueOf names the pool that works a script: one for each provider, so that a slow one delays no other, and one for
// what may wait for a mail server.
func queueOf(script db.FlowScript) string {
	if slug := (work{script: script}).provider(); slug != "" {
		return "provider_" + slug
	}
	if script.Type == scripts.EmailNotification || script.Type == scripts.EmailApproval {
		return queueMail
	}
	return queueLocal
}

// keepQueues gives every provider its pool, also those that another process added to the configuration.
func (f *Flows) keepQueues(ctx context.Context) error {
	rows, err := db.Providers(ctx, f.store)
	if err != nil {
		return err
	}
	f.jobs.mu.Lock()
	defer f.jobs.mu.Unlock()
	for _, row := range rows {
		name, workers := "provider_"+row.Slug, max(row.Workers, 1)
		if f.jobs.queues[name] == workers {
			continue
		}
		if f.jobs.queues[name] != 0 {
			if err := f.jobs.worker.Queues().Remove(ctx, name); err != nil {
				return fmt.Errorf("resize pool %s: %w", name, err)
			}
		}
		if err := f.jobs.worker.Queues().Add(name, river.QueueConfig{MaxWorkers: workers}); err != nil {
			return fmt.Errorf("add pool %s: %w", name, err)
		}
		f.jobs.queues[name] = workers
	}
	return nil
}
