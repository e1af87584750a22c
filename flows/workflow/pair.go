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

// left is what is given and not taken back.
func (p pairing) left() []string {
	var found []string
	for _, given := range p.gives {
		if given.kind.Effect != connectors.Grants || slices.ContainsFunc(p.takes, given.isTakenBy) {
			continue
		}
		switch {
		case given.kind.Undo == "" && len(p.takes) > 0:
			found = append(found, fmt.Sprintf("Provisioning gives %s, and nothing is known that takes it back: see whether deprovisioning does.", given))
		case given.isAccount() && given.script.When != "":
			found = append(found, fmt.Sprintf("Note: provisioning makes an account where there is none (%s), and deprovisioning leaves it. That is right if people have one anyway.", given))
		default:
			found = append(found, fmt.Sprintf("Provisioning adds %s, and nothing in deprovisioning takes it back.", given))
		}
	}
	return slices.Compact(found)
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
			found = append(found, fmt.Sprintf("Deprovisioning deletes for good (%s) what provisioning does not always make: people who had it before lose it.", taken))
		}
	}
	return slices.Compact(found)
}

// sessions is where access is taken at a provider whose sessions could be ended, and are not.
func (p pairing) sessions() []string {
	ended, ways := map[string]bool{}, map[string][]string{}
	for _, t := range p.catalogue.Types() {
		if t.EndsSessions {
			ways[t.Provider] = append(ways[t.Provider], t.Name)
		}
	}
	takes := map[string]bool{}
	for _, taken := range p.takes {
		takes[taken.kind.Provider] = takes[taken.kind.Provider] || taken.kind.Effect == connectors.Revokes
		ended[taken.kind.Provider] = ended[taken.kind.Provider] || taken.kind.EndsSessions
	}
	var found []string
	for _, provider := range slices.Sorted(maps.Keys(takes)) {
		if takes[provider] && !ended[provider] && len(ways[provider]) > 0 {
			found = append(found, fmt.Sprintf("Deprovisioning takes access at %s and leaves open sessions open: %s would end them.", provider, strings.Join(ways[provider], " or ")))
		}
	}
	return found
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

func (e effect) isAccount() bool { return e.kind.Endpoint == "create_user" }

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

// String is the script's type and what it is about.
func (e effect) String() string {
	for _, name := range targets {
		if value := e.argument(name); value != "" {
			return e.script.Type + " " + value
		}
	}
	return e.script.Type
}
