package flows

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// turn is how long a job goes on with work that may take hours, such as the first import of a directory, before it lets the
// jobs that wait for a worker go first.
const turn = 2 * time.Second

// lostAfter is when a job of which nothing was heard is lost with its process: longer than a turn with its last step.
const lostAfter = 6 * time.Second

// inTurn takes steps until none is left or the turn is over. Then another job like this one goes on, behind those that wait.
func (f *Flows) inTurn(ctx context.Context, job river.JobArgs, step func() (more bool, err error)) error {
	for began := time.Now(); ; {
		more, err := step()
		if err != nil || !more {
			return err
		}
		if time.Since(began) > turn {
			return f.change(ctx, func(_ context.Context, c *change) error {
				c.enqueue(job, queueDirectory, 0)
				return nil
			})
		}
	}
}
