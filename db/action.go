package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// The statuses of an action flow and of its scripts. Waiting (see approval.go) is a script whose turn has not come,
// Cancelled (see request.go) a flow that was given up.
const (
	Queued     = "queued"       // another flow works on the same access at the target
	Running    = "running"      //
	Failed     = "failed"       // a person is asked: Retry, Skip, Done by hand
	Succeeded  = "succeeded"    //
	Paused     = "paused"       // sleeps, or waits for a person
	Skipped    = "skipped"      // its condition did not hold, or a person skipped it
	DoneByHand = "done_by_hand" // a person did it and said so
)

// ActionFlow is one run of an action chain for a grant. Its scripts are copies of the version's.
type ActionFlow struct {
	bun.BaseModel `bun:"table:action_flows,alias:run"`

	ID         string    `bun:"id,pk"`
	GrantID    string    `bun:"grant_id"`
	RequestID  string    `bun:"request_id"`
	Kind       string    `bun:"kind"` // Provision or Deprovision
	VersionID  string    `bun:"version_id"`
	TargetKey  string    `bun:"target_key"`
	Status     string    `bun:"status"` // Queued, Running, Failed, Succeeded or Cancelled
	Cancelling bool      `bun:"cancelling"`
	RetryAt    time.Time `bun:"retry_at,nullzero"` // a failed deprovisioning tries again by itself
	CreatedAt  time.Time `bun:"created_at"`
	StartedAt  time.Time `bun:"started_at,nullzero"`
	EndedAt    time.Time `bun:"ended_at,nullzero"`

	Grant *Grant `bun:"rel:belongs-to,join:grant_id=id"`
}

// FlowScript is one script of an action flow.
type FlowScript struct {
	bun.BaseModel `bun:"table:action_flow_scripts,alias:script"`

	ID           string         `bun:"id,pk"`
	FlowID       string         `bun:"flow_id"`
	RequestID    string         `bun:"request_id"`
	Position     int            `bun:"position"`
	Name         string         `bun:"name"`
	Type         string         `bun:"type"`
	Spec         Script         `bun:"spec,type:jsonb"`
	Status       string         `bun:"status"`  // Waiting, Running, Paused, Succeeded, Skipped, Failed or DoneByHand
	Outcome      string         `bun:"outcome"` // of the last attempt: applied, already, refused, transient or unknown
	Summary      string         `bun:"summary"` // one sentence for people
	Output       map[string]any `bun:"output,type:jsonb"`
	Evidence     []any          `bun:"evidence,type:jsonb"`
	Attempts     int            `bun:"attempts"`
	WakeAt       time.Time      `bun:"wake_at,nullzero"` // not before
	ClaimedBy    string         `bun:"claimed_by"`
	ClaimedUntil time.Time      `bun:"claimed_until,nullzero"`
	StartedAt    time.Time      `bun:"started_at,nullzero"`
	VerifyFor    string         `bun:"verify_for"` // who said it is done by hand: only read, to see whether it is
	EndedAt      time.Time      `bun:"ended_at,nullzero"`
	Args         map[string]any `bun:"args,type:jsonb"` // of the last attempt, placeholders filled in
	Provider     string         `bun:"provider"`        // slug of the provider at which it works, or empty
	WaitsFor     string         `bun:"waits_for"`       // of a paused script: WaitsAnswer, WaitsCallback; empty is a time, or a person to do it
	DueAt        time.Time      `bun:"due_at,nullzero"` // until when whatever it waits for has to come
	RemindAt     time.Time      `bun:"remind_at,nullzero"`
	Round        int            `bun:"round"` // how often a person had it tried anew after a final no
}

// What a paused script may wait for, besides a time or somebody who does it by hand.
const (
	WaitsAnswer   = "answer"   // of somebody who was asked, see ScriptPeople
	WaitsCallback = "callback" // of the receiver of a webhook
)

// Finished says whether the flow may go on behind the script.
func (s FlowScript) Finished() bool {
	return s.Status == Succeeded || s.Status == Skipped || s.Status == DoneByHand
}

// ActionFlowByID reads one action flow.
func ActionFlowByID(ctx context.Context, q bun.IDB, id string) (ActionFlow, error) {
	var row ActionFlow
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "action flow", id)
}

// ActionFlowsOfRequest reads the action flows of a request's grants, oldest first.
func ActionFlowsOfRequest(ctx context.Context, q bun.IDB, requestID string) ([]ActionFlow, error) {
	var rows []ActionFlow
	err := q.NewSelect().Model(&rows).Where("request_id = ?", requestID).Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read action flows of %s: %w", requestID, err)
	}
	return rows, nil
}

// ActionFlowsOfGrant reads the action flows of a grant, oldest first.
func ActionFlowsOfGrant(ctx context.Context, q bun.IDB, grantID string) ([]ActionFlow, error) {
	var rows []ActionFlow
	err := q.NewSelect().Model(&rows).Where("grant_id = ?", grantID).Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read action flows of %s: %w", grantID, err)
	}
	return rows, nil
}

// ScriptsOf reads the scripts of an action flow in order.
func ScriptsOf(ctx context.Context, q bun.IDB, flowID string) ([]FlowScript, error) {
	var rows []FlowScript
	err := q.NewSelect().Model(&rows).Where("flow_id = ?", flowID).Order("position").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read scripts of %s: %w", flowID, err)
	}
	return rows, nil
}

// ScriptByID reads one script of an action flow.
func ScriptByID(ctx context.Context, q bun.IDB, id string) (FlowScript, error) {
	var row FlowScript
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "script", id)
}

// InsertActionFlow adds an action flow and its scripts.
func InsertActionFlow(ctx context.Context, q bun.IDB, flow ActionFlow, scripts []FlowScript) error {
	if _, err := q.NewInsert().Model(&flow).Exec(ctx); err != nil {
		return fmt.Errorf("add action flow %s: %w", flow.ID, err)
	}
	if len(scripts) == 0 {
		return nil
	}
	_, err := q.NewInsert().Model(&scripts).Exec(ctx)
	return wrap(err, "add scripts of "+flow.ID)
}

// MoveActionFlow writes the state of an action flow if its status is still from; else ErrConflict.
func MoveActionFlow(ctx context.Context, q bun.IDB, row ActionFlow, from string) error {
	result, err := q.NewUpdate().Model(&row).
		Column("status", "cancelling", "retry_at", "started_at", "ended_at").
		Where("id = ?", row.ID).Where("status = ?", from).Exec(ctx)
	return changed(result, err, "action flow", row.ID)
}

// MoveScript writes the state of a script if its status is still from; else ErrConflict.
func MoveScript(ctx context.Context, q bun.IDB, row FlowScript, from string) error {
	result, err := q.NewUpdate().Model(&row).
		ExcludeColumn("id", "flow_id", "request_id", "position", "name", "type", "spec").
		Where("id = ?", row.ID).Where("status = ?", from).Exec(ctx)
	return changed(result, err, "script", row.ID)
}

// ExtendScriptClaim keeps a script claimed for whoever runs it; ErrConflict when it is no longer his.
func ExtendScriptClaim(ctx context.Context, q bun.IDB, id, by string, until time.Time) error {
	result, err := q.NewUpdate().Model((*FlowScript)(nil)).Set("claimed_until = ?", until).
		Where("id = ?", id).Where("claimed_by = ?", by).Where("status = ?", Running).Exec(ctx)
	return changed(result, err, "claim on script", id)
}

// RunningFlowOnTarget reads the flow that works on the same access at the target now.
func RunningFlowOnTarget(ctx context.Context, q bun.IDB, targetKey string) (ActionFlow, error) {
	var row ActionFlow
	err := q.NewSelect().Model(&row).Where("target_key = ?", targetKey).Where("status = ?", Running).Limit(1).Scan(ctx)
	return row, absent(err, "running flow on", targetKey)
}

// NextQueuedFlow reads the flow that waits longest for its turn on the same access at the target.
func NextQueuedFlow(ctx context.Context, q bun.IDB, targetKey string) (ActionFlow, error) {
	var row ActionFlow
	err := q.NewSelect().Model(&row).Where("target_key = ?", targetKey).Where("status = ?", Queued).
		Order("created_at", "id").Limit(1).Scan(ctx)
	return row, absent(err, "queued flow on", targetKey)
}

// StrandedScripts reads the scripts that nobody works on though they are due: claimed by a process that is gone,
// asleep past their time, or next in a running flow whose job was lost. At most limit. Claims run by the wall clock,
// which differs from now where the demo's clock was moved.
func StrandedScripts(ctx context.Context, q bun.IDB, now, wall time.Time, limit int64) ([]FlowScript, error) {
	var rows []FlowScript
	err := q.NewSelect().Model(&rows).
		Where("script.flow_id IN (SELECT id FROM action_flows WHERE status = ?)", Running). // by the index of running flows
		Where("(script.wake_at IS NULL OR script.wake_at <= ?)", now).
		WhereGroup(" AND ", func(s *bun.SelectQuery) *bun.SelectQuery {
			return s.Where("(script.status = ? AND script.wake_at IS NOT NULL)", Paused).
				WhereOr("(script.status = ? AND (script.claimed_until IS NULL OR script.claimed_until <= ?))", Running, wall).
				WhereOr("(script.status = ? AND NOT EXISTS (SELECT 1 FROM action_flow_scripts AS before "+
					"WHERE before.flow_id = script.flow_id AND before.position < script.position "+
					"AND before.status NOT IN (?, ?, ?)))", Waiting, Succeeded, Skipped, DoneByHand)
		}).
		Order("script.id").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read stranded scripts: %w", err)
	}
	return rows, nil
}

// WaitingScripts reads the paused scripts of running flows whose deadline or reminder is due, at most limit.
func WaitingScripts(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]FlowScript, error) {
	var rows []FlowScript
	err := q.NewSelect().Model(&rows).Where("script.status = ?", Paused).
		Where("(script.due_at <= ? OR script.remind_at <= ?)", now, now).
		Where("script.flow_id IN (SELECT id FROM action_flows WHERE status = ?)", Running).
		Order("script.id").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read waiting scripts: %w", err)
	}
	return rows, nil
}

// FlowsToRetry reads the failed action flows that try again by themselves and are due, at most limit.
func FlowsToRetry(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]ActionFlow, error) {
	var rows []ActionFlow
	err := q.NewSelect().Model(&rows).Where("status = ?", Failed).Where("retry_at <= ?", now).
		Order("retry_at").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read flows to retry: %w", err)
	}
	return rows, nil
}

// StrandedFlows reads queued flows whose target is free, at most limit: their turn was lost.
func StrandedFlows(ctx context.Context, q bun.IDB, limit int64) ([]ActionFlow, error) {
	var rows []ActionFlow
	err := q.NewSelect().Model(&rows).Where("run.status = ?", Queued).Where("run.target_key NOT LIKE ?", LanePrefix+"%"). // see LanesToWake
																Where("NOT EXISTS (SELECT 1 FROM action_flows AS other WHERE other.target_key = run.target_key AND other.status = ?)", Running).
																Order("run.created_at").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read stranded flows: %w", err)
	}
	return rows, nil
}

// FailedFlows reads the action flows that wait for a person to mend them, oldest first, at most limit.
func FailedFlows(ctx context.Context, q bun.IDB, limit int64) ([]ActionFlow, error) {
	var rows []ActionFlow
	err := q.NewSelect().Model(&rows).Where("status = ?", Failed).Order("created_at").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read failed flows: %w", err)
	}
	return rows, nil
}
