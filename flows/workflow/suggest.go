package workflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// mostOptions is how many meanings are offered at most.
const mostOptions = 4

// suggest makes instructions about the entitlements.
func (c *compiler) suggest(form string) []string {
	var all []string
	for _, e := range c.known.Entitlements {
		all = append(all, c.way(fmt.Sprintf(form, e.Name)))
	}
	return all
}

// suggestSystems makes instructions about the providers.
func (c *compiler) suggestSystems(form string) []string {
	var all []string
	for _, p := range c.index.providers() {
		all = append(all, c.way(fmt.Sprintf(form, c.index.nameOf(p.Slug))))
	}
	return all
}

// suggestKind makes instructions about the entitlements that are like a thing.
func (c *compiler) suggestKind(t thing) []string {
	var all []string
	for _, e := range c.known.Entitlements {
		if e.Kind == t.kind && (t.provider == "" || t.provider == e.Provider) {
			all = append(all, c.way("Grant "+e.Name))
		}
	}
	return all
}

// way turns an instruction that gives into one that takes, in a workflow that takes.
func (c *compiler) way(instruction string) string {
	if c.kind != db.Deprovision {
		return instruction
	}
	for give, take := range map[string]string{"Grant ": "Remove ", "Create an account in ": "Disable the account in "} {
		if rest, is := strings.CutPrefix(instruction, give); is {
			return take + rest
		}
	}
	if rest, is := strings.CutPrefix(instruction, "Add the user to "); is {
		return "Remove the user from " + rest
	}
	return instruction
}

// systems are the providers' names.
func (c *compiler) systems() []string {
	var names []string
	for _, p := range c.index.providers() {
		names = append(names, c.index.nameOf(p.Slug))
	}
	return names
}

// strange says that words name nothing that is known, and what is near.
func (c *compiler) strange(b bag, words []word) *unclear {
	u := notUnderstood(words)
	if !u.vague {
		return u
	}
	var known []string
	for _, p := range c.index.providers() {
		known = append(known, p.Name, p.Slug)
	}
	for _, e := range c.known.Entitlements {
		if b.provider() == "" || b.provider() == e.Provider {
			known = append(known, e.Name, e.Target)
		}
	}
	text := textOf(words)
	near := rules.DidYouMean(text, known)
	for _, w := range words {
		if near == "" {
			near = rules.DidYouMean(w.raw, known)
		}
	}
	u = cannot("No system and no entitlement here is called %q%s.", text, near)
	if near == "" && b.provider() == "" && len(c.index.providers()) > 0 {
		u = cannot("No system and no entitlement here is called %q; the systems are %s.", text, listed(c.systems()))
	}
	for _, kind := range []string{"group", "role", "entity"} {
		if near == "" && len(words) == 1 && !levelWords[words[0].text] && !strings.HasSuffix(words[0].text, "ed") && b.provider() != "" && len(b.kinds) == 0 && c.offers(b.provider(), kind) {
			u.options = append(u.options, c.way(fmt.Sprintf("Add the user to the %s %q in %s", kind, words[0].raw, c.index.nameOf(b.provider()))))
		}
	}
	if noun := slices.IndexFunc(b.kinds, func(w word) bool { return kinds[w.text] != "user" }); noun >= 0 && b.provider() == "" && near == "" && len(words) == 1 {
		u.options = append(u.options, c.suggestSystems(fmt.Sprintf("Add the user to the %s %q in %%s", b.kinds[noun].text, words[0].raw))...)
	}
	for _, e := range c.known.Entitlements {
		if strings.Contains(near, fmt.Sprintf("%q", e.Name)) || strings.Contains(near, fmt.Sprintf("%q", e.Target)) ||
			b.provider() != "" && b.provider() == e.Provider {
			u.options = append(u.options, c.way("Grant "+e.Name))
		}
	}
	return u
}
