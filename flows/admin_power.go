package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// viewer is somebody who sees at least a part of the configuration.
type viewer struct {
	db.Person

	role Role
}

func (v viewer) seesAll() bool { return v.role.Admin || v.role.Auditor }

// powerError is a refusal of somebody who may not do what he tried, whatever he filled in.
type powerError struct{ error }

// Unwrap returns the refusal.
func (n powerError) Unwrap() error { return n.error }

func refusePower(format string, args ...any) error { return powerError{refuse(format, args...)} }

// viewer reads a person who wants to see objects of a kind, or refuses. Owners see their entitlements, and the approval
// chains that those may name.
func (f *Flows) viewer(ctx context.Context, q bun.IDB, personID, kind string) (viewer, error) {
	p, err := actor(ctx, q, personID)
	if err != nil {
		return viewer{}, err
	}
	v := viewer{Person: p}
	if v.role, err = f.RoleOf(ctx, q, p); err != nil {
		return v, err
	}
	switch {
	case v.seesAll(), v.role.Owner && slices.Contains([]string{config.KindEntitlement, config.KindApprovalChain}, kind):
		return v, nil
	case v.role.Owner:
		return v, refusePower("Only admins and auditors see this part of the configuration.")
	}
	return v, refusePower("The administration is for admins, auditors and the owners of access, and you are none of them.")
}

// power is what somebody may do with one object.
type power struct {
	see, edit, disable bool

	keys []string // that he may change; nil is all
	why  string   // he may not edit it
}

// ownerKeys are the keys of an entitlement that its owner may change. Where it lives, what it is there, how risky it is
// and whose it is stay with the admins; what its workflows may do is checked besides.
var ownerKeys = []string{"name", "description", "durations", "requestable_by", "approval", "emergency", "provision", "deprovision"}

// powerOver says what somebody may do with an object.
func (f *Flows) powerOver(ctx context.Context, q bun.IDB, v viewer, object config.Object) (power, error) {
	switch {
	case v.role.Admin:
		keys, err := adminKeys(ctx, q, object)
		disable := object.Active && !slices.Contains([]string{config.KindPerson, config.KindSettings}, object.Kind)
		return power{see: true, edit: true, disable: disable, keys: keys}, err
	case v.role.Auditor:
		return power{see: true, why: "Auditors see everything and change nothing."}, nil
	case object.Kind == config.KindApprovalChain:
		return power{see: true, why: "Only admins change approval chains."}, nil
	}
	e, err := db.EntitlementBySlug(ctx, q, object.Name)
	if errors.Is(err, db.ErrNotFound) {
		return power{}, nil
	}
	if err != nil {
		return power{}, err
	}
	own, err := f.mayMend(ctx, q, v.Person, e)
	p := power{see: own, edit: own && object.Active, keys: ownerKeys}
	if !p.edit {
		p.why = "Only an admin can offer this again."
	}
	return p, err
}

// adminKeys are the keys of an object that an admin may change here. A workflow is written, tested and published
// elsewhere; a name that Slack tells would not last.
func adminKeys(ctx context.Context, q bun.IDB, object config.Object) ([]string, error) {
	switch object.Kind {
	case config.KindActionChain:
		return []string{}, nil
	case config.KindPerson:
		p, err := db.PersonByEmail(ctx, q, object.Name)
		if errors.Is(err, db.ErrNotFound) || (err == nil && !p.InSlack) {
			return nil, nil
		}
		return []string{"manager", "department", "title", "attributes", "groups"}, err
	}
	return nil, nil
}

// allows refuses changes of keys that the person may not change.
func (p power) allows(what string, changed []config.FieldChange) error {
	for _, one := range changed {
		if p.keys != nil && !slices.Contains(p.keys, one.Key) {
			err := refusePower("The %s of %s can't be changed by you here.", one.Key, what)
			refusal, _ := Refusal(err)
			refusal.Field = one.Key
			return err
		}
	}
	return nil
}
