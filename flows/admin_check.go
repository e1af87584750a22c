package flows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// checkEdit refuses what would be right in a file, which the operator answers for, and is not in Slack.
func (f *Flows) checkEdit(ctx context.Context, q bun.IDB, d editDesk) error {
	if d.edit.Values == nil {
		return nil
	}
	after := d.plan.Changes[0].After
	switch d.edit.Kind {
	case config.KindSettings:
		return f.keepsAdmin(ctx, q, after)
	case config.KindApprovalChain:
		return keepsDeciding(ctx, q, d.name, after)
	case config.KindProvider, config.KindDirectory:
		return newSecret(d.edit.Kind, d.was.Values, after)
	case config.KindEntitlement:
		return f.linksWell(ctx, q, d, after)
	}
	return nil
}

// keepsAdmin refuses settings with which nobody could administer Usher any more.
func (f *Flows) keepsAdmin(ctx context.Context, q bun.IDB, after map[string]any) error {
	names := append([]string{}, f.admins...)
	listed, _ := after["admins"].([]any)
	for _, name := range listed {
		names = append(names, fmt.Sprint(name))
	}
	for _, name := range names {
		found, err := personOfName(ctx, q, name)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if err == nil && powerful(found) {
			return nil
		}
	}
	return refuseField("admins", 0, "Keep at least one admin who is an active member of this workspace: else nobody could change this again.")
}

// personOfName reads the person of an e-mail address or a Slack user id.
func personOfName(ctx context.Context, q bun.IDB, name string) (db.Person, error) {
	row, err := db.PersonByEmail(ctx, q, name)
	if errors.Is(err, db.ErrNotFound) {
		return db.PersonBySlackID(ctx, q, strings.ToUpper(name))
	}
	return row, err
}

// keepsDeciding refuses to take all steps from a chain that edits, or changes which a directory holds, go through.
func keepsDeciding(ctx context.Context, q bun.IDB, slug string, after map[string]any) error {
	if steps, _ := after["steps"].([]any); len(steps) > 0 {
		return nil
	}
	settings, err := db.ReadSettings(ctx, q)
	if err != nil {
		return err
	}
	if settings.FourEyes == slug {
		return refuseField("steps", 0, "Edits of the configuration go through this chain, so somebody has to decide in it: keep a step.")
	}
	directories, err := db.Directories(ctx, q)
	if err != nil {
		return err
	}
	for _, d := range directories {
		through := slices.ContainsFunc(d.Policy.Routes, func(r db.DirectoryRoute) bool { return r.Chain == slug })
		if d.Active && through {
			return refuseField("steps", 0, "Changes that %s holds go through this chain, so somebody has to decide in it: keep a step.", d.Name)
		}
	}
	return nil
}

// ownSecrets begin the names of the environment in which Usher keeps what is its own.
var ownSecrets = []string{"SLACK_", "USHER_", "DATABASE_", "SMTP_", "PG"}

// newSecret refuses references to secrets that the object had not before and that are none of its own: a file of the
// machine, or what Usher itself runs with. Who edits in Slack must not be able to have those sent somewhere.
func newSecret(kind string, was, after map[string]any) error {
	known := map[string]bool{}
	eachText(was, "", func(text, _ string) { known[text] = true })
	var err error
	eachText(after, "", func(text, at string) {
		if !known[text] && !mayRefer(text) && err == nil {
			err = refuseField(at, 0, "In Slack a secret can only be a variable of the environment that is the %s's own, such as env:DRIVE_TOKEN. Others are for the configuration file.", kind)
		}
	})
	return err
}

// eachText visits all texts of a value of the configuration, each with its key.
func eachText(value any, key string, visit func(text, key string)) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			eachText(v[name], strings.TrimPrefix(key+"."+name, "."), visit)
		}
	case []any:
		for _, inner := range v {
			eachText(inner, key, visit)
		}
	case string:
		visit(v, key)
	}
}

func mayRefer(value string) bool {
	name, variable := strings.CutPrefix(value, "env:")
	for _, own := range ownSecrets {
		if variable && strings.HasPrefix(strings.ToUpper(name), own) {
			return false
		}
	}
	return !strings.HasPrefix(value, "file:")
}

// linksWell refuses workflows that are not published, or do more than whoever links them may decide.
func (f *Flows) linksWell(ctx context.Context, q bun.IDB, d editDesk, after map[string]any) error {
	e, err := db.EntitlementBySlug(ctx, q, d.name)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	in, _ := after["provision"].(string)
	if _, err := f.linkableOne(ctx, q, d.by.Person, e, db.Provision, in, e.ProvisionChain); err != nil {
		return err
	}
	out, _ := after["deprovision"].(string)
	_, err = f.linkableOne(ctx, q, d.by.Person, e, db.Deprovision, out, e.DeprovisionChain)
	return err
}
