package config

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// readOne reads one object and what it may refer to: with ten thousand others there, an edit must not read them all.
func readOne(ctx context.Context, q bun.IDB, kind, name string) (stored, error) {
	settings, err := db.ReadSettings(ctx, q)
	if err != nil {
		return stored{}, err
	}
	s := stored{settings: settings}
	switch kind {
	case KindPerson:
		if s.people, err = only(name, func() (db.Person, error) { return db.PersonByEmail(ctx, q, name) }); err == nil {
			s.groups, err = memberships(ctx, q, s.people[name].ID)
		}
	case KindProvider:
		s.providers, err = only(name, func() (db.Provider, error) { return db.ProviderBySlug(ctx, q, name) })
	case KindEntitlement:
		if s.entitlements, err = only(name, func() (db.Entitlement, error) { return db.EntitlementBySlug(ctx, q, name) }); err == nil {
			s.providers, err = keyed(ctx, q, db.Providers, func(p db.Provider) string { return p.Slug })
		}
	case KindApprovalChain:
		s.approvalChains, err = only(name, func() (db.ApprovalChain, error) { return db.ApprovalChainBySlug(ctx, q, name) })
	case KindActionChain:
		s.actionChains, err = only(name, func() (storedChain, error) {
			row, err := db.ActionChainBySlug(ctx, q, name)
			if err != nil {
				return storedChain{}, err
			}
			return readChain(ctx, q, row)
		})
	case KindApprovalRule:
		s.approvalRules, err = keyed(ctx, q, db.Rulings, func(r db.Ruling) string { return r.Slug })
	case KindSeparation:
		s.separations, err = keyed(ctx, q, db.Separations, func(o db.Separation) string { return o.Slug })
	case KindDirectory:
		s.directories, err = keyed(ctx, q, db.Directories, func(d db.Directory) string { return d.Slug })
	case KindBirthright:
		s.birthrights, err = keyed(ctx, q, db.Birthrights, func(b db.Birthright) string { return b.Slug })
	}
	return s, err
}

// only is a map of one row, or of none when it is not there. What Usher keeps for itself is never there.
func only[T any](name string, read func() (T, error)) (map[string]T, error) {
	if name == db.Configuration {
		return map[string]T{}, nil
	}
	row, err := read()
	if errors.Is(err, db.ErrNotFound) {
		return map[string]T{}, nil
	}
	return map[string]T{name: row}, err
}

// someUsers is how many of the entitlements that use an object are read: one is enough to keep it.
const someUsers = 3

// readUsers reads the objects that refer to one, besides what was read.
func (s *stored) readUsers(ctx context.Context, q bun.IDB, kind, name string) error {
	found, err := db.EntitlementsUsing(ctx, q, kind, name, someUsers)
	if err != nil {
		return err
	}
	if s.entitlements == nil {
		s.entitlements = map[string]db.Entitlement{}
	}
	for _, row := range found {
		s.entitlements[row.Slug] = row
	}
	if s.directories, err = keyed(ctx, q, db.Directories, func(d db.Directory) string { return d.Slug }); err != nil {
		return err
	}
	if s.birthrights, err = keyed(ctx, q, db.Birthrights, func(b db.Birthright) string { return b.Slug }); err != nil {
		return err
	}
	switch kind {
	case KindProvider:
		chains, err := db.ActionChainsNaming(ctx, q, name)
		if err != nil {
			return err
		}
		s.actionChains = map[string]storedChain{}
		for _, row := range chains {
			if s.actionChains[row.Slug], err = readChain(ctx, q, row); err != nil {
				return err
			}
		}
	case KindEntitlement:
		if s.approvalRules, err = keyed(ctx, q, db.Rulings, func(r db.Ruling) string { return r.Slug }); err != nil {
			return err
		}
		s.separations, err = keyed(ctx, q, db.Separations, func(o db.Separation) string { return o.Slug })
	}
	return err
}
