package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// How marks are worked off: so many people are looked at with the same few queries, and as many transactions run beside each
// other, each for one person of whom something has to be done.
const (
	settleBatch   = 200
	settleWorkers = 4
	settleTries   = 3 // against whoever changes the same person's access at the same time
)

// settlePeople looks at the access of everybody who is marked, for as long as a turn lasts. Those of whom nothing has to be
// done cost a few queries together. One who fails is left to the next sweep.
func (f *Flows) settlePeople(ctx context.Context) error {
	return f.inTurn(ctx, SettlePeople{}, f.settling(ctx))
}

// settling returns the step that looks at the next few people.
func (f *Flows) settling(ctx context.Context) func() (more bool, err error) {
	var after db.Unsettled
	var failed error
	return func() (bool, error) {
		marks, err := db.UnsettledPeople(ctx, f.store, after, settleBatch)
		if err != nil || len(marks) == 0 {
			return false, errors.Join(failed, err)
		}
		after = marks[len(marks)-1]
		rest, err := f.settleEasy(ctx, marks)
		if err != nil {
			return false, err
		}
		failed = errors.Join(failed, f.settleEach(ctx, rest))
		return true, nil
	}
}

// settleEasy takes the marks from those of whom nothing has to be done, and returns the others.
func (f *Flows) settleEasy(ctx context.Context, marks []db.Unsettled) ([]string, error) {
	ids := make([]string, 0, len(marks))
	for _, mark := range marks {
		ids = append(ids, mark.PersonID)
	}
	people, err := db.PeopleByID(ctx, f.store, ids)
	if err != nil {
		return nil, err
	}
	book, differing, err := f.differing(ctx, f.store, people)
	if err != nil {
		return nil, err
	}
	var easy []db.Unsettled
	var rest []string
	for _, mark := range marks {
		if mark.Leaving != "" || slices.Contains(differing, mark.PersonID) || slices.Contains(mark.Fields, fieldReturned) || book.adjusts(mark.Fields) {
			rest = append(rest, mark.PersonID)
			continue
		}
		easy = append(easy, mark)
	}
	return rest, db.Settled(ctx, f.store, easy)
}

// differing are the ids of those of some people of whom something has to be done.
func (f *Flows) differing(ctx context.Context, q bun.IDB, people []db.Person) (rulebook, []string, error) {
	book, err := f.rulebook(ctx, q)
	if err != nil {
		return book, nil, err
	}
	ids := make([]string, 0, len(people))
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	groups, err := db.GroupsOfAll(ctx, q, ids)
	if err != nil {
		return book, nil, err
	}
	has, err := standings(ctx, q, ids)
	if err != nil {
		return book, nil, err
	}
	var differing []string
	now := f.Now()
	for _, p := range people {
		if !compare(book.givenTo(p, groups[p.ID], now), has[p.ID], firstMorning(p, now)).none() {
			differing = append(differing, p.ID)
		}
	}
	return book, differing, nil
}

// standings reads what is so of people by rules.
func standings(ctx context.Context, q bun.IDB, people []string) (map[string]standing, error) {
	all := map[string]standing{}
	said, err := db.BirthrightsOf(ctx, q, people)
	if err != nil {
		return nil, err
	}
	grants, err := db.GrantsByRule(ctx, q, people)
	if err != nil {
		return nil, err
	}
	items, err := db.ItemsByRule(ctx, q, people)
	if err != nil {
		return nil, err
	}
	for _, row := range said {
		has := all[row.PersonID]
		has.said = append(has.said, row)
		all[row.PersonID] = has
	}
	for _, grant := range grants {
		has := all[grant.SubjectID]
		has.grants = append(has.grants, grant)
		all[grant.SubjectID] = has
	}
	for _, item := range items {
		has := all[item.SubjectID]
		has.items = append(has.items, item)
		all[item.SubjectID] = has
	}
	return all, nil
}

// settleEach settles people, a few beside each other.
func (f *Flows) settleEach(ctx context.Context, people []string) error {
	next := make(chan string)
	var all sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for range min(settleWorkers, len(people)) {
		all.Go(func() {
			for id := range next {
				if err := f.settlePerson(ctx, id); err != nil {
					mu.Lock()
					failed = errors.Join(failed, fmt.Errorf("settle person %s: %w", id, err))
					mu.Unlock()
				}
			}
		})
	}
	for _, id := range people {
		next <- id
	}
	close(next)
	all.Wait()
	return failed
}

// settlePerson brings the access of a marked person to what rules say of him, or ends it when he leaves.
func (f *Flows) settlePerson(ctx context.Context, personID string) error {
	var err error
	for range settleTries {
		err = f.change(ctx, func(ctx context.Context, c *change) error { return c.settle(ctx, personID) })
		if !errors.Is(err, db.ErrConflict) {
			break
		}
	}
	return err
}

func (c *change) settle(ctx context.Context, personID string) error {
	p, err := c.lockAbout(ctx, personID)
	if err != nil {
		return err
	}
	mark, err := db.UnsettledPerson(ctx, c, personID)
	if errors.Is(err, db.ErrNotFound) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	if err := db.Settled(ctx, c, []db.Unsettled{mark}); err != nil {
		return err
	}
	if mark.Leaving != "" {
		return c.depart(ctx, p, mark)
	}
	return c.giveAndTake(ctx, p, mark)
}

// lockAbout holds a person and every request about him, and further ones, in the order that change names. ErrConflict says
// that one was made meanwhile.
func (c *change) lockAbout(ctx context.Context, personID string, further ...string) (db.Person, error) {
	requests, err := db.RequestsAbout(ctx, c, personID)
	if err != nil {
		return db.Person{}, err
	}
	requests = append(requests, further...)
	slices.Sort(requests)
	for _, id := range requests {
		if _, err := db.LockRequest(ctx, c, id); err != nil {
			return db.Person{}, err
		}
	}
	p, err := db.LockPerson(ctx, c, personID)
	if err != nil {
		return p, err
	}
	now, err := db.RequestsAbout(ctx, c, personID)
	for _, id := range now {
		if !slices.Contains(requests, id) {
			return p, fmt.Errorf("request %s about %s: %w", id, personID, db.ErrConflict)
		}
	}
	return p, err
}
