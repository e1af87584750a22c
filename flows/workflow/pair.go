package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// Pair compares what a provisioning chain gives with what a deprovisioning chain takes back. It answers one sentence for
// each difference that a person should look at before publishing, and nothing where the two fit.
func Pair(provision, deprovision []db.Script, catalogue *scripts.Catalogue) []string {
	p := pairing{catalogue: catalogue, gives: effects(provision, catalogue), takes: effects(deprovision, catalogue)}
	return slices.Concat(p.left(), p.lost(), p.sessions())
}

// effect is a script that gives or takes something.
type effect struct {
	script db.Script
	kind   scripts.Type
}

func effects(chain []db.Script, catalogue *scripts.Catalogue) []effect {
	var all []effect
	for _, script := range chain {
		t, err := catalogue.Type(script.Type, script.Args)
		if err == nil && t.Effect != connectors.Reads && t.Provider != "" && !t.Hook && !aboutIssues(t) {
			all = append(all, effect{script: script, kind: t})
		}
	}
	return all
}

// aboutIssues says whether a type works on issues, which are no access.
func aboutIssues(t scripts.Type) bool {
	return strings.HasPrefix(t.Endpoint, "issue_")
}

type pairing struct {
	catalogue    *scripts.Catalogue
	gives, takes []effect
}

// left is what is given and not taken back, or perhaps not.
func (p pairing) left() []string {
	var found []string
	for _, given := range p.gives {
		if given.kind.Effect != connectors.Grants {
			continue
		}
		if sentence := p.stays(given); sentence != "" && !slices.Contains(found, sentence) {
			found = append(found, sentence)
		}
	}
	return found
}

// stays says why something that is given may stay; empty where it is taken back.
func (p pairing) stays(given effect) string {
	n := slices.IndexFunc(p.takes, given.isTakenBy)
	perhaps := slices.IndexFunc(p.takes, given.mayBeTakenBy)
	switch {
	case n >= 0 && p.takes[n].script.When != "" && given.script.When == "":
		return fmt.Sprintf("Provisioning adds %s always, and deprovisioning takes it back only if %s.", given, p.takes[n].script.When)
	case n >= 0:
		return ""
	case perhaps >= 0:
		return fmt.Sprintf("Provisioning adds %s, and deprovisioning takes back %s: see whether the two are the same.", given, p.takes[perhaps])
	case given.isAccount() && given.script.When != "":
		return fmt.Sprintf("Note: provisioning adds %s where it is missing, and deprovisioning leaves it. That is right if people have it anyway.", given)
	case given.kind.Undo == "":
		return fmt.Sprintf("Provisioning runs %s, and the system declares nothing that takes it back: see whether deprovisioning does.", given)
	}
	return fmt.Sprintf("Provisioning adds %s, and nothing in deprovisioning takes it back.", given)
}

// lost is what is destroyed though it was never given.
func (p pairing) lost() []string {
	var found []string
	for _, taken := range p.takes {
		if !strings.HasPrefix(taken.kind.Endpoint, "delete_") {
			continue
		}
		given := slices.ContainsFunc(p.gives, func(g effect) bool { return g.isTakenBy(taken) && g.script.When == "" })
		if !given {
			found = append(found, fmt.Sprintf("Deprovisioning deletes %s for good, which provisioning does not always make: people who had it before lose it.", taken))
		}
	}
	return slices.Compact(found)
}

// sessions is where access is taken at a provider whose sessions could be ended, and are not.
func (p pairing) sessions() []string {
	ended, ways := map[string]bool{}, map[string][]string{}
	for _, t := range p.catalogue.Types() {
		if t.EndsSessions || t.Endpoint == endSessions {
			ways[t.Provider] = append(ways[t.Provider], t.Name)
		}
	}
	takes := map[string]bool{}
	for _, taken := range p.takes {
		takes[taken.kind.Provider] = takes[taken.kind.Provider] || taken.kind.Effect == connectors.Revokes
		ended[taken.kind.Provider] = ended[taken.kind.Provider] || taken.kind.EndsSessions || taken.kind.Endpoint == endSessions
	}
	var found []string
	for _, provider := range slices.Sorted(maps.Keys(takes)) {
		if takes[provider] && !ended[provider] && len(ways[provider]) > 0 {
			found = append(found, fmt.Sprintf("Deprovisioning takes access at %s and leaves open sessions open: %s would end them.", p.nameOf(provider), strings.Join(ways[provider], " or ")))
		}
	}
	return found
}

func (p pairing) nameOf(slug string) string {
	for _, provider := range p.catalogue.Providers() {
		if provider.Slug == slug && provider.Name != "" {
			return provider.Name
		}
	}
	return slug
}

// isTakenBy says whether a script takes back what this one gave: the same account, group, role, entity or licence.
func (e effect) isTakenBy(other effect) bool {
	if other.kind.Provider != e.kind.Provider || other.kind.Effect != connectors.Revokes {
		return false
	}
	undoes := e.kind.Undo == other.kind.Name || other.kind.Undo == e.kind.Name
	if e.isAccount() {
		return undoes && e.argument("user") == other.argument("user")
	}
	if accountGoes := strings.HasSuffix(other.kind.Endpoint, "_user") && !strings.HasPrefix(other.kind.Endpoint, "issue_"); accountGoes {
		return strings.HasPrefix(e.kind.Endpoint, "add_user_to_") && e.argument("user") == other.argument("user")
	}
	return undoes && e.target() == other.target() && e.argument("user") == other.argument("user")
}

// mayBeTakenBy says whether a script takes back the same where one names the entitlement's target and the other a name.
func (e effect) mayBeTakenBy(other effect) bool {
	if e.isTakenBy(other) || other.kind.Provider != e.kind.Provider || e.kind.Undo != other.kind.Name && other.kind.Undo != e.kind.Name || e.isAccount() {
		return false
	}
	mine, theirs := e.target(), other.target()
	return e.argument("user") == other.argument("user") && mine != theirs && (strings.HasSuffix(mine, ownTarget) || strings.HasSuffix(theirs, ownTarget))
}

func (e effect) isAccount() bool { return e.kind.Endpoint == "create_user" }

// endSessions is the endpoint that ends what a person has open.
const endSessions = "end_sessions"

// targets are the arguments that say what is given.
var targets = []string{"group", "role", "entity", "license", "channel", "usergroup", "project"}

// ownTarget is how a script names the target of the entitlement that it runs for.
const ownTarget = "{{ entitlement.target }}"

// target is what a script gives or takes; absent is the entitlement's own target.
func (e effect) target() string {
	for _, name := range targets {
		if _, takes := e.kind.Arg(name); takes && e.argument(name) != "" {
			return name + " " + e.argument(name)
		}
	}
	for _, name := range targets {
		if _, takes := e.kind.Arg(name); takes {
			return name + " " + ownTarget
		}
	}
	return ""
}

func (e effect) argument(name string) string {
	value, _ := e.script.Args[name].(string)
	if compact := strings.ReplaceAll(value, " ", ""); compact == strings.ReplaceAll(ownTarget, " ", "") {
		return ownTarget
	}
	return value
}

// String is what the script gives or takes, with its type: the role admin (slack_api_add_user_to_role).
func (e effect) String() string {
	what := strings.TrimSpace(e.target())
	switch {
	case what != "":
		what = strings.Replace("the "+what, ownTarget, "that the entitlement names", 1)
	case strings.HasSuffix(e.kind.Endpoint, "_user"):
		what = "the account"
	default:
		return e.script.Type
	}
	return what + " (" + e.script.Type + ")"
}
