package flows

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// answeredTogether is how many stopped changes move on in one transaction once a person has decided.
const answeredTogether = 500

// ResumeDirectory lets what the breaker of a directory stopped go on. Admins and the directory's owner may.
func (f *Flows) ResumeDirectory(ctx context.Context, stopID, personID, reason string) error {
	if reason != "" {
		if err := checkReason(reason); err != nil {
			return err
		}
	}
	return f.answerStop(ctx, stopID, personID, reason, db.StopResumed)
}

// DiscardDirectory says that what the breaker of a directory stopped is not to be, and why. What the directory says and
// what is so then differ. Admins and the directory's owner may.
func (f *Flows) DiscardDirectory(ctx context.Context, stopID, personID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return f.answerStop(ctx, stopID, personID, reason, db.StopDiscarded)
}

// answerStop writes down what a person decided. The directory's own job then moves the changes, which may be many.
func (f *Flows) answerStop(ctx context.Context, stopID, personID, reason, status string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		found, err := db.DirectoryStopByID(ctx, c, stopID)
		if errors.Is(err, db.ErrNotFound) {
			return refuse("This stop does not exist any more.")
		}
		if err != nil {
			return err
		}
		directory, err := db.LockDirectory(ctx, c, found.DirectoryID)
		if err != nil {
			return err
		}
		p, err := f.mayAnswerStop(ctx, c, directory, personID)
		if err != nil {
			return err
		}
		stop, err := db.DirectoryStopByID(ctx, c, stopID)
		if err != nil {
			return err
		}
		if stop.Status != db.StopOpen {
			return c.answeredAlready(ctx, stop)
		}
		stop.Status, stop.DecidedBy, stop.Reason, stop.EndedAt = status, p.ID, reason, c.now
		if err := db.EndDirectoryStop(ctx, c, stop); err != nil {
			return err
		}
		if err := c.wakeDirectory(ctx, directory); err != nil {
			return err
		}
		details := db.Details{Directory: directory.Slug, Stop: stop.ID, Kind: stop.Kind, Reason: reason}
		who := person(p)
		return c.append(db.AuditEvent{Actor: who.name, ActorKind: who.kind, Action: "directory." + status}, details)
	})
}

// mayAnswerStop reads a person who decides on a stop, or refuses.
func (f *Flows) mayAnswerStop(ctx context.Context, c *change, directory db.Directory, personID string) (db.Person, error) {
	p, err := actor(ctx, c, personID)
	if err != nil {
		return p, err
	}
	admin, err := f.IsAdmin(ctx, c, p)
	if err == nil && !admin && (p.Email == "" || !strings.EqualFold(p.Email, directory.OwnerEmail)) {
		err = refuse("Only admins and the owner of %s can decide on this.", directory.Name)
	}
	return p, err
}

func (c *change) answeredAlready(ctx context.Context, stop db.DirectoryStop) error {
	p, err := db.PersonByID(ctx, c, stop.DecidedBy)
	if err != nil {
		return err
	}
	if stop.Status == db.StopResumed {
		return refuse("%s has already let this go on. Nothing was changed.", p.Name)
	}
	return refuse("%s has already discarded this. Nothing was changed.", p.Name)
}

// wakeDirectory sees to it that the job of a directory runs. The caller holds the directory.
func (c *change) wakeDirectory(ctx context.Context, directory db.Directory) error {
	if directory.Waking {
		return nil
	}
	directory.Waking = true
	c.enqueue(DirectoryWork{DirectoryID: directory.ID}, queueDirectory, 0)
	return db.SaveDirectoryState(ctx, c, directory)
}

// answered moves stopped changes on as a person decided, some at a time, and says how many it was. Nothing newer is worked
// out before all of them have moved.
func (c *change) answered(ctx context.Context, directory db.Directory) (int, error) {
	_, err := db.OpenStop(ctx, c, directory.ID)
	if err == nil || !errors.Is(err, db.ErrNotFound) {
		return 0, err
	}
	stopped, err := db.StoppedChanges(ctx, c, directory.ID, answeredTogether)
	if err != nil || len(stopped) == 0 {
		return 0, err
	}
	stop, err := db.LastStop(ctx, c, directory.ID)
	if err != nil {
		return 0, err
	}
	p, err := db.PersonByID(ctx, c, stop.DecidedBy)
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(stopped))
	for n, one := range stopped {
		ids[n] = one.ID
	}
	if stop.Status == db.StopResumed {
		return len(ids), db.MoveStopped(ctx, c, ids, db.ChangeRecorded, p.Label()+" let it go on.", time.Time{})
	}
	if err := db.MoveStopped(ctx, c, ids, db.ChangeDiscarded, "Discarded by "+p.Label()+": "+stop.Reason, c.now); err != nil {
		return 0, err
	}
	var differ []db.HeldChange
	for _, one := range stopped {
		first := changesOf(one)[0] // one difference for each change, however many members it is about
		differ = append(differ, first)
	}
	return len(ids), c.drift(ctx, directory, driftDiscarded, differ, stop.Reason)
}
