package flows

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// users compares all users of the directory with the people who they are.
func (r *reconciling) users(ctx context.Context) error {
	for after := ""; ; {
		users, err := db.DirectoryUsersBehind(ctx, r.f.store, r.directory.ID, after, reconcileBatch)
		if err != nil || len(users) == 0 {
			return err
		}
		after = users[len(users)-1].ID
		differing, err := r.differingUsers(ctx, users)
		if err != nil {
			return err
		}
		for _, user := range differing {
			if err := r.f.change(ctx, func(ctx context.Context, c *change) error { return r.user(ctx, c, user.ID) }); err != nil {
				return err
			}
		}
	}
}

// differingUsers are those of some users who differ from the people who they are, or did when they were compared last.
func (r *reconciling) differingUsers(ctx context.Context, users []db.DirectoryUser) ([]db.DirectoryUser, error) {
	var ids, people, keys []string
	for _, user := range users {
		ids, keys = append(ids, user.ID), append(keys, userDrift(user))
		if user.PersonID != "" {
			people = append(people, user.PersonID)
		}
	}
	rows, err := db.PeopleByID(ctx, r.f.store, people)
	if err != nil {
		return nil, err
	}
	undecided, err := db.UndecidedUsers(ctx, r.f.store, ids)
	if err != nil {
		return nil, err
	}
	open, err := db.DriftsByKey(ctx, r.f.store, r.directory.ID, keys)
	if err != nil {
		return nil, err
	}
	managers, err := r.managersOf(ctx, users)
	if err != nil {
		return nil, err
	}
	byID := map[string]db.Person{}
	for _, p := range rows {
		byID[p.ID] = p
	}
	r.found.Users += len(users)
	var differing []db.DirectoryUser
	for _, user := range users {
		if slices.Contains(undecided, user.ID) {
			r.found.Undecided++
			continue
		}
		p, known := byID[user.PersonID]
		differs, err := r.differs(user, p, known, managers)
		if err != nil {
			return nil, err
		}
		if differs || slices.ContainsFunc(open, func(d db.Drift) bool { return d.Key == userDrift(user) }) {
			differing = append(differing, user)
		}
	}
	return differing, nil
}

// managersOf are the addresses of those to whom users refer as their managers by an id.
func (r *reconciling) managersOf(ctx context.Context, users []db.DirectoryUser) (map[string]string, error) {
	var names []string
	for _, user := range users {
		v, err := valuesIn(user)
		if err != nil {
			return nil, err
		}
		if name, told := v.text(ofEnterprise + "manager"); told && !strings.Contains(name, "@") {
			names = append(names, name)
		}
	}
	found, err := db.DirectoryUsersCalled(ctx, r.f.store, r.directory.ID, names)
	addresses := map[string]string{}
	for _, user := range found {
		addresses[user.ExternalID] = user.Email
	}
	for _, user := range found {
		addresses[user.ID] = user.Email
	}
	return addresses, err
}

// userDrift is the drift of a user who differs from the person who he is.
func userDrift(user db.DirectoryUser) string { return "differs|" + user.ID }

// differs says whether a user differs from the person who he is.
func (r *reconciling) differs(user db.DirectoryUser, p db.Person, known bool, managers map[string]string) (bool, error) {
	here := user.Active && user.DeletedAt.IsZero()
	switch {
	case !known:
		return here, nil
	case !here:
		return p.LeftAt.IsZero() && (p.Active || p.InSlack), nil
	case !p.LeftAt.IsZero() && !overdue(p.EndsAt, r.f.Now()), user.Email != "" && user.Email != p.Email:
		return true, nil
	}
	v, err := valuesIn(user)
	if err != nil {
		return false, err
	}
	is := toldFields(telling{directory: r.directory, user: user, was: p}, v)
	if name, told := v.text(ofEnterprise + "manager"); told {
		is.ManagerEmail = strings.ToLower(name)
		if !strings.Contains(name, "@") {
			is.ManagerEmail = managers[name]
		}
	}
	fields, _, _ := differences(p, is)
	return len(fields) > 0, nil
}

// user puts right what differs of one user, or reports it.
func (r *reconciling) user(ctx context.Context, c *change, userID string) error {
	if err := db.LockEffects(ctx, c, r.directory.ID); err != nil {
		return err
	}
	user, err := db.AnyDirectoryUser(ctx, c, userID)
	if err != nil {
		return err
	}
	waits, err := db.UndecidedUsers(ctx, c, []string{userID})
	if err != nil || len(waits) > 0 {
		return err
	}
	p, known, err := c.whoIs(ctx, r.directory, user)
	if err != nil {
		return err
	}
	t := telling{directory: r.directory, user: user, was: p, known: known}
	if t.change.Kind, err = r.what(ctx, c, t); err != nil {
		return err
	}
	if t.change.Kind == "" {
		return r.same(ctx, c, t)
	}
	decided, err := r.decidedOtherwise(ctx, c, t)
	if err != nil || decided {
		return err
	}
	if r.directory.Policy.ModeOf(t.change.Kind) == db.Hold {
		return r.report(ctx, c, t, differsWords(t))
	}
	why, err := c.apart(ctx, func(ctx context.Context) error { return r.right(ctx, c, t) })
	if err != nil {
		return err
	}
	if why != "" {
		return r.report(ctx, c, t, t.directory.Name+" says otherwise of "+t.was.Name+" than what is so. "+why)
	}
	r.found.Righted++
	return nil
}

// what is the kind of change that would put a user right; empty is that he need not be.
func (r *reconciling) what(ctx context.Context, c *change, t telling) (string, error) {
	if !t.user.Active || !t.user.DeletedAt.IsZero() {
		if !t.known || !t.was.LeftAt.IsZero() || !t.was.Active && !t.was.InSlack {
			return "", nil
		}
		known, err := db.KnownElsewhere(ctx, c, t.was.ID, "")
		if err != nil || known {
			return "", err
		}
		return db.UserSuspended, nil
	}
	switch {
	case !t.known:
		return db.UserCreated, nil
	case !t.was.LeftAt.IsZero() && !overdue(t.was.EndsAt, c.now):
		return db.UserResumed, nil
	}
	is, err := r.wouldBe(ctx, c, t)
	fields, _, _ := differences(t.was, is)
	if err != nil || len(fields) == 0 && t.was.Email == is.Email {
		return "", err
	}
	return db.UserUpdated, nil
}

// wouldBe is the person as the directory tells, without writing anything.
func (r *reconciling) wouldBe(ctx context.Context, c *change, t telling) (db.Person, error) {
	v, err := valuesIn(t.user)
	if err != nil {
		return t.was, err
	}
	is := toldFields(t, v)
	if name, told := v.text(ofEnterprise + "manager"); told {
		if is.ManagerEmail, err = c.managerCalled(ctx, t.directory, name); err != nil {
			return is, err
		}
	}
	if t.user.Email != "" && t.was.SlackID == "" {
		is.Email = t.user.Email
	}
	return is, nil
}

// decidedOtherwise says whether people decided against what the directory says of a user: such a drift is open already.
func (r *reconciling) decidedOtherwise(ctx context.Context, c *change, t telling) (bool, error) {
	keys := []string{goneDrift(t.was)}
	for key := range driftKeys(db.HeldChange{Kind: t.change.Kind, UserID: t.user.ID}) {
		keys = append(keys, key)
	}
	open, err := db.DriftsByKey(ctx, c, r.directory.ID, keys)
	if len(open) > 0 {
		r.found.Differ++
	}
	return len(open) > 0, err
}

// right makes so what the directory says of a user.
func (r *reconciling) right(ctx context.Context, c *change, t telling) error {
	if err := r.noDrift(ctx, c, userDrift(t.user), t.user.Email); err != nil {
		return err
	}
	switch t.change.Kind {
	case db.UserCreated:
		return c.tell(ctx, t)
	case db.UserResumed:
		return c.returns(ctx, t)
	case db.UserSuspended:
		return c.leaves(ctx, t)
	}
	v, err := valuesIn(t.user)
	if err != nil {
		return err
	}
	p, err := c.toldPerson(ctx, t, v)
	if err != nil {
		return err
	}
	return c.changes(ctx, t, p)
}

// differsWords say how a user differs from the person who he is.
func differsWords(t telling) string {
	words := map[string]string{
		db.UserCreated: "%s has %s, who is not here.", db.UserResumed: "%s says that %s is here, who is gone.",
		db.UserSuspended: "%s says that %s is gone, who is here.", db.UserUpdated: "%s says otherwise of %s than what is so.",
	}[t.change.Kind]
	return fmt.Sprintf(words, t.directory.Name, cmp.Or(t.was.Name, t.user.UserName))
}

// report opens a drift of a user that is not put right.
func (r *reconciling) report(ctx context.Context, c *change, t telling, words string) error {
	r.found.Differ++
	kind := driftMissing
	if t.otherAddress() {
		kind = driftAddress
	}
	row := db.Drift{Key: userDrift(t.user), Kind: kind, PersonID: t.was.ID, Words: words}
	return r.open(ctx, c, row, t.user.Email)
}

// same settles what differed before and does so no more.
func (r *reconciling) same(ctx context.Context, c *change, t telling) error {
	if t.otherAddress() {
		return r.report(ctx, c, t, addressWords(t))
	}
	if err := r.noDrift(ctx, c, userDrift(t.user), t.user.Email); err != nil || !t.known || !t.user.Active {
		return err
	}
	return r.noDrift(ctx, c, goneDrift(t.was), t.user.Email)
}

func (r *reconciling) noDrift(ctx context.Context, c *change, key, subject string) error {
	settled, err := db.SettleDrifts(ctx, c, r.directory.ID, []string{key}, c.now)
	for _, one := range settled {
		if err := c.recordDirectory(r.directory, "drift.settled", subject, db.Details{Kind: one.Kind, Summary: one.Words}); err != nil {
			return err
		}
	}
	return err
}
