package workflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
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
	case len(b.all) == 0 && !b.pronoun && !b.this && len(b.the) > 0:
		return t, cannot("Something is missing behind \"the\".")
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

// byWords is a thing that words without quotation marks name: an entitlement, a well-known role, or a new name that
// cannot be taken for anything else.
func (c *compiler) byWords(b bag, t thing) (thing, *unclear) {
	level, rest := takeLevel(b.rest)
	rest = memberOnly(rest)
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
	if len(rest) == 1 && rest[0].in(elevatedWords) {
		return c.elevated(b, t)
	}
	if t.kind != "" && (looksLikeName(rest) || b.namedPlainly(rest)) {
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
	if name == "member" && len(c.mentions) == 0 && c.known.For.Kind != "role" {
		reason = cannot("") // a member of what?
	}
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
