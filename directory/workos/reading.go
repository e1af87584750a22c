package workos

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// stamp is how a cursor is written that is a time: events are read from then on. It stands until the first event comes.
const stamp = "2006-01-02T15:04:05.000Z"

// mayBeLost is how much earlier than WorkOS forgets an event we no longer count on it.
const mayBeLost = time.Hour

// reading is one reading of one directory.
type reading struct {
	*Reader

	client    *Client
	state     State
	directory db.Directory   // as it was last seen; its cursor is where the reading is
	foreign   map[string]int // how many events were of other directories, by id
	renewed   time.Time      // when the lease was
	resumed   string         // the comparison that was under way when the reading began
}

// events takes over all events until there are no more. Where events may be missing, a comparison with the state begins.
func (r *reading) events(ctx context.Context) error {
	if lost(r.directory.Cursor, r.flows.Now()) {
		if err := r.takeOver(ctx); err != nil {
			return err
		}
	}
	for {
		events, err := r.next(ctx)
		if errors.Is(err, ErrCursor) && r.works(ctx) {
			if err := r.takeOver(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return nil
		}
		if err := r.page(ctx, events); err != nil {
			return err
		}
	}
}

// next reads the next events behind the cursor.
func (r *reading) next(ctx context.Context) ([]Event, error) {
	if at, err := time.Parse(stamp, r.directory.Cursor); err == nil {
		return r.client.EventsSince(ctx, at)
	}
	return r.client.EventsAfter(ctx, r.directory.Cursor)
}

// works says whether events can be read at all, so that it is the cursor that WorkOS does not know.
func (r *reading) works(ctx context.Context) bool {
	_, err := r.client.EventsSince(ctx, r.flows.Now().Add(-interval))
	return err == nil
}

// takeOver begins to take the state over, and goes on with the events that come while that is done.
func (r *reading) takeOver(ctx context.Context) error {
	r.log.InfoContext(ctx, "all that WorkOS has is taken over: there is no event from which to go on", "directory", r.directory.Slug)
	return r.begin(ctx, true)
}

// lost says whether events behind a cursor may be missing: there is none, or WorkOS may have forgotten the event.
func lost(cursor string, now time.Time) bool {
	if cursor == "" {
		return true
	}
	at, err := time.Parse(stamp, cursor)
	known := err == nil
	if !known {
		at, known = eventTime(cursor)
	}
	return known && now.Sub(at) > Retention-mayBeLost
}

// page takes over some events. Of those of other directories the last is remembered, so that they are not read again.
func (r *reading) page(ctx context.Context, events []Event) error {
	passed := ""
	for _, event := range events {
		if event.DirectoryID() != r.state.directory {
			r.foreign[event.DirectoryID()]++
			passed = event.ID
			continue
		}
		passed = ""
		if err := r.take(ctx, event); err != nil {
			return err
		}
	}
	if passed == "" {
		return nil
	}
	return r.advance(ctx, passed, func(context.Context, *flows.Journal) error { return nil })
}

// take takes one event over. What it names and nobody here knows is asked of WorkOS between two transactions: none
// stays open for as long as somebody else takes to answer.
func (r *reading) take(ctx context.Context, event Event) error {
	known := asked{users: map[string]*User{}, groups: map[string]*Group{}}
	for {
		err := r.advance(ctx, event.ID, func(ctx context.Context, j *flows.Journal) error {
			return taking{Journal: j, event: event, asked: known}.take(ctx)
		})
		unknown, ask := errors.AsType[unknownError](err)
		if !ask {
			return err
		}
		if err := r.ask(ctx, unknown, known); err != nil {
			return err
		}
	}
}

// ask asks WorkOS for a user or a group.
func (r *reading) ask(ctx context.Context, unknown unknownError, known asked) error {
	if unknown.user != "" {
		user, err := r.state.User(ctx, unknown.user)
		if err == nil {
			known.users[unknown.user] = &user
		} else if errors.Is(err, ErrMissing) {
			known.users[unknown.user] = nil
			err = nil
		}
		return err
	}
	group, err := r.state.Group(ctx, unknown.group)
	if err == nil {
		known.groups[unknown.group] = &group
	} else if errors.Is(err, ErrMissing) {
		known.groups[unknown.group] = nil
		err = nil
	}
	return err
}

// advance does something in one transaction with the step of the cursor behind it. Where somebody else moved the cursor or
// compared something meanwhile, nothing is done and the error is errOvertaken.
func (r *reading) advance(ctx context.Context, cursor string, do func(context.Context, *flows.Journal) error) error {
	var after db.Directory
	err := r.flows.WriteDirectory(ctx, r.directory.ID, func(ctx context.Context, j *flows.Journal) error {
		if j.Directory.Cursor != r.directory.Cursor || j.Directory.Comparing != r.directory.Comparing {
			return errOvertaken
		}
		if err := do(ctx, j); err != nil {
			return err
		}
		j.Directory.Cursor, j.Directory.PollAfter = cursor, j.Now.Add(lease)
		after = j.Directory
		return nil
	})
	if err == nil {
		r.directory, r.renewed = after, after.PollAfter.Add(-lease)
	}
	return err
}

// renew keeps others from beginning to read too, while WorkOS is asked for much.
func (r *reading) renew(ctx context.Context) error {
	if r.flows.Now().Sub(r.renewed) < lease/3 {
		return nil
	}
	return r.advance(ctx, r.directory.Cursor, func(context.Context, *flows.Journal) error { return nil })
}
