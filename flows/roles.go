package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Role is what a person may do with the configuration besides asking for access.
type Role struct {
	Admin   bool // everything
	Auditor bool // reads everything and changes nothing
	Owner   bool // edits the entitlements that are his, or his provider's
}

// Any says whether the person sees anything of the administration.
func (r Role) Any() bool { return r.Admin || r.Auditor || r.Owner }

// RoleOf looks up a person's roles. Who holds no power has none.
func (f *Flows) RoleOf(ctx context.Context, q bun.IDB, p db.Person) (Role, error) {
	if !powerful(p) {
		return Role{}, nil
	}
	settings, err := db.ReadSettings(ctx, q)
	if err != nil {
		return Role{}, err
	}
	own, err := db.SearchOwned(ctx, q, p.Email, "", 1)
	return Role{
		Admin: isNamed(p, f.admins) || isNamed(p, settings.Admins), Auditor: isNamed(p, settings.Auditors), Owner: len(own) > 0,
	}, err
}

// isNamed says whether a list of e-mail addresses and Slack user ids names a person.
func isNamed(p db.Person, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		name = strings.TrimSpace(name)
		return name != "" && (strings.EqualFold(name, p.Email) || strings.EqualFold(name, p.SlackID))
	})
}
