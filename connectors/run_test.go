package connectors_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// world is a target with one fact, whose reads may lag behind its writes.
type world struct {
	done bool
	// lag is how long a change takes to show.
	lag     time.Duration
	since   time.Time
	readErr func(reads int) error
	// write decides whether a write happens and what it answers.
	write         func() (happens bool, answer error)
	reads, writes int
}

func (w *world) endpoint(effect connectors.Effect) connectors.Endpoint {
	return connectors.Endpoint{
		Name: "do_it", Effect: effect, Consistency: 2 * time.Second,
		Args: []connectors.Field{{Name: "group", Type: connectors.TypeString}},
		Did:  func(connectors.Call) string { return "Did it" },
		Read: func(ctx context.Context, _ connectors.Call) (connectors.State, error) {
			w.reads++
			if w.readErr != nil {
				if err := w.readErr(w.reads); err != nil {
					return connectors.State{}, err
				}
			}
			done := w.done && time.Since(w.since) >= w.lag
			summary := "It is not so"
			if done {
				summary = "It is so"
			}
			return connectors.State{Done: done, Summary: summary, Output: map[string]any{"done": done, "token": "hush"}}, ctx.Err()
		},
		Write: func(context.Context, connectors.Call, connectors.State) error {
			w.writes++
			happens, answer := true, error(nil)
			if w.write != nil {
				happens, answer = w.write()
			}
			if happens {
				w.done, w.since = true, time.Now()
			}
			return answer
		},
	}
}

var errSaid = errors.New("the target said something")

func answers(happens bool, err error) func() (bool, error) {
	return func() (bool, error) { return happens, err }
}

func failing(from int, err error) func(int) error {
	return func(reads int) error {
		if reads >= from {
			return err
		}
		return nil
	}
}

// TestOutcomes is the outcome contract: what was read, what was answered, what shows afterwards, and what that means.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		world   world
		settle  bool
		outcome connectors.Outcome
		writes  int
		summary string
		after   time.Duration
	}{
		"it was so":                         {world: world{done: true}, outcome: connectors.Already, summary: "It is so"},
		"we made it so":                     {outcome: connectors.Applied, writes: 1, summary: "Did it"},
		"it shows after a while":            {world: world{lag: time.Second}, outcome: connectors.Applied, writes: 1, summary: "Did it"},
		"it never shows":                    {world: world{lag: time.Hour}, outcome: connectors.Unknown, writes: 1},
		"accepted but not done":             {world: world{write: answers(false, nil)}, outcome: connectors.Unknown, writes: 1},
		"refused":                           {world: world{write: answers(false, connectors.Refuse(errSaid))}, outcome: connectors.Refused, writes: 1},
		"refused since another was faster":  {world: world{write: answers(true, connectors.Refuse(errSaid))}, outcome: connectors.Already, writes: 1, summary: "It is so"},
		"conflict that shows late":          {world: world{lag: time.Second, write: answers(true, connectors.Conflict(errSaid))}, outcome: connectors.Already, writes: 1},
		"conflict about something else":     {world: world{write: answers(false, connectors.Conflict(errSaid))}, outcome: connectors.Refused, writes: 1},
		"rate limited":                      {world: world{write: answers(false, connectors.Retry(errSaid, time.Minute))}, outcome: connectors.Transient, writes: 1, after: time.Minute},
		"answer lost, change made":          {world: world{write: answers(true, connectors.Unsure(errSaid))}, outcome: connectors.Applied, writes: 1, summary: "Did it"},
		"answer lost, change not made":      {world: world{write: answers(false, connectors.Unsure(errSaid))}, outcome: connectors.Unknown, writes: 1},
		"an error that says nothing":        {world: world{write: answers(false, errSaid)}, outcome: connectors.Unknown, writes: 1},
		"a lost answer is not a rate limit": {world: world{write: answers(false, connectors.Unsure(connectors.Retry(errSaid, 0)))}, outcome: connectors.Unknown, writes: 1},
		"the read fails":                    {world: world{readErr: failing(1, errSaid)}, outcome: connectors.Transient},
		"the read is rate limited":          {world: world{readErr: failing(1, connectors.Retry(errSaid, time.Second))}, outcome: connectors.Transient, after: time.Second},
		"the read is refused":               {world: world{readErr: failing(1, connectors.Refuse(errSaid))}, outcome: connectors.Refused},
		"the read-back fails":               {world: world{readErr: failing(2, errSaid)}, outcome: connectors.Unknown, writes: 1},
		"the read-back is refused":          {world: world{readErr: failing(2, connectors.Refuse(errSaid))}, outcome: connectors.Unknown, writes: 1},
		"settled: it had been made":         {world: world{done: true, lag: time.Second}, settle: true, outcome: connectors.Applied, summary: "Did it"},
		"settled: it had not been made":     {settle: true, outcome: connectors.Applied, writes: 1, summary: "Did it"},
		"settled: it cannot be read":        {world: world{readErr: failing(1, errSaid)}, settle: true, outcome: connectors.Unknown},
		"settled: reading is refused":       {world: world{readErr: failing(1, connectors.Refuse(errSaid))}, settle: true, outcome: connectors.Refused},
		"settled: conflict with ourselves":  {world: world{write: answers(true, connectors.Conflict(errSaid))}, settle: true, outcome: connectors.Applied, writes: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tc.world.since = time.Now()
				result := connectors.Run(t.Context(), tc.world.endpoint(connectors.Grants), connectors.Call{Settle: tc.settle})
				require.Equal(t, tc.outcome, result.Outcome, result.Summary)
				require.Equal(t, tc.writes, tc.world.writes)
				require.Equal(t, tc.after, result.RetryAfter)
				require.NotEmpty(t, result.Summary)
				if tc.summary != "" {
					require.Equal(t, tc.summary, result.Summary)
				}
				require.Equal(t, result.Outcome == connectors.Applied || result.Outcome == connectors.Already, result.Err == nil)
				require.NotContains(t, fmt.Sprint(result), "hush")
				require.LessOrEqual(t, time.Since(tc.world.since), 4*time.Second, "looking is bounded by the window")
			})
		})
	}
}

func TestReadsNeverWrite(t *testing.T) {
	t.Parallel()
	for _, settle := range []bool{false, true} {
		w := &world{}
		e := w.endpoint(connectors.Reads)
		e.Write = nil
		result := connectors.Run(t.Context(), e, connectors.Call{Settle: settle})
		require.Equal(t, connectors.Applied, result.Outcome)
		require.Equal(t, false, result.Output["done"])
		require.Equal(t, 1, w.reads)
		w.readErr = failing(1, errSaid)
		require.Equal(t, connectors.Transient, connectors.Run(t.Context(), e, connectors.Call{Settle: settle}).Outcome)
	}
}

func TestPlanDoesNotWrite(t *testing.T) {
	t.Parallel()
	w := &world{}
	state, err := connectors.Plan(t.Context(), w.endpoint(connectors.Grants), connectors.Call{})
	require.NoError(t, err)
	require.False(t, state.Done)
	require.Equal(t, connectors.Redacted, state.Output["token"])
	require.Zero(t, w.writes)
	_, err = connectors.Plan(t.Context(), w.endpoint(connectors.Grants), connectors.Call{Args: map[string]any{"gruop": "x"}})
	require.ErrorContains(t, err, `unknown argument "gruop"`)
	require.Equal(t, 1, w.reads)
}

func TestWrongArgumentsAreRefusedUntouched(t *testing.T) {
	t.Parallel()
	w := &world{}
	result := connectors.Run(t.Context(), w.endpoint(connectors.Grants), connectors.Call{Args: map[string]any{"group": 7}})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Zero(t, w.reads+w.writes)
}

// TestCancelledInTheMiddle cancels at each stage: before the write nothing was done, after it nobody knows.
func TestCancelledInTheMiddle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := &world{readErr: func(int) error { cancel(); return nil }}
		result := connectors.Run(ctx, w.endpoint(connectors.Grants), connectors.Call{})
		require.Equal(t, connectors.Transient, result.Outcome)
		require.Zero(t, w.writes)

		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		w = &world{lag: time.Hour}
		began := time.Now()
		result = connectors.Run(ctx, w.endpoint(connectors.Grants), connectors.Call{})
		require.Equal(t, connectors.Unknown, result.Outcome)
		require.ErrorIs(t, result.Err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began), "waiting ends with the context")
	})
}

// TestEvidenceTellsTheRun checks that the audit log can show what was read, written and read back.
func TestEvidenceTellsTheRun(t *testing.T) {
	t.Parallel()
	w := &world{write: answers(true, connectors.Unsure(errSaid))}
	result := connectors.Run(t.Context(), w.endpoint(connectors.Grants), connectors.Call{})
	require.Equal(t, []connectors.Evidence{
		{Step: "before", Summary: "It is not so", Facts: map[string]any{"done": false, "token": connectors.Redacted}},
		{Step: "write", Summary: errSaid.Error()},
		{Step: "after", Summary: "It is so", Facts: map[string]any{"done": true, "token": connectors.Redacted}},
	}, result.Evidence)
}
