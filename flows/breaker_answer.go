package flows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// answeredTogether is how many stopped changes move on in one transaction once a person has decided.
const answeredTogether = 500

// StopAnswer is what a person decides on what the breaker of a directory stopped.
type StopAnswer struct {
	StopID, PersonID, Reason string

	Seen int64 // the newest change that the person was shown; what came later is judged anew
}

// ResumeDirectory lets what the breaker of a directory stopped go on. Admins and the directory's owner may.
func (f *Flows) ResumeDirectory(ctx context.Context, answer StopAnswer) error {
	if answer.Reason != "" {
		if err := checkReason(answer.Reason); err != nil {
			return err
		}
	}
	return f.answerStop(ctx, answer, db.StopResumed)
}

// DiscardDirectory says that what the breaker of a directory stopped is not to be, and why. What the directory says and
// what is so then differ. Admins and the directory's owner may.
func (f *Flows) DiscardDirectory(ctx context.Context, answer StopAnswer) error {
	if err := checkReason(answer.Reason); err != nil {
		return err
	}
	return f.answerStop(ctx, answer, db.StopDiscarded)
}

// answerStop writes down what a person decided. The directory's own job then moves the changes, which may be many.
func (f *Flows) answerStop(ctx context.Context, answer StopAnswer, status string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		found, err := db.DirectoryStopByID(ctx, c, answer.StopID)
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
		p, err := f.mayAnswerStop(ctx, c, directory, answer.PersonID)
		if err != nil {
			return err
		}
		stop, err := db.DirectoryStopByID(ctx, c, answer.StopID)
		if err != nil {
			return err
		}
		if stop.Status != db.StopOpen {
			return answeredAlready(ctx, c, stop)
		}
		stop.Status, stop.DecidedBy, stop.Reason, stop.EndedAt, stop.UpTo = status, p.ID, answer.Reason, c.now, min(answer.Seen, directory.Journal)
		if err := db.EndDirectoryStop(ctx, c, stop); err != nil {
			return err
		}
		if err := c.wakeDirectory(ctx, directory); err != nil {
			return err
		}
		details := db.Details{Directory: directory.Slug, Stop: stop.ID, Kind: stop.Kind, Reason: answer.Reason}
		who := person(p)
		return c.append(db.AuditEvent{Actor: who.name, ActorKind: who.kind, Action: "directory." + status}, details)
	})
}

// MayAnswerStop refuses unless a person may decide on a stop now.
func (f *Flows) MayAnswerStop(ctx context.Context, stopID, personID string) error {
	stop, err := db.DirectoryStopByID(ctx, f.store, stopID)
	if err != nil {
		return err
	}
	directory, err := db.DirectoryByID(ctx, f.store, stop.DirectoryID)
	if err != nil {
		return err
	}
	if _, err := f.mayAnswerStop(ctx, f.store, directory, personID); err != nil {
		return err
	}
	if stop.Status != db.StopOpen {
		return answeredAlready(ctx, f.store, stop)
	}
	return nil
}

// mayAnswerStop reads a person who decides on a stop, or refuses.
func (f *Flows) mayAnswerStop(ctx context.Context, q bun.IDB, directory db.Directory, personID string) (db.Person, error) {
	p, err := actor(ctx, q, personID)
	if err != nil {
		return p, err
	}
	admin, err := f.IsAdmin(ctx, q, p)
	if err == nil && !admin && (p.Email == "" || !strings.EqualFold(p.Email, directory.OwnerEmail)) {
		err = refuse("Only admins and the owner of %s can decide on this.", directory.Name)
	}
	return p, err
}

func answeredAlready(ctx context.Context, q bun.IDB, stop db.DirectoryStop) error {
	p, err := db.PersonByID(ctx, q, stop.DecidedBy)
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
// out before all of them have moved. Those that the person had not seen are judged anew.
func (c *change) answered(ctx context.Context, directory db.Directory) (int, error) {
	_, err := db.OpenStop(ctx, c, directory.ID)
	if err == nil || !errors.Is(err, db.ErrNotFound) {
		return 0, err
	}
	stopped, err := db.StoppedPage(ctx, c, directory.ID, 0, answeredTogether)
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
	seen := slices.DeleteFunc(slices.Clone(stopped), func(one db.DirectoryChange) bool { return one.Seq > stop.UpTo })
	if len(seen) == 0 {
		return len(stopped), db.MoveStopped(ctx, c, idsOf(stopped), db.ChangeRecorded, "", time.Time{})
	}
	ids := idsOf(seen)
	if stop.Status == db.StopResumed {
		return len(ids), db.MoveStopped(ctx, c, ids, db.ChangeRecorded, p.Label()+" let it go on.", time.Time{})
	}
	if err := db.MoveStopped(ctx, c, ids, db.ChangeDiscarded, "Discarded by "+p.Label()+": "+stop.Reason, c.now); err != nil {
		return 0, err
	}
	var differ []db.HeldChange
	for _, one := range seen {
		first := changesOf(one)[0] // one difference for each change, however many members it is about
		differ = append(differ, first)
	}
	return len(ids), c.drift(ctx, directory, driftDiscarded, differ, stop.Reason)
}

func idsOf(changes []db.DirectoryChange) []string {
	ids := make([]string, len(changes))
	for n, one := range changes {
		ids[n] = one.ID
	}
	return ids
}
