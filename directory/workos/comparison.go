package workos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// overlap is how much of the events before a comparison is read again: what came late to the list.
const overlap = time.Minute

// spare is how much of a job's time is left when a comparison pauses, so that the step under way comes to its end.
const spare = 6 * time.Minute

// errUnlinked says that the directory is not linked, so that what its state lacks says nothing of people.
var errUnlinked = errors.New("the directory is not linked to its source at WorkOS")

// The parts of a comparison, in their order.
const (
	partUsers      = "users"
	partGroups     = "groups"
	partMembers    = "members"
	partGoneGroups = "gone groups"
	partGoneUsers  = "gone users"
)

// comparison is where a comparison of the mirror with the state is. It makes the mirror equal to the state piece by
// piece: the users, the groups, the members of each group, and then who and what is gone. Each piece and the step behind
// it are one transaction, so that a comparison goes on where it was, in another job or another process, and between two
// pieces events are taken over as always.
type comparison struct {
	Number  int64     `json:"number"`          // marks what it found
	Begun   time.Time `json:"begun"`           // by our clock
	At      time.Time `json:"at"`              // by WorkOS's clock; each piece was read then or later
	Anew    bool      `json:"anew,omitempty"`  // there was no event from which to go on
	Part    string    `json:"part"`            // that is being compared
	After   string    `json:"after,omitempty"` // what was compared of it last, by WorkOS's id
	Journal int64     `json:"journal"`         // the newest change before it
	Users   int       `json:"users"`           // that were found
	Groups  int       `json:"groups"`
}

// underWay is the comparison of a directory; its number is 0 if there is none.
func underWay(directory db.Directory) (comparison, error) {
	var c comparison
	if directory.Comparing == "" {
		return c, nil
	}
	err := json.Unmarshal([]byte(directory.Comparing), &c)
	if err != nil {
		err = fmt.Errorf("read how far directory %s was compared: %w", directory.Slug, err)
	}
	return c, err
}

func (c comparison) text() (string, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("write how far a directory was compared: %w", err)
	}
	return string(text), nil
}

// passed is the comparison behind what was compared last, or with another part if that was the end of this one.
func (c comparison) passed(after, following string) comparison {
	if c.After = after; after == "" {
		c.Part = following
	}
	return c
}

// linked says since when, by WorkOS's clock, the directory is known to be linked to its source.
func (r *reading) linked(ctx context.Context) (time.Time, error) {
	directory, at, err := r.state.Directory(ctx)
	if errors.Is(err, ErrMissing) {
		err = fmt.Errorf("%w; check directory_id, and of which environment the API key is", err)
	}
	if err == nil && directory.State != "linked" && directory.State != "active" {
		err = errUnlinked
	}
	return at, err
}

// begin begins a comparison. Anew says that no event is known from which to go on: the time of the comparison becomes
// the cursor.
func (r *reading) begin(ctx context.Context, anew bool) error {
	if err := r.renew(ctx); err != nil {
		return err
	}
	at, err := r.linked(ctx)
	if err != nil {
		return err
	}
	cursor := r.directory.Cursor
	if anew {
		cursor = at.Add(-overlap).Format(stamp)
	}
	return r.advance(ctx, cursor, func(_ context.Context, j *flows.Journal) error {
		j.Directory.Comparing, err = comparison{
			Number: j.Now.UnixMicro(), Begun: j.Now, At: at, Anew: anew, Part: partUsers, Journal: j.Directory.Journal,
		}.text()
		return err
	})
}

// compare begins a comparison if one is due, and goes on with the one that is under way for as long as there is time.
func (r *reading) compare(ctx context.Context) error {
	if r.directory.Comparing == "" && r.flows.Now().Sub(r.directory.ReconciledAt) >= compareEvery {
		_, err := time.Parse(stamp, r.directory.Cursor)
		if err := r.begin(ctx, err == nil); err != nil {
			return err
		}
	} else if r.directory.Comparing != "" && r.directory.Comparing == r.resumed {
		if _, err := r.linked(ctx); err != nil {
			return err
		}
	}
	caught := r.flows.Now()
	for r.directory.Comparing != "" {
		if err := r.compareSome(ctx); err != nil {
			return err
		}
		if now := r.flows.Now(); r.directory.Comparing == "" || now.Sub(caught) >= interval/3 {
			if err := r.events(ctx); err != nil {
				return err
			}
			caught = r.flows.Now()
		}
		if at, ends := ctx.Deadline(); ends && time.Until(at) < spare {
			return nil
		}
	}
	return nil
}

// compareSome compares the next piece.
func (r *reading) compareSome(ctx context.Context) error {
	c, err := underWay(r.directory)
	if err != nil {
		return err
	}
	switch c.Part {
	case partUsers:
		err = r.compareUsers(ctx, c)
	case partGroups:
		err = r.compareGroups(ctx, c)
	case partMembers:
		err = r.compareMembers(ctx, c)
	case partGoneGroups:
		err = r.findGone(ctx, c, partGoneUsers, db.MissingDirectoryGroups, goneGroup)
	case partGoneUsers:
		err = r.findGone(ctx, c, "", db.MissingDirectoryUsers, goneUser)
	default:
		err = r.finish(ctx, c)
	}
	if status, refused := errors.AsType[*statusError](err); refused && c.After != "" && lostPlace(status.status) {
		c.After = "" // what was compared last is no longer there, and WorkOS does not know what comes behind it
		return r.step(ctx, c, func(context.Context, *flows.Journal) error { return nil })
	}
	return err
}

func lostPlace(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusNotFound || status == http.StatusUnprocessableEntity
}

// step does something in one transaction with the step of the comparison behind it.
func (r *reading) step(ctx context.Context, c comparison, do func(context.Context, *flows.Journal) error) error {
	return r.advance(ctx, r.directory.Cursor, func(ctx context.Context, j *flows.Journal) (err error) {
		if err := do(ctx, j); err != nil {
			return err
		}
		j.Directory.Comparing, err = c.text()
		return err
	})
}

// finish ends a comparison.
func (r *reading) finish(ctx context.Context, c comparison) error {
	err := r.advance(ctx, r.directory.Cursor, func(_ context.Context, j *flows.Journal) error {
		j.Directory.Comparing, j.Directory.ReconciledAt = "", c.At
		return nil
	})
	if err == nil {
		r.log.InfoContext(ctx, "directory compared with what WorkOS has", "directory", r.directory.Slug, "users", c.Users,
			"groups", c.Groups, "differences", r.directory.Journal-c.Journal)
	}
	return err
}
