package config

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// RefusedError says why a plan cannot be carried out, one sentence for each reason. Nothing was changed.
type RefusedError []string

// Error is one line for each reason.
func (r RefusedError) Error() string { return strings.Join(r, "\n") }

// namedHolders is how many holders a refusal names of one entitlement.
const namedHolders = 5

// refuse says which changes would leave something without what it needs: grants that have not ended, and objects that
// stay.
func (p *Plan) refuse(ctx context.Context, q bun.IDB) error {
	var reasons RefusedError
	for _, row := range sorted(p.rows.entitlements) {
		what := p.takenAway(row)
		if what == "" {
			continue
		}
		held, err := holders(ctx, q, row)
		if err != nil {
			return err
		}
		if held != "" {
			reasons = append(reasons, fmt.Sprintf("cannot %s: %s is held by %s; end these grants first (/access revoke ID)", what, row.Slug, held))
		}
	}
	reasons = append(reasons, p.stranded()...)
	reasons = append(reasons, p.turnedDirectories()...)
	if len(reasons) == 0 {
		return nil
	}
	return reasons
}

// takenAway says what of the plan would make it impossible to take an entitlement back from who holds it, or is empty:
// its removal, and another place for it, where nobody would look for the access that was given.
func (p *Plan) takenAway(row db.Entitlement) string {
	switch {
	case p.removes(KindEntitlement, row.Slug):
		return "remove entitlement " + row.Slug
	case row.Provider != nil && p.removes(KindProvider, row.Provider.Slug):
		return "remove provider " + row.Provider.Slug
	}
	for _, c := range p.Changes {
		if c.Kind != KindEntitlement || c.Name != row.Slug {
			continue
		}
		for _, f := range c.Fields {
			if f.Key == "provider" || f.Key == "kind" || f.Key == "target" {
				return fmt.Sprintf("change the %s of entitlement %s (give the new one a slug of its own)", f.Key, row.Slug)
			}
		}
	}
	return ""
}

func (p *Plan) removes(kind, name string) bool {
	return slices.ContainsFunc(p.Changes, func(c Change) bool {
		return c.Kind == kind && c.Name == name && c.Verb == Removed
	})
}

// holders names who holds an entitlement, with the grants, or is empty.
func holders(ctx context.Context, q bun.IDB, row db.Entitlement) (string, error) {
	grants, err := db.HoldersOf(ctx, q, row.ID, namedHolders+1)
	if err != nil {
		return "", err
	}
	var names []string
	for _, grant := range grants[:min(len(grants), namedHolders)] {
		who := grant.SubjectID
		if grant.Subject != nil {
			who = grant.Subject.Label()
		}
		names = append(names, fmt.Sprintf("%s (%s)", who, grant.ID))
	}
	if len(grants) > namedHolders {
		names = append(names, "and others")
	}
	return strings.Join(names, ", "), nil
}

// stranded finds active rows that the file does not name and that would lose what they refer to.
func (p *Plan) stranded() RefusedError {
	var reasons RefusedError
	lose := func(kind, name, user string) {
		if p.removes(kind, name) {
			reasons = append(reasons, fmt.Sprintf("cannot remove %s %s: %s, which stays, uses it", Title(kind), name, user))
		}
	}
	for _, e := range sorted(p.rows.entitlements) {
		if p.stays(KindEntitlement, e.Slug, e.Active) {
			entitlementNeeds(e, lose)
			reasons = append(reasons, p.turned(e)...)
		}
	}
	for _, c := range sorted(p.rows.actionChains) {
		if !p.stays(KindActionChain, c.Slug, c.Active) {
			continue
		}
		for _, script := range actionChainOf(c).Scripts {
			if slug := scripts.ProviderOf(script); slug != "" {
				lose(KindProvider, slug, "action chain "+c.Slug)
			}
		}
	}
	for _, c := range sorted(p.rows.approvalChains) {
		if p.stays(KindApprovalChain, c.Slug, c.Active) {
			stepsNeed(c.Steps, "approval chain "+c.Slug, lose)
		}
	}
	p.rulesNeed(lose)
	p.directoriesNeed(lose)
	return append(reasons, p.turnedUnderRules()...)
}

func entitlementNeeds(e db.Entitlement, lose func(kind, name, user string)) {
	user := "entitlement " + e.Slug
	if e.Provider != nil {
		lose(KindProvider, e.Provider.Slug, user)
	}
	for _, rule := range e.Approval {
		lose(KindApprovalChain, rule.Chain, user)
	}
	if e.Emergency != nil {
		lose(KindApprovalChain, e.Emergency.Chain, user)
	}
	lose(KindActionChain, e.ProvisionChain, user)
	lose(KindActionChain, e.DeprovisionChain, user)
}

// stepsNeed names the providers that say who is on call.
func stepsNeed(steps []db.Step, user string, lose func(kind, name, user string)) {
	for _, step := range steps {
		for _, who := range slices.Concat(step.Approvers, step.Notify, step.OnTimeout.Escalate, step.OnTimeout.Reassign) {
			if endpoint, is := strings.CutPrefix(who, onCallPrefix); is {
				lose(KindProvider, scripts.ProviderOf(db.Script{Type: endpoint}), user)
			}
		}
	}
}

// rulesNeed names what the settings, approval rules and separations refer to.
func (p *Plan) rulesNeed(lose func(kind, name, user string)) {
	if p.file.Settings.FourEyes == nil {
		lose(KindApprovalChain, p.rows.settings.FourEyes, "four_eyes")
	}
	for _, r := range sorted(p.rows.approvalRules) {
		for _, slug := range r.Entitlements {
			if p.stays(KindApprovalRule, r.Slug, r.Active) {
				lose(KindEntitlement, slug, "approval rule "+r.Slug)
			}
		}
	}
	for _, s := range sorted(p.rows.separations) {
		if !p.stays(KindSeparation, s.Slug, s.Active) {
			continue
		}
		for _, slug := range s.Entitlements {
			lose(KindEntitlement, slug, "separation "+s.Slug)
		}
		if s.Step != nil {
			stepsNeed([]db.Step{*s.Step}, "separation "+s.Slug, lose)
		}
	}
}

// directoriesNeed names what directories, and rules that give access by who somebody is, refer to.
func (p *Plan) directoriesNeed(lose func(kind, name, user string)) {
	for _, d := range sorted(p.rows.directories) {
		if !p.stays(KindDirectory, d.Slug, d.Active) {
			continue
		}
		for _, route := range d.Policy.Routes {
			lose(KindApprovalChain, route.Chain, "directory "+d.Slug)
		}
		for _, slug := range d.Policy.Downstream {
			lose(KindProvider, slug, "directory "+d.Slug)
		}
	}
	for _, b := range sorted(p.rows.birthrights) {
		if !p.stays(KindBirthright, b.Slug, b.Active) {
			continue
		}
		for _, slug := range b.Entitlements {
			lose(KindEntitlement, slug, "birthright "+b.Slug)
		}
		lose(KindApprovalChain, b.Chain, "birthright "+b.Slug)
		if b.Adjust != nil {
			lose(KindActionChain, b.Adjust.Run, "birthright "+b.Slug)
		}
	}
}

// turnedDirectories finds directories that would become others, of another kind or of other people: what the one wrote
// would be taken for what the other says.
func (p *Plan) turnedDirectories() RefusedError {
	var reasons RefusedError
	for _, c := range p.Changes {
		for _, f := range c.Fields {
			if c.Kind == KindDirectory && f.Key == "kind" {
				reasons = append(reasons, fmt.Sprintf("cannot change the kind of directory %s (give the new one a slug of its own)", c.Name))
			}
		}
	}
	for _, wanted := range p.file.Directories {
		was := p.rows.directories[wanted.Slug].Settings.WorkOS.DirectoryID
		if was != "" && wanted.Settings.WorkOS.DirectoryID != "" && was != wanted.Settings.WorkOS.DirectoryID {
			reasons = append(reasons, fmt.Sprintf("cannot change the directory_id of directory %s: its people are those of %s (give the new one a slug of its own)", wanted.Slug, was))
		}
	}
	return reasons
}

// turned finds an action chain that would become one of the other kind under an entitlement that stays.
func (p *Plan) turned(e db.Entitlement) RefusedError {
	var reasons RefusedError
	for _, c := range p.file.ActionChains {
		if c.Slug == e.ProvisionChain && c.Kind != db.Provision || c.Slug == e.DeprovisionChain && c.Kind != db.Deprovision {
			reasons = append(reasons, fmt.Sprintf("cannot make action chain %s one of kind %s: entitlement %s, which stays, uses it", c.Slug, c.Kind, e.Slug))
		}
	}
	return reasons
}

// turnedUnderRules finds an action chain that would become one of the other kind under a rule that stays.
func (p *Plan) turnedUnderRules() RefusedError {
	var reasons RefusedError
	for _, b := range sorted(p.rows.birthrights) {
		for _, c := range p.file.ActionChains {
			if b.Adjust != nil && c.Slug == b.Adjust.Run && c.Kind != db.Provision && p.stays(KindBirthright, b.Slug, b.Active) {
				reasons = append(reasons, fmt.Sprintf("cannot make action chain %s one of kind %s: birthright %s, which stays, uses it", c.Slug, c.Kind, b.Slug))
			}
		}
	}
	return reasons
}

// stays says whether an active row is not named by the file and not removed either.
func (p *Plan) stays(kind, name string, active bool) bool {
	return active && slices.Contains(p.Left, Title(kind)+" "+name)
}
