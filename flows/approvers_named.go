package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Sources of approvers that are no names: see db.Step.
const (
	manager         = "manager"
	managersManager = "managers_manager"
	owner           = "owner"
	providerOwner   = "provider_owner"
	onCall          = "on_call:"
)

// namedBy reads the people whom one source names: see db.Step.Approvers. Managers are those of the person who benefits.
// Nobody is no error: the fallback speaks then.
func (f *Flows) namedBy(ctx context.Context, q bun.IDB, spec string, item db.RequestItem) ([]db.Person, error) {
	switch {
	case spec == manager:
		return personNamed(ctx, q, item.Subject.ManagerEmail)
	case spec == managersManager:
		managers, err := personNamed(ctx, q, item.Subject.ManagerEmail)
		if err != nil || len(managers) == 0 {
			return nil, err
		}
		return personNamed(ctx, q, managers[0].ManagerEmail)
	case spec == owner:
		if item.Entitlement.OwnerEmail == "" {
			return personNamed(ctx, q, item.Entitlement.Provider.OwnerEmail)
		}
		return personNamed(ctx, q, item.Entitlement.OwnerEmail)
	case spec == providerOwner:
		return personNamed(ctx, q, item.Entitlement.Provider.OwnerEmail)
	case strings.HasPrefix(spec, "@"):
		return groupNamed(ctx, q, "slack", strings.TrimPrefix(spec, "@"))
	case strings.HasPrefix(spec, "group:"):
		handle := strings.TrimPrefix(spec, "group:")
		people, err := groupNamed(ctx, q, "config", handle)
		if err != nil || len(people) > 0 {
			return people, err // the operator's word goes before a directory's that has a group of the same name
		}
		return groupNamed(ctx, q, ofDirectory, handle)
	}
	return personNamed(ctx, q, spec)
}

func personNamed(ctx context.Context, q bun.IDB, email string) ([]db.Person, error) {
	if email == "" {
		return nil, nil
	}
	return remembered(ctx, "person "+email, func() ([]db.Person, error) {
		p, err := db.PersonByEmail(ctx, q, email)
		if errors.Is(err, db.ErrNotFound) {
			return nil, nil
		}
		return []db.Person{p}, err
	})
}

func groupNamed(ctx context.Context, q bun.IDB, source, handle string) ([]db.Person, error) {
	return remembered(ctx, "group "+source+":"+handle, func() ([]db.Person, error) {
		group, err := db.GroupByHandle(ctx, q, source, handle)
		if errors.Is(err, db.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return db.Members(ctx, q, group.ID)
	})
}

// addNamed adds the people whom the step names.
func (s *searching) addNamed(ctx context.Context) error {
	for _, spec := range s.specs {
		people, err := s.named(ctx, spec)
		if err != nil {
			return err
		}
		if err := s.add(ctx, spec, people); err != nil {
			return err
		}
	}
	return nil
}

// named reads the people of one source of the step. Who is on call is read from the step, where a job has stored it.
func (s *searching) named(ctx context.Context, spec string) ([]db.Person, error) {
	if !strings.HasPrefix(spec, onCall) {
		return s.f.namedBy(ctx, s.q, spec, s.item)
	}
	emails, answered := s.step.OnCall[spec]
	s.waiting = s.waiting || !answered
	var people []db.Person
	for _, email := range emails {
		named, err := personNamed(ctx, s.q, email)
		if err != nil {
			return nil, err
		}
		people = append(people, named...)
	}
	return people, nil
}
