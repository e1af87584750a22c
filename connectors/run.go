package connectors

import (
	"context"
	"fmt"
	"time"
)

// firstLook is the pause before the second read-back; each further pause is twice as long.
const firstLook = 25 * time.Millisecond

// Run brings the target to the state that the endpoint stands for: read, decide, write, read back. It is the only
// place that decides on an outcome:
//
//   - the read before shows the wanted state: Already, or Applied when an earlier attempt of ours is being settled;
//   - the write was refused: Already if somebody else was faster, else Refused;
//   - the write did not happen: Transient;
//   - the write was answered or perhaps sent: Applied if the read-back shows the wanted state, else Unknown.
//
// An error of a connector that says nothing about its kind counts as Unknown after a write and as Transient before
// one. Run never retries; it waits only between read-backs, for at most Endpoint.Consistency.
func Run(ctx context.Context, e Endpoint, call Call) Result {
	r, ctx := &run{endpoint: e, call: call}, remembering(ctx)
	if err := CheckArgs(e.Args, call.Args); err != nil {
		return r.stopped(Refuse(err))
	}
	if err := ctx.Err(); err != nil {
		return r.stopped(err)
	}
	found, err := r.lookFirst(ctx)
	switch {
	case err != nil:
		return r.stopped(err)
	case e.Effect == Reads:
		return r.finish(Applied, found.Summary, found)
	case found.Done && call.Settle:
		return r.finish(Applied, r.did(), found)
	case found.Done:
		return r.finish(Already, found.Summary, found)
	}
	if err := ctx.Err(); err != nil {
		return r.stopped(err)
	}
	return r.change(ctx, found)
}

// Plan is the read half of Run: what is there, and whether anything would be done. It writes nothing.
func Plan(ctx context.Context, e Endpoint, call Call) (State, error) {
	if err := CheckArgs(e.Args, call.Args); err != nil {
		return State{}, Refuse(err)
	}
	found, err := e.Read(ctx, call)
	found.Output = Redact(found.Output)
	return found, err
}

// run is one run under way.
type run struct {
	endpoint Endpoint
	call     Call
	evidence []Evidence
}

// lookFirst reads once, or for the whole window when an earlier write may still be on its way.
func (r *run) lookFirst(ctx context.Context) (State, error) {
	if r.call.Settle && r.endpoint.Effect != Reads {
		return r.look(ctx, "before")
	}
	return r.lookOnce(ctx, "before")
}

// change writes and reads back.
func (r *run) change(ctx context.Context, found State) Result {
	err := r.endpoint.Write(ctx, r.call, found)
	if err == nil {
		r.noteText("write", "The target accepted the change.")
	} else {
		r.noteText("write", err.Error())
	}
	switch markOf(err).outcome { //nolint:exhaustive // the other outcomes are settled by the read-back
	case Transient:
		return r.stopped(err)
	case Refused:
		return r.refusedWrite(ctx, err)
	}
	after, readErr := r.look(ctx, "after")
	switch {
	case readErr != nil && err != nil:
		return r.unknown(after, fmt.Errorf("%w; read back: %w", err, readErr))
	case readErr != nil:
		return r.unknown(after, fmt.Errorf("read back: %w", readErr))
	case after.Done:
		return r.finish(Applied, r.did(), after)
	case err != nil:
		return r.unknown(after, err)
	}
	return r.unknown(after, fmt.Errorf("the change was accepted but does not show: %s", after.Summary))
}

// refusedWrite looks whether somebody else made the change first, which also makes a target say no. That takes the
// whole window only where the target named a conflict.
func (r *run) refusedWrite(ctx context.Context, err error) Result {
	look := r.lookOnce
	if markOf(err).conflict {
		look = r.look
	}
	after, readErr := look(ctx, "after")
	switch {
	case readErr != nil || !after.Done:
		return r.stopped(err)
	case r.call.Settle:
		return r.finish(Applied, r.did(), after)
	}
	return r.finish(Already, after.Summary, after)
}

// lookOnce reads once.
func (r *run) lookOnce(ctx context.Context, step string) (State, error) {
	found, err := r.endpoint.Read(ctx, r.call)
	r.note(step, found, err)
	return found, err
}

// look reads until the wanted state shows or the consistency window is over.
func (r *run) look(ctx context.Context, step string) (State, error) {
	window, pause := r.endpoint.Consistency, firstLook
	for {
		found, err := r.endpoint.Read(ctx, r.call)
		if (err == nil && found.Done) || window <= 0 || markOf(err).outcome == Refused || ctx.Err() != nil {
			r.note(step, found, err)
			return found, err
		}
		pause = min(pause, window)
		window -= pause
		if ctxErr := wait(ctx, pause); ctxErr != nil {
			r.note(step, found, ctxErr)
			return found, ctxErr
		}
		pause *= 2
	}
}

// wait returns after d, or earlier with the context's error.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
