package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows/rules"
)

// identify finds the one thing that a bag of words means.
func (c *compiler) identify(b bag) (thing, *unclear) {
	kind, noun, reason := b.kind()
	if reason != nil {
		return thing{}, reason
	}
	if b.unsure != nil {
		return thing{}, cannot("%q may mean %s: write the whole name.", textOf(b.all), listed(c.names(b.unsure)))
	}
	if len(b.names) > 1 {
		return thing{}, cannot("Two names are given, %s and %s: write a step for each.", b.names[0].raw, b.names[1].raw)
	}
	if kind == "entity" && len(b.rest)+len(b.names) == 0 && kinds[noun] == "entity" && setOf("app application workspace organization instance tenant system server database directory site")[noun] &&
		b.provider() != "" && !c.offers(b.provider(), "entity") {
		kind, noun = "user", "" // the Slack workspace is Slack
	}
	t := thing{provider: b.provider(), kind: kind, noun: noun, itself: !b.access && kind != "user" && kind != "license"}
	t.account = slices.ContainsFunc(b.kinds, func(w word) bool { return w.in(setOf("account login profile")) })
	switch {
	case len(b.all) == 0 && !b.pronoun && !b.definite && c.topic != nil:
		return *c.topic, nil
	case len(b.names) == 1:
		return c.byName(b, t)
	case len(b.rest) > 0:
		return c.byWords(b, t)
	case kind == "" && !b.access && len(b.providers) == 0 && !b.pronoun && !b.definite && !b.base:
		return t, cannot("What is meant is not said: name an account, a group, a role or an entitlement.")
	case kind == "" && b.provider() == "" && !b.base:
		return c.byReference(b)
	case kind == "" || kind == "user":
		return c.anAccount(t)
	}
	return c.theTarget(t)
}

// offers says whether a provider can do anything about a kind of thing.
func (c *compiler) offers(provider, kind string) bool {
	p, _ := c.index.provider(provider)
	return slices.ContainsFunc(p.Info.Endpoints, func(e connectors.Endpoint) bool {
		return slices.ContainsFunc(e.Args, func(f connectors.Field) bool { return f.Name == kind })
	})
}

// byReference is what "it" and "this access" mean: what was spoken of last, or else the entitlement itself.
func (c *compiler) byReference(b bag) (thing, *unclear) {
	if b.access && c.topic != nil && !c.topic.same(c.entitled(c.known.For, true)) {
		if !b.definite {
			return *c.topic, nil
		}
		return thing{}, cannot("It is not clear whether the access of the condition is meant or the one that was requested: name it.")
	}
	if b.pronoun && !b.access {
		if n := len(c.mentions); n > 0 {
			return c.mentions[n-1], nil
		}
	}
	if c.known.For.Slug == "" {
		return thing{}, cannot("It is not clear which access is meant: name it.").or(c.suggest("Grant %s")...)
	}
	return c.entitled(c.known.For, true), nil
}

// entitled is the thing that an entitlement gives access to.
func (c *compiler) entitled(e Entitlement, own bool) thing {
	t := thing{provider: e.Provider, kind: e.Kind, name: e.Target, label: e.Name, own: own && e.Kind != "user"}
	if e.Kind == "user" {
		t.name = ""
	}
	return t
}

// anAccount is an account at a provider: the one that is named, else the only one that was spoken of.
func (c *compiler) anAccount(t thing) (thing, *unclear) {
	t.kind, t.itself = "user", false
	if t.provider != "" {
		return t, nil
	}
	provider, reason := c.implied(func(m thing) bool { return m.kind == "user" })
	t.provider = provider
	if reason != nil {
		return t, cannot("It is not said at which system the account is.").or(c.suggestSystems("Create an account in %s")...)
	}
	return t, nil
}

// implied is the provider that is meant where none is named: the only one that was spoken of in this way, else the one
// of the entitlement.
func (c *compiler) implied(like func(thing) bool) (string, *unclear) {
	var spoken []string
	for _, m := range c.mentions {
		if like(m) && !slices.Contains(spoken, m.provider) {
			spoken = append(spoken, m.provider)
		}
	}
	switch {
	case len(spoken) == 1:
		return spoken[0], nil
	case len(spoken) == 0 && c.known.For.Provider != "":
		return c.known.For.Provider, nil
	}
	return "", cannot("It is not said at which system.")
}

// theTarget is "the group" and the like: the entitlement's own, or the only one that was spoken of.
func (c *compiler) theTarget(t thing) (thing, *unclear) {
	own := c.known.For
	var spoken []thing
	for _, m := range c.mentions {
		alike := fitsKind(t, m.kind) && (t.provider == "" || t.provider == m.provider)
		if alike && !slices.ContainsFunc(spoken, m.same) {
			spoken = append(spoken, m)
		}
	}
	fits := fitsKind(t, own.Kind) && (t.provider == "" || t.provider == own.Provider)
	if fits {
		mine := c.entitled(own, true)
		mine.noun, mine.itself = t.noun, t.itself
		spoken = slices.DeleteFunc(spoken, func(m thing) bool { return m.provider == mine.provider && m.name == mine.name })
		if len(spoken) == 0 {
			return mine, nil
		}
	}
	if len(spoken) == 1 && !fits {
		last := spoken[0]
		last.itself = t.itself
		return last, nil
	}
	if only := c.onlyOne(t); t.kind == "license" && len(spoken) == 0 && only.Slug != "" {
		return c.entitled(only, false), nil
	}
	return t, cannot("It is not clear which %s is meant: name it.", nounOf(t)).or(c.suggestKind(t)...)
}

// onlyOne is the entitlement of this kind at the provider, if there is just one.
func (c *compiler) onlyOne(t thing) Entitlement {
	var all []Entitlement
	for _, e := range c.known.Entitlements {
		if e.Kind == t.kind && (t.provider == "" || e.Provider == t.provider) {
			all = append(all, e)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return Entitlement{}
}

func nounOf(t thing) string {
	if t.noun != "" {
		return t.noun
	}
	return t.kind
}

// byWords is a thing that words without quotation marks name: an entitlement, a well-known role, or a new name that
// cannot be taken for anything else.
func (c *compiler) byWords(b bag, t thing) (thing, *unclear) {
	level, rest := takeLevel(b.rest)
	texts := make([]string, 0, len(rest))
	for _, w := range rest {
		texts = append(texts, w.text)
	}
	found := slices.DeleteFunc(c.index.matching(texts, t.provider), func(e Entitlement) bool { return !fitsKind(t, e.Kind) })
	if len(found) > 1 {
		found = c.closest(found, b)
	}
	switch {
	case len(found) == 1:
		e := c.entitled(found[0], false)
		e.noun, e.itself, e.level = t.noun, t.itself, level
		return e, nil
	case len(found) > 1:
		return t, c.severalFit(b, found)
	}
	if t.kind == "user" {
		return t, c.strange(b, rest)
	}
	if len(rest) == 1 && knownRoles[rest[0].text] && (t.kind == "" || t.kind == "role") {
		return c.knownRole(t, rest[0].text)
	}
	if level != "" && len(rest) == 0 {
		return c.byLevel(b, t, level)
	}
	if t.kind != "" && looksLikeName(rest) {
		t.level = level
		return c.newName(t, textOf(rest))
	}
	return t, c.strange(b, b.rest)
}

// knownRole is a role that every system understands, such as admin.
func (c *compiler) knownRole(t thing, name string) (thing, *unclear) {
	t.kind, t.name, t.itself = "role", name, false
	if t.provider != "" {
		return t, nil
	}
	provider, reason := c.implied(func(thing) bool { return true })
	t.provider = provider
	if reason != nil {
		return t, cannot("It is not said in which system the role %s is.", name).or(c.suggestSystems("Grant " + name + " access in %s")...)
	}
	return t, nil
}

// takeLevel takes a word such as developer out of words that say more. Whether the target knows the level is found out
// later.
func takeLevel(words []word) (string, []word) {
	var level string
	var rest []word
	for n, w := range words {
		if w.in(setOf("as of level")) {
			continue
		}
		if levelWords[w.text] && w.shape == plain && level == "" && !(n+1 < len(words) && words[n+1].in(setOf("role"))) {
			level = strings.TrimSuffix(w.text, "s")
			continue
		}
		rest = append(rest, w)
	}
	return level, rest
}

// levelWords are how much of a group or project somebody may have.
var levelWords = setOf("read write guest reporter developer maintainer planner")

// byLevel is "developer access": that level of the only thing that can be meant.
func (c *compiler) byLevel(b bag, t thing, level string) (thing, *unclear) {
	own := c.known.For
	if t.kind == "" && (t.provider == "" || t.provider == own.Provider) && own.Slug != "" && own.Kind != "user" {
		mine := c.entitled(own, true)
		mine.level = level
		return mine, nil
	}
	if t.kind != "" {
		target, reason := c.theTarget(t)
		target.level = level
		return target, reason
	}
	return t, c.strange(b, b.rest)
}

// closest prefers the entitlement that is called just as it is written, then the workflow's own provider's.
func (c *compiler) closest(found []Entitlement, b bag) []Entitlement {
	exact := slices.DeleteFunc(slices.Clone(found), func(e Entitlement) bool {
		return !strings.EqualFold(textOf(b.all), e.Name) && !strings.EqualFold(textOf(b.all), e.Target) && !strings.EqualFold(textOf(b.all), e.Slug)
	})
	if len(exact) == 1 {
		return exact
	}
	if b.provider() != "" {
		return found
	}
	near := slices.DeleteFunc(slices.Clone(found), func(e Entitlement) bool { return e.Provider != c.known.For.Provider })
	if len(near) == 1 {
		return near
	}
	return found
}

func (c *compiler) severalFit(b bag, found []Entitlement) *unclear {
	var names, options []string
	for _, e := range found {
		names = append(names, fmt.Sprintf("%q", e.Name))
		options = append(options, "Grant "+e.Name)
	}
	return cannot("%q may mean %s: write which.", textOf(b.all), listed(names)).or(options...)
}

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
	if level, rest := takeLevel(b.rest); len(rest) == 0 {
		t.level = level
	} else {
		return t, notUnderstood(rest)
	}
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
