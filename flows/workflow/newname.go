package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/flows/rules"
)

var nameForm = regexp.MustCompile(`^(\p{Lu}[\p{L}\p{N}&_-]*|[\p{L}\p{N}]+([_/-][\p{L}\p{N}]+)+|[\p{L}]+\p{N}[\p{L}\p{N}]*)$`)

// looksLikeName says whether words without quotation marks can only be a name: each is capitalised, or has a sign or
// digit within.
func looksLikeName(words []word) bool {
	for n, w := range words {
		if n > 0 && w.at-words[n-1].end > 1 {
			return false // something stands between
		}
		if w.shape != plain || !nameForm.MatchString(w.raw) || verbs[w.text] != "" && w.raw == w.text {
			return false
		}
	}
	return len(words) > 0 && len(words) <= 4
}

// byName is a thing whose name stands in quotation marks.
func (c *compiler) byName(b bag, t thing) (thing, *unclear) {
	name := b.names[0]
	level, rest := takeLevel(b.rest)
	if len(rest) > 0 {
		return t, notUnderstood(rest)
	}
	t.level = level
	switch {
	case t.kind == "user":
		return t, cannot("An account is found by its user, not by the name %s.", name.raw)
	case name.shape == placeholder:
		if err := rules.CheckTemplate(name.text, c.outputs()...); err != nil {
			return t, cannot("The placeholder cannot be filled in: %s.", err)
		}
	case name.shape == channel:
		t.kind, t.noun = "group", "channel"
	case name.shape == handle:
		t.kind, t.noun = "group", "usergroup"
	}
	for _, e := range c.known.Entitlements {
		fits := (t.provider == "" || t.provider == e.Provider) && fitsKind(t, e.Kind)
		if name.shape == quoted && fits && (strings.EqualFold(name.text, e.Target) || strings.EqualFold(name.text, e.Name)) {
			found := c.entitled(e, false)
			found.level, found.noun, found.itself = t.level, t.noun, t.itself
			return found, nil
		}
	}
	if t.kind == "" {
		return c.nameWithoutKind(t, name)
	}
	return c.newName(t, name.text)
}

// nameWithoutKind is a name of which nobody said what it names: only where the provider has one kind of thing is that
// clear.
func (c *compiler) nameWithoutKind(t thing, name word) (thing, *unclear) {
	var can []string
	for _, kind := range []string{"group", "role", "entity"} {
		if t.provider != "" && c.offers(t.provider, kind) {
			can = append(can, kind)
		}
	}
	if len(can) == 1 {
		t.kind = can[0]
		return c.newName(t, name.text)
	}
	var options []string
	for _, kind := range can {
		options = append(options, fmt.Sprintf("Add the user to the %s %q in %s", kind, name.text, c.index.nameOf(t.provider)))
	}
	return t, cannot("It is not said whether %s is a group, a role or something else.", name.raw).or(options...)
}

// newName is a thing that no entitlement has. A name that is nearly a known one is taken for a mistake.
func (c *compiler) newName(t thing, name string) (thing, *unclear) {
	t.name = name
	if owner, is := c.ownerOfNoun(t.noun); is && t.provider == "" {
		t.provider = owner
	}
	if t.provider == "" {
		provider, reason := c.implied(func(thing) bool { return true })
		if reason != nil {
			return t, cannot("It is not said in which system the %s %q is.", nounOf(t), name).
				or(c.suggestSystems(fmt.Sprintf("Add the user to the %s %q in %%s", nounOf(t), name))...)
		}
		t.provider = provider
	}
	var known []string
	for _, e := range c.known.Entitlements {
		if e.Provider == t.provider && e.Kind == t.kind {
			known = append(known, e.Target)
		}
	}
	if near := rules.DidYouMean(name, known); near != "" && !slices.Contains(known, name) {
		return t, cannot("No %s is called %q%s.", nounOf(t), name, near).or(c.suggestKind(t)...)
	}
	return t, nil
}
