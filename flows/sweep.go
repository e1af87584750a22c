package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// sweepBatch is how many due rows of one kind a sweep hands out.
const sweepBatch = 500

// rememberEvents is how long a delivered Slack event is remembered: longer than Slack's last redelivery.
const rememberEvents = time.Hour

// rememberSignIns is how long a sign-in is kept to be looked at: it counts for minutes only.
const rememberSignIns = 24 * time.Hour

// rememberDrafts is how long what somebody began to write in Slack is kept for him.
const rememberDrafts = 7 * 24 * time.Hour

// Sweep looks for everything that is due and enqueues one job for each row: grants that start or end, approval steps
// and requests out of time, scripts and messages whose job was lost with a process. It decides nothing: each job
// reads its row anew under lock. Two sweeps at once do no harm.
func (f *Flows) Sweep(ctx context.Context) error {
	now, wall := f.Now(), db.UTC(time.Now())
	var due []job
	for _, find := range []func() ([]job, error){
		func() ([]job, error) { return f.dueGrants(ctx, now) },
		func() ([]job, error) { return f.dueApprovals(ctx, now) },
		func() ([]job, error) { return f.dueAbsences(ctx, now) },
		func() ([]job, error) { return f.dueSearches(ctx, now) },
		func() ([]job, error) { return f.dueRuns(ctx, now, wall) },
		func() ([]job, error) { return f.dueReviews(ctx, now) },
		func() ([]job, error) { return f.dueDirectories(ctx, wall) },
		func() ([]job, error) { return f.dueHeld(ctx, now) },
		func() ([]job, error) { return f.dueInLanes(ctx) },
		func() ([]job, error) { return f.dueReads(ctx) },
		func() ([]job, error) { return f.dueBirthrights(ctx) },
		func() ([]job, error) { return f.duePeople(ctx, now, wall) },
		func() ([]job, error) { return f.dueReconciles(ctx, now) },
		func() ([]job, error) { return f.dueLanes(ctx, wall) },
	} {
		found, err := find()
		if err != nil {
			return err
		}
		due = append(due, found...)
	}
	waiting, err := db.WaitingJobs(ctx, f.store)
	if err != nil {
		return err
	}
	due = notWaiting(due, waiting)
	return f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, job := range due {
			if err := f.jobs.insert(ctx, tx, job); err != nil {
				return fmt.Errorf("enqueue %s: %w", job.args.Kind(), err)
			}
		}
		if err := db.ForgetConfigDrafts(ctx, tx, now.Add(-rememberDrafts)); err != nil {
			return err
		}
		return errors.Join(db.ForgetEvents(ctx, tx, wall.Add(-rememberEvents)), db.ForgetSignIns(ctx, tx, wall.Add(-rememberSignIns)))
	})
}

// notWaiting leaves out the jobs of queues in which at least as many wait already as rows are due: they are the same
// rows' jobs behind busy workers, and without this each sweep would add to them for as long as a provider hangs.
func notWaiting(due []job, waiting map[string]int) []job {
	rows := map[string]int{}
	for _, job := range due {
		rows[job.queue]++
	}
	return slices.DeleteFunc(due, func(j job) bool { return waiting[j.queue] >= rows[j.queue] })
}

func (f *Flows) dueGrants(ctx context.Context, now time.Time) ([]job, error) {
	starting, err := db.StartingGrants(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	expired, err := db.ExpiredGrants(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	lost, err := db.LostGrants(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, id := range starting {
		due = append(due, job{args: GrantStart{GrantID: id}, queue: queueTimers})
	}
	for _, id := range append(expired, lost...) {
		due = append(due, job{args: GrantExpire{GrantID: id}, queue: queueTimers})
	}
	return due, nil
}

func (f *Flows) dueApprovals(ctx context.Context, now time.Time) ([]job, error) {
	steps, err := db.DueSteps(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	requests, err := db.OverdueRequests(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, step := range steps {
		due = append(due, job{args: StepDue{StepID: step.ID}, queue: queueTimers})
	}
	for _, id := range requests {
		due = append(due, job{args: RequestLapse{RequestID: id}, queue: queueTimers})
	}
	return due, nil
}

func (f *Flows) dueRuns(ctx context.Context, now, wall time.Time) ([]job, error) {
	scripts, err := db.StrandedScripts(ctx, f.store, now, wall, sweepBatch)
	if err != nil {
		return nil, err
	}
	waiting, err := db.WaitingScripts(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	queued, err := db.StrandedFlows(ctx, f.store, sweepBatch)
	if err != nil {
		return nil, err
	}
	failed, err := db.FlowsToRetry(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, script := range scripts {
		due = append(due, job{args: ScriptRun{ScriptID: script.ID}, queue: queueOf(script)})
	}
	for _, script := range waiting {
		due = append(due, job{args: ScriptDue{ScriptID: script.ID}, queue: queueTimers})
	}
	for _, flow := range queued {
		due = append(due, job{args: FlowStart{FlowID: flow.ID}, queue: queueTimers})
	}
	for _, flow := range failed {
		due = append(due, job{args: FlowRetry{FlowID: flow.ID}, queue: queueTimers})
	}
	return due, nil
}

func (f *Flows) dueLanes(ctx context.Context, wall time.Time) ([]job, error) {
	lanes, err := db.DueLanes(ctx, f.store, wall, f.Now(), sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, lane := range lanes {
		due = append(due, job{args: LaneFlush{Lane: lane}, queue: queueSlack})
	}
	return due, nil
}

// SweepSoon enqueues a sweep now, beside the clock: at start, and when the demo's clock was moved.
func (f *Flows) SweepSoon(ctx context.Context) error {
	return f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return f.jobs.insert(ctx, tx, job{args: SweepRun{}, queue: queueTimers})
	})
}

// ParseSchedule reads a cron spec such as "@every 15s" or "*/5 * * * *". It refuses what robfig/cron would take and
// then misunderstand: a zone without a schedule, a delay that is not positive, a date that never comes.
func ParseSchedule(spec string) (schedule cron.Schedule, err error) {
	defer func() {
		if recover() != nil { // a bare "TZ=UTC" makes the parser panic
			schedule, err = nil, fmt.Errorf("cron spec %q can't be read", spec)
		}
	}()
	schedule, err = cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("cron spec %q: %w", spec, err)
	}
	if delay, ok := strings.CutPrefix(spec, "@every "); ok { // robfig/cron rounds it up to a second
		if length, err := time.ParseDuration(delay); err != nil || length <= 0 {
			return nil, fmt.Errorf("cron spec %q: the delay must be longer than nothing", spec)
		}
	}
	now := time.Now()
	if next := schedule.Next(now); next.IsZero() || !next.After(now) {
		return nil, fmt.Errorf("cron spec %q never comes due", spec)
	}
	return schedule, nil
}

// Run works the jobs and the clock until ctx ends, then stops both: jobs under way are let finish for a moment. Extra
// schedules run beside the sweep, in this process.
func (f *Flows) Run(ctx context.Context, sweep cron.Schedule, ready func()) error {
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := f.jobs.worker.Start(working); err != nil {
		return fmt.Errorf("start job client: %w", err)
	}
	tick := func() {
		if err := errors.Join(f.keepQueues(ctx), f.SweepSoon(ctx)); err != nil && ctx.Err() == nil {
			f.log.ErrorContext(ctx, "sweep", "error", err)
		}
	}
	tick()
	clock := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	clock.Schedule(sweep, cron.FuncJob(tick))
	clock.Start()
	if ready != nil {
		ready()
	}
	<-ctx.Done()
	<-clock.Stop().Done()
	return f.stopJobs() //nolint:contextcheck // ctx has ended, and jobs under way get a grace of their own
}

// stopGrace is how long jobs under way may go on when the process stops.
const stopGrace = 8 * time.Second

func (f *Flows) stopJobs() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	err := f.jobs.worker.Stop(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	hard, cancelHard := context.WithTimeout(context.Background(), stopGrace)
	defer cancelHard()
	return f.jobs.worker.StopAndCancel(hard)
}
