package flows

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherhq/usher/db"
)

// zero is no time: of a column that is empty.
var zero time.Time

// SettlePeople looks at the access of everybody of whom something changed.
type SettlePeople struct{}

// SettlePerson looks at the access of one person, before all others.
type SettlePerson struct {
	PersonID string `json:"person_id"`
}

// Kind names the job in the queue; it never changes.
func (SettlePeople) Kind() string { return "people_settle" }

// Kind names the job in the queue; it never changes.
func (SettlePerson) Kind() string { return "person_settle" }

// markPerson notes that the access of a person is to be looked at. What was noted before and was not looked at yet stays
// noted, above all that he leaves. The caller holds the person's lock.
func (c *change) markPerson(ctx context.Context, personID string, mark db.Unsettled) error {
	before, err := db.UnsettledPerson(ctx, c, personID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	for _, field := range before.Fields {
		if !slices.Contains(mark.Fields, field) {
			mark.Fields = append(mark.Fields, field)
		}
	}
	mark.Leaving = cmp.Or(mark.Leaving, before.Leaving)
	return c.markAll(ctx, []string{personID}, mark)
}

// markAll notes the same of many people, over what was noted before.
func (c *change) markAll(ctx context.Context, people []string, mark db.Unsettled) error {
	if mark.Fields == nil {
		mark.Fields = []string{}
	}
	if err := c.settleSoon(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(people, markBatch) {
		rows := make([]db.Unsettled, 0, len(some))
		for _, id := range some {
			row := mark
			row.PersonID, row.Mark, row.MarkedAt = id, db.NewID("mrk"), c.now
			rows = append(rows, row)
		}
		if err := db.MarkUnsettled(ctx, c, rows); err != nil {
			return err
		}
	}
	return nil
}

// noteAll marks people of whom nothing but a condition's answer may have changed: who is in which group.
func (c *change) noteAll(ctx context.Context, people []string, directory string) error {
	if len(people) == 0 {
		return nil
	}
	if err := c.settleSoon(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(people, markBatch) {
		if err := db.NoteUnsettled(ctx, c, some, directory, c.now); err != nil {
			return err
		}
	}
	return nil
}

// markBatch is how many marks one statement writes: each takes seven parameters, of which databases allow 32,766.
const markBatch = 4000

// settleSoon lets the job run that looks at the access of people, unless it is about to: then somebody is marked. Should
// that one be done just now, the sweep looks for marks.
func (c *change) settleSoon(ctx context.Context) error {
	if slices.ContainsFunc(c.jobs, func(j job) bool { return j.args.Kind() == SettlePeople{}.Kind() }) {
		return nil
	}
	some, err := db.AnyUnsettled(ctx, c)
	if err != nil || some {
		return err
	}
	c.enqueue(SettlePeople{}, queueDirectory, 0)
	return nil
}

// leaving notes that a person is gone: what he holds is ended before anything else is done.
func (c *change) leaving(ctx context.Context, p db.Person, directory, changeID, cause string) error {
	c.enqueue(SettlePerson{PersonID: p.ID}, queueTimers, 0) // in no queue in which a long comparison may stand before it
	return c.markPerson(ctx, p.ID, db.Unsettled{Directory: directory, ChangeID: changeID, Leaving: cause})
}

// duePeople finds people whose access is to be looked at although no job may be left for it, which was lost with a process,
// and people whose last moment has come.
func (f *Flows) duePeople(ctx context.Context, now, wall time.Time) ([]job, error) {
	some, err := db.AnyUnsettled(ctx, f.store)
	if err != nil {
		return nil, err
	}
	alive := false
	if some {
		if alive, err = db.JobAlive(ctx, f.store, queueDirectory, SettlePeople{}.Kind(), "", wall.Add(-lostAfter)); err != nil {
			return nil, err
		}
	}
	leaving, err := db.PeopleToLeave(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	if some && !alive {
		due = append(due, job{args: SettlePeople{}, queue: queueDirectory})
	}
	for _, id := range leaving {
		due = append(due, job{args: PersonLeave{PersonID: id}, queue: queueDirectory})
	}
	return due, nil
}
