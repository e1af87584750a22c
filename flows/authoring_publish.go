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

// PublishWorkflow publishes the newest version of a workflow, which must be tested and clear. New requests run it; what
// was requested before keeps the version that it was requested with.
func (f *Flows) PublishWorkflow(ctx context.Context, e Edit) error {
	return f.edit(ctx, e, func(ctx context.Context, c *change, w editing) error {
		if err := f.publishable(ctx, c, w); err != nil {
			return err
		}
		before := map[string]any{"version": 0}
		if old := published(w.all); old != nil {
			before = facts(w.chain, *old)
			retired := *old
			retired.Status = db.Retired
			if err := db.MoveVersion(ctx, c, retired, db.Published); err != nil {
				return err
			}
		}
		version := w.newest
		version.Status, version.PublishedAt, version.PublishedBy = db.Published, c.now, w.by.Label()
		if err := db.MoveVersion(ctx, c, version, db.Tested); err != nil {
			return err
		}
		w.chain.UpdatedAt = c.now
		if err := db.SaveActionChain(ctx, c, w.chain); err != nil {
			return err
		}
		return c.recordChain(w.by, w.chain, "changed", before, facts(w.chain, version))
	})
}

// publishable refuses a version that is not to be published, or not by this person.
func (f *Flows) publishable(ctx context.Context, q bun.IDB, w editing) error {
	placed, err := f.clearVersion(ctx, q, w.newest)
	if err != nil {
		return err
	}
	switch {
	case !placed:
		return refuse("Not everything in this workflow is clear. Make each marked step clear first, in other words or by hand.")
	case w.newest.Status == db.Published:
		return refuse("Version %d is published already.", w.newest.Number)
	case w.newest.Status != db.Tested:
		return refuse("Test version %d for a person first: nothing untested is published.", w.newest.Number)
	}
	e, err := writtenFor(ctx, q, w.chain, "")
	if err != nil {
		return err
	}
	return f.withinPower(ctx, q, w.by, e, w.newest.Scripts)
}

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

// RestoreVersion makes a new draft of an older version, with its words and its scripts.
func (f *Flows) RestoreVersion(ctx context.Context, e Edit, versionID string) (db.ActionChainVersion, error) {
	var made db.ActionChainVersion
	err := f.edit(ctx, e, func(ctx context.Context, c *change, w editing) error {
		n := slices.IndexFunc(w.all, func(v db.ActionChainVersion) bool { return v.ID == versionID })
		switch {
		case n < 0:
			return refuse("This version is no longer there.")
		case w.all[n].ID == w.newest.ID:
			return refuse("Version %d is the newest one already.", w.newest.Number)
		}
		var err error
		made, err = c.newVersion(ctx, w, w.all[n].Text, w.all[n].Steps, w.all[n].Scripts)
		return err
	})
	return made, err
}

// WorkflowVersions reads the versions of a workflow for somebody who may see it, newest first.
func (f *Flows) WorkflowVersions(ctx context.Context, personID, chainID string) (db.ActionChain, []db.ActionChainVersion, error) {
	w, _, err := f.visible(ctx, f.store, personID, chainID)
	slices.Reverse(w.all)
	return w.chain, w.all, err
}
