package flows

import (
	"context"
	"fmt"

	"github.com/usherhq/usher/db"
)

// DirectoryReader reads directories that do not write to us by themselves. It is implemented in directory/workos.
type DirectoryReader interface {
	// Read takes over all that a directory has to tell by now, through WriteDirectory, and says there when it is to be
	// read again. What it could not reach is no error of its own but a sentence in the directory's row.
	Read(ctx context.Context, directory db.Directory) error
}

// DirectoryRead reads a directory.
type DirectoryRead struct {
	DirectoryID string `json:"directory_id"`
}

// Kind names the job in the queue; it never changes.
func (DirectoryRead) Kind() string { return "directory_read" }

// ReadDirectoriesWith lets a reader read the directories that do not write to us. It is called before Run.
func (f *Flows) ReadDirectoriesWith(reader DirectoryReader) { f.reader = reader }

// WakeDirectory has a directory read soon, by whichever process is free. A job that waits already will read later than
// now, so that a second would find nothing.
func (f *Flows) WakeDirectory(ctx context.Context, directoryID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		waits, err := db.DirectoryJobWaits(ctx, c, queueDirectory, DirectoryRead{}.Kind(), directoryID)
		if err != nil || waits {
			return err
		}
		c.enqueue(DirectoryRead{DirectoryID: directoryID}, queueDirectory, 0)
		return nil
	})
}

// readDirectory reads a directory, unless the last attempt failed and it is not yet time for the next.
func (f *Flows) readDirectory(ctx context.Context, directoryID string) error {
	directory, err := db.DirectoryByID(ctx, f.store, directoryID)
	if err != nil {
		return err
	}
	resting := directory.PollError != "" && f.Now().Before(directory.PollAfter)
	if resting || !f.reads(directory) {
		return nil
	}
	if err := f.reader.Read(ctx, directory); err != nil {
		return fmt.Errorf("read directory %s: %w", directory.Slug, err)
	}
	return nil
}

// reads says whether a directory is one that we read.
func (f *Flows) reads(directory db.Directory) bool {
	return f.reader != nil && directory.Active && directory.Kind == db.WorkOSDirectory
}

// dueReads finds the directories whose time has come to be read again.
func (f *Flows) dueReads(ctx context.Context) ([]job, error) {
	all, err := db.Directories(ctx, f.store)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, directory := range all {
		if f.reads(directory) && !f.Now().Before(directory.PollAfter) {
			due = append(due, job{args: DirectoryRead{DirectoryID: directory.ID}, queue: queueDirectory})
		}
	}
	return due, nil
}
