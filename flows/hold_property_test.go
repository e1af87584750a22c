package flows_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// scribble is a directory that writes at random of a few people and groups.
type scribble struct {
	*heldWorld

	dice *rand.Rand
}

// Whatever a directory writes, in whatever order and while people decide: once all of it is approved, the target and what
// is here are as the directory says, and nothing differs.
func TestApprovedChangesComeToWhatTheDirectorySays(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for seed := range uint64(4) {
			o := holding(t, b, heldPolicy(), fmt.Sprintf("okta%d", seed))
			s := &scribble{heldWorld: o, dice: rand.New(rand.NewPCG(seed, 7))}
			s.run(t, 25, nil)
			o.allow(t)
			s.same(t, seed)
			require.Empty(t, o.drifts(t), "seed %d", seed)
		}
		b.verified(t)
	})
}

// The same with people who deny much: what they denied is not so, unless the directory wrote it again and somebody approved
// it then; and when the directory takes all of it back, nothing differs.
func TestDeniedChangesDifferUntilTheyAreTakenBack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for seed := range uint64(3) {
			o := holding(t, b, heldPolicy(), fmt.Sprintf("okta%d", seed))
			s := &scribble{heldWorld: o, dice: rand.New(rand.NewPCG(seed, 11))}
			s.run(t, 25, func() bool { return s.dice.IntN(2) == 0 })
			o.allow(t)
			for _, one := range o.drifts(t) {
				require.Contains(t, one, "it was denied", "seed %d", seed)
			}
			s.run(t, 15, nil)
			o.allow(t)
		}
		b.verified(t)
	})
}

// run writes at random; now and then changes are asked about, and somebody decides on some.
func (s *scribble) run(t *testing.T, steps int, denies func() bool) {
	t.Helper()
	for range steps {
		s.write(t, s.something)
		switch s.dice.IntN(4) {
		case 0:
			s.settle(t)
		case 1:
			s.gathered(t)
			s.decideSome(t, denies)
		}
	}
}

func (s *scribble) decideSome(t *testing.T, denies func() bool) {
	t.Helper()
	for _, id := range s.requests(t) {
		for _, item := range s.sheet(t, id).Items {
			step := item.Current()
			if step == nil || s.dice.IntN(3) == 0 {
				continue
			}
			if denies != nil && denies() {
				require.NoError(t, s.Deny(s.ctx, step.ID, s.people["carl"], "no"))
				continue
			}
			require.NoError(t, s.Approve(s.ctx, step.ID, s.people["carl"], consent()))
		}
	}
}

// something is one random write.
func (s *scribble) something(ctx context.Context, j *flows.Journal) error {
	names := []string{"amy", "bob", "cat"}
	name := names[s.dice.IntN(len(names))]
	user, userErr := db.DirectoryUserByName(ctx, j, j.Directory.ID, s.named(name))
	group := []string{"Crew", "Team"}[s.dice.IntN(2)]
	was, groupErr := db.DirectoryGroupByName(ctx, j, j.Directory.ID, s.groupNamed(group))
	switch dice := s.dice.IntN(20); {
	case dice == 0 && userErr == nil:
		return mirror.DeleteUser(ctx, j, user, mirror.Told{})
	case dice == 1 && groupErr == nil:
		return mirror.DeleteGroup(ctx, j, was, mirror.Told{})
	case dice < 10:
		resource := scimUser(name, "Design", s.dice.IntN(4) > 0)
		resource["userName"] = s.named(name)
		resource["emails"] = []any{map[string]any{"value": s.named(name), "type": "work", "primary": true}}
		resource["title"] = fmt.Sprintf("Title %d", s.dice.IntN(3))
		_, err := mirror.SaveUser(ctx, j, user, resource, mirror.Told{})
		return err
	}
	op := []scim.MemberVerb{scim.AddMembers, scim.RemoveMembers, scim.ReplaceMembers, scim.ClearMembers}[s.dice.IntN(4)]
	var members []string
	for _, one := range names {
		if row, err := db.DirectoryUserByName(ctx, j, j.Directory.ID, s.named(one)); err == nil && s.dice.IntN(2) == 0 {
			members = append(members, row.ID)
		}
	}
	_, err := mirror.SaveGroup(ctx, j, was, scim.Resource{"displayName": s.groupNamed(group)}, mirror.Told{}, scim.MemberOp{Op: op, Values: members})
	return err
}

// named and groupNamed are names of this directory: the target is shared by all rounds.
func (s *scribble) named(name string) string      { return name + "@" + s.directory.ID + ".example" }
func (s *scribble) groupNamed(name string) string { return name + " " + s.directory.ID }

// same requires that the target is as the directory says.
func (s *scribble) same(t *testing.T, seed uint64) {
	t.Helper()
	for _, name := range []string{"amy", "bob", "cat"} {
		user, err := db.DirectoryUserByName(s.ctx, s.store, s.directory.ID, s.named(name))
		there, is := s.target.User(s.named(name))
		if err != nil {
			require.True(t, !is || !there.Active, "seed %d: %s is gone", seed, name)
			continue
		}
		require.Equal(t, user.Active, is && there.Active, "seed %d: %s", seed, name)
		if user.Active {
			resource, err := mirror.User(user)
			require.NoError(t, err)
			require.Equal(t, resource["title"], there.Title, "seed %d: %s", seed, name)
		}
	}
	for _, name := range []string{"Crew", "Team"} {
		group, err := db.DirectoryGroupByName(s.ctx, s.store, s.directory.ID, s.groupNamed(name))
		if err != nil {
			require.Nil(t, s.target.Members(s.groupNamed(name)), "seed %d: %s", seed, name)
			continue
		}
		ids, err := db.DirectoryMembers(s.ctx, s.store, group.ID)
		require.NoError(t, err)
		users, err := db.DirectoryUsersByID(s.ctx, s.store, ids)
		require.NoError(t, err)
		names := []string{}
		for _, user := range users {
			names = append(names, user.UserName)
		}
		slices.Sort(names)
		require.Equal(t, names, s.target.Members(s.groupNamed(name)), "seed %d: %s", seed, name)
	}
}
