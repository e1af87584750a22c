package flows

import (
	"time"

	"github.com/riverqueue/river"
)

// turn is how long a job goes on with work that may take hours, such as the first import of a directory, before it lets the
// jobs that wait for a worker go first.
const turn = 5 * time.Second

// lostAfter is when a job of which nothing was heard is lost: longer than a turn with its last step.
const lostAfter = 15 * time.Second

// inTurn takes steps until none is left or the turn is over. Then the job goes on behind those that wait.
func inTurn(step func() (more bool, err error)) error {
	for began := time.Now(); ; {
		more, err := step()
		if err != nil || !more {
			return err
		}
		if time.Since(began) > turn {
			return river.JobSnooze(0)
		}
	}
}
