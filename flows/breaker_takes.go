package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
)

// earlier is by how much the end of somebody's time has to move so that it is brought forward: a move to another time zone
// moves it by less.
const earlier = 24 * time.Hour

// taking says whether a change takes away, and notes it of a change of attributes.
func (c *change) taking(ctx context.Context, directory db.Directory, one db.DirectoryChange) (bool, error) {
	if one.Kind != db.UserUpdated {
		_, is := takes[one.Kind]
		return is, nil
	}
	if off := directory.Policy.Breaker; off.Changes < 0 && off.Percent < 0 {
		return false, nil
	}
	is, err := c.takesAway(ctx, directory, one)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil // takeIn puts it aside and says why
	}
	if err != nil || !is || one.Takes {
		return is, err
	}
	return true, db.MarkTakes(ctx, c, one.ID)
}

// takesAway says whether a change of somebody's attributes sets the end of his time or brings it forward, or lets a rule no
// longer hold by which he has access.
func (c *change) takesAway(ctx context.Context, directory db.Directory, one db.DirectoryChange) (bool, error) {
	user, err := db.AnyDirectoryUser(ctx, c, one.UserID)
	if err != nil || user.PersonID == "" {
		return false, err
	}
	was, err := db.PersonByID(ctx, c, user.PersonID)
	if err != nil || !mayHold(was) {
		return false, err
	}
	says, err := valuesOf(user, one)
	if err != nil {
		return false, err
	}
	t := telling{directory: directory, change: one, user: user, says: says, was: was, known: true}
	is := toldFields(t, says)
	if is.ManagerEmail, err = c.toldManager(ctx, t, says); err != nil {
		return false, err
	}
	if !is.EndsAt.IsZero() && (was.EndsAt.IsZero() || is.EndsAt.Before(was.EndsAt.Add(-earlier))) {
		return true, nil
	}
	return c.losesByRule(ctx, is)
}

// losesByRule says whether somebody who is as told would lose access that a rule gave him.
func (c *change) losesByRule(ctx context.Context, p db.Person) (bool, error) {
	grants, err := db.GrantsByRule(ctx, c, []string{p.ID})
	if err != nil || len(grants) == 0 {
		return false, err
	}
	groups, err := db.GroupsOfAll(ctx, c, []string{p.ID})
	if err != nil {
		return false, err
	}
	book, err := c.f.rulebook(ctx, c)
	if err != nil {
		return false, err
	}
	return len(compare(book.givenTo(p, groups[p.ID], c.now), standing{grants: grants}, zero).lost) > 0, nil
}
