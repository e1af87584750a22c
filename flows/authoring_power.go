package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// withinPower refuses scripts that do more than whoever answers for an entitlement may decide: an admin anything, the
// owner of a provider anything there, and the owner of an entitlement only what gives or takes that entitlement from
// whoever asked. Otherwise who owns one thing could give himself all of its provider's.
func (f *Flows) withinPower(ctx context.Context, q bun.IDB, p db.Person, e db.Entitlement, chain []db.Script) error {
	admin, err := f.IsAdmin(ctx, q, p)
	if err != nil || admin {
		return err
	}
	catalogue, err := f.scriptCatalogue(ctx, q)
	if err != nil {
		return err
	}
	for _, script := range chain {
		t, err := catalogue.Type(script.Type, script.Args)
		if err != nil || t.Provider == "" {
			continue
		}
		provider, err := db.ProviderBySlug(ctx, q, t.Provider)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if sameName(provider.OwnerEmail, p.Email) {
			continue
		}
		if e.ID == "" || e.Provider.Slug != t.Provider {
			return refuse("Script %s works at %s, which you don't own. Ask its owner %s or an admin to do this.", script.Name, provider.Name, provider.OwnerEmail)
		}
		if what := beyond(e, t, script); what != "" {
			return refuse("Script %s works on something other than %s (see %s). Ask the owner of %s, %s, or an admin to do this.",
				script.Name, e.Name, what, provider.Name, provider.OwnerEmail)
		}
	}
	return nil
}

// beyond names what of a script would touch something besides an entitlement and whoever asked for it: an argument, or
// the script's type.
func beyond(e db.Entitlement, t scripts.Type, script db.Script) string {
	if t.Hook || !about(e, t) {
		return "its type"
	}
	harmless := []any{e.Target, "{{ entitlement.target }}", "{{ subject.email }}"}
	names := make([]string, 0, len(script.Args))
	for name := range script.Args {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		text, isText := script.Args[name].(string)
		if !isText || !slices.Contains(harmless, any(text)) {
			return "its argument " + name
		}
	}
	return ""
}

// about says whether a type only looks, or gives or takes no more than an entitlement of this kind and the account that
// it needs. What a provider's configuration declares may do anything.
func about(e db.Entitlement, t scripts.Type) bool {
	if t.Effect == connectors.Reads {
		return true
	}
	allowed := []string{"create_user", "add_user_to_" + e.Kind, "remove_user_from_" + e.Kind}
	switch e.Kind {
	case "user":
		allowed = append(allowed, "disable_user", "delete_user")
	case "license":
		allowed = append(allowed, "allocate_license", "release_license")
	}
	return slices.Contains(allowed, t.Endpoint)
}
