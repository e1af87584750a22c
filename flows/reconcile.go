package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
)

// DefaultReconcile is when directories are compared in full with what is so: at night.
const DefaultReconcile = "0 3 * * *"

// reconcileBatch is how many users or people are compared with the same few queries.
const reconcileBatch = 500

// ReconcileRun compares a directory in full with what is so here.
type ReconcileRun struct {
	DirectoryID string    `json:"directory_id"`
	At          time.Time `json:"at"` // when it came due: the job of one time, tried again, is the same
}

// Kind names the job in the queue; it never changes.
func (ReconcileRun) Kind() string { return "reconcile_run" }

// Reconciled is what a comparison found.
type Reconciled struct {
	Users     int `json:"users"`     // of the directory
	People    int `json:"people"`    // whose access by rules was compared
	Righted   int `json:"righted"`   // differences that were put right
	Differ    int `json:"differ"`    // differences that are left: people decided so
	Undecided int `json:"undecided"` // users of whom something waits to be decided
}

// dueReconciles finds the directories whose time has come to be compared in full.
func (f *Flows) dueReconciles(ctx context.Context, now time.Time) ([]job, error) {
	all, err := db.Directories(ctx, f.store)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, directory := range all {
		if f.reconcileDue(directory, now) {
			due = append(due, job{args: ReconcileRun{DirectoryID: directory.ID, At: now}, queue: queueDirectory})
		}
	}
	return due, nil
}

// reconcileDue says whether a night has come since a directory was compared.
func (f *Flows) reconcileDue(directory db.Directory, now time.Time) bool {
	last := directory.ReconciledAt
	if last.IsZero() {
		last = directory.UpdatedAt
	}
	return directory.Active && !f.nightly.Next(last.UTC()).After(now)
}

// reconcileRun compares a directory whose time has come, once for each night whoever finds that it is due. A job that is
// tried again goes on with its own.
func (f *Flows) reconcileRun(ctx context.Context, run ReconcileRun) error {
	directory, err := db.DirectoryByID(ctx, f.store, run.DirectoryID)
	if err != nil {
		return err
	}
	at := db.UTC(run.At)
	if !directory.ReconciledAt.Equal(at) {
		if !f.reconcileDue(directory, at) {
			return nil // another job has it
		}
		if err := db.ClaimReconcile(ctx, f.store, directory, at); err != nil {
			return err
		}
	}
	return f.reconcile(ctx, directory)
}

// reconcile compares what a directory says with what is so of people and groups, and what rules say with what people hold.
// What differs is put right where the directory is the truth, and else reported as drift. What waits to be decided, and what
// people decided against the directory, is left as it is.
func (f *Flows) reconcile(ctx context.Context, directory db.Directory) error {
	began := time.Now()
	r := &reconciling{f: f, directory: directory}
	for _, compare := range []func(context.Context) error{r.users, r.members, r.gone, r.rules} {
		err := compare(ctx)
		if errors.Is(err, db.ErrConflict) {
			err = errors.New(err.Error()) // no other one was faster with the whole of it: the job is tried again
		}
		if err != nil {
			return fmt.Errorf("reconcile directory %s: %w", directory.Slug, err)
		}
	}
	return f.change(ctx, func(_ context.Context, c *change) error {
		words := fmt.Sprintf("Compared %d users and the access of %d people in %s: %d differences were put right, %d are left.",
			r.found.Users, r.found.People, db.Duration(time.Since(began).Round(time.Second)).Words(), r.found.Righted, r.found.Differ)
		return c.recordDirectory(directory, "directory.reconciled", "", db.Details{Summary: words, After: r.found})
	})
}

// reconciling is a comparison under way.
type reconciling struct {
	f         *Flows
	directory db.Directory
	found     Reconciled
}
