package flows

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Journal is one transaction in which a directory writes: what it says, and the changes that this makes. Writes of one
// directory follow one another, so that its changes are numbered in the order in which they are committed.
type Journal struct {
	bun.Tx

	Directory db.Directory // under lock; what is changed of it is written with the transaction
	Now       time.Time

	changes []db.DirectoryChange
}

// Add puts a change into the journal, behind all that are there. Its effect is worked out after the transaction.
func (j *Journal) Add(change db.DirectoryChange) {
	j.Directory.Journal++
	change.ID, change.DirectoryID, change.Seq, change.CreatedAt = db.NewID("dch"), j.Directory.ID, j.Directory.Journal, j.Now
	if change.Status == "" {
		change.Status = db.ChangeRecorded
	}
	if change.Status != db.ChangeRecorded {
		change.SettledAt = j.Now
	}
	j.changes = append(j.changes, change)
}

// WriteDirectory lets a directory write. Nothing is refused for reasons of policy: whether a change takes effect is
// decided afterwards, so that the directory need not try again. All of write is kept or nothing is.
func (f *Flows) WriteDirectory(ctx context.Context, directoryID string, write func(ctx context.Context, j *Journal) error) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		directory, err := db.LockDirectory(ctx, c, directoryID)
		if err != nil {
			return err
		}
		j := &Journal{Tx: c.Tx, Directory: directory, Now: c.now}
		if err := write(ctx, j); err != nil {
			return err
		}
		if err := db.InsertDirectoryChanges(ctx, c, j.changes); err != nil {
			return err
		}
		if len(j.changes) > 0 && !j.Directory.Waking {
			j.Directory.Waking = true
			c.enqueue(DirectoryWork{DirectoryID: directory.ID}, queueDirectory, 0)
		}
		return db.SaveDirectoryState(ctx, c, j.Directory)
	})
}

// effectsBatch is how many changes of a directory take effect in one transaction.
const effectsBatch = 20

// directoryWork works out the effects of a directory's changes, in their order, for as long as a turn lasts.
func (f *Flows) directoryWork(ctx context.Context, directoryID string) error {
	return f.inTurn(ctx, DirectoryWork{DirectoryID: directoryID}, func() (bool, error) { return f.directoryStep(ctx, directoryID) })
}

// directoryStep works out the next few effects, and says whether more may be left.
func (f *Flows) directoryStep(ctx context.Context, directoryID string) (bool, error) {
	some, err := f.takeEffect(ctx, directoryID)
	if err != nil {
		return false, fmt.Errorf("take effect of directory %s: %w", directoryID, err)
	}
	if some > 0 {
		return true, nil
	}
	resting, err := f.rest(ctx, directoryID)
	return !resting, err
}

// takeEffect works out the effects of the next few changes and says how many it was.
func (f *Flows) takeEffect(ctx context.Context, directoryID string) (int, error) {
	some := 0
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.LockEffects(ctx, c, directoryID); err != nil {
			return err
		}
		directory, err := db.DirectoryByID(ctx, c, directoryID)
		if err != nil {
			return err
		}
		some, err = c.workOut(ctx, directory)
		return err
	})
	return some, err
}

// rest lets the job of a directory end if there is nothing for it to do. Whoever writes later starts another.
func (f *Flows) rest(ctx context.Context, directoryID string) (bool, error) {
	resting := false
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		directory, err := db.LockDirectory(ctx, c, directoryID)
		if err != nil {
			return err
		}
		busy, err := db.DirectoryUnsettled(ctx, c, directoryID)
		if err != nil || busy {
			return err
		}
		resting, directory.Waking = true, false
		if err := c.tellStopped(ctx, directory); err != nil {
			return err
		}
		return db.SaveDirectoryState(ctx, c, directory)
	})
	return resting, err
}

// dueDirectories finds directories whose changes wait although no job is left for them: it was lost with a process.
func (f *Flows) dueDirectories(ctx context.Context, wall time.Time) ([]job, error) {
	waiting, err := db.UnsettledDirectories(ctx, f.store)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, id := range waiting {
		alive, err := db.JobAlive(ctx, f.store, queueDirectory, DirectoryWork{}.Kind(), id, wall.Add(-lostAfter))
		if err != nil {
			return nil, err
		}
		if !alive {
			due = append(due, job{args: DirectoryWork{DirectoryID: id}, queue: queueDirectory})
		}
	}
	return due, nil
}
