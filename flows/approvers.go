package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// fallback is the source of an approver who stands in because the chain names too few who may decide.
const fallback = "fallback"

// findApprovers resolves who may decide on a step of an item: the people whom the chain names and who hold power,
// without the requester and the person who benefits. When they are fewer than needed, owner, provider owner and
// admins stand in, in this order, until there are enough.
func (f *Flows) findApprovers(ctx context.Context, q bun.IDB, request db.Request, item db.RequestItem, specs []string, need int) ([]db.Approver, error) {
	found := approverSet{request: request, item: item}
	for _, spec := range specs {
		people, err := f.namedBy(ctx, q, spec, item)
		if err != nil {
			return nil, err
		}
		found.add(spec, people)
	}
	if len(found.approvers) >= need {
		return found.approvers, nil
	}
	owners, err := allOwnersOf(ctx, q, *item.Entitlement)
	if err != nil {
		return nil, err
	}
	for _, owner := range owners {
		found.add(fallback, []db.Person{owner})
		if len(found.approvers) >= need {
			return found.approvers, nil
		}
	}
	admins, err := f.adminPeople(ctx, q)
	if err != nil {
		return nil, err
	}
	found.add(fallback, admins)
	return found.approvers, nil
}

// approverSet collects approvers without doubles and without those who may not decide on the item.
type approverSet struct {
	request   db.Request
	item      db.RequestItem
	approvers []db.Approver
}

func (s *approverSet) add(source string, people []db.Person) {
	for _, p := range people {
		known := slices.ContainsFunc(s.approvers, func(a db.Approver) bool { return a.PersonID == p.ID })
		if known || !powerful(p) || p.ID == s.request.RequesterID || p.ID == s.item.SubjectID {
			continue
		}
		s.approvers = append(s.approvers, db.Approver{PersonID: p.ID, Source: source, Person: &p})
	}
}

// namedBy reads the people whom one entry of a step's approvers names: manager (of the person who benefits), owner,
// "@usergroup", "group:handle" or an e-mail address. Nobody is no error: the fallback speaks then.
func (f *Flows) namedBy(ctx context.Context, q bun.IDB, spec string, item db.RequestItem) ([]db.Person, error) {
	switch {
	case spec == "manager":
		return personNamed(ctx, q, item.Subject.ManagerEmail)
	case spec == "owner":
		return ownersOf(ctx, q, *item.Entitlement)
	case strings.HasPrefix(spec, "@"):
		return groupNamed(ctx, q, "slack", strings.TrimPrefix(spec, "@"))
	case strings.HasPrefix(spec, "group:"):
		handle := strings.TrimPrefix(spec, "group:")
		people, err := groupNamed(ctx, q, "directory", handle)
		if err != nil || len(people) > 0 {
			return people, err
		}
		return groupNamed(ctx, q, "config", handle)
	}
	return personNamed(ctx, q, spec)
}

func personNamed(ctx context.Context, q bun.IDB, email string) ([]db.Person, error) {
	if email == "" {
		return nil, nil
	}
	p, err := db.PersonByEmail(ctx, q, email)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	return []db.Person{p}, err
}

func groupNamed(ctx context.Context, q bun.IDB, source, handle string) ([]db.Person, error) {
	group, err := db.GroupByHandle(ctx, q, source, handle)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return db.Members(ctx, q, group.ID)
}
