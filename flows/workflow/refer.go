package workflow

import (
	"slices"
)

// byReference is what "it" and "this access" mean: what was spoken of last, or else the entitlement itself.
func (c *compiler) byReference(b bag) (thing, *unclear) {
	if b.access && c.topic != nil && !c.topic.same(c.entitled(c.known.For, true)) {
		if !b.definite {
			return *c.topic, nil
		}
		return thing{}, cannot("It is not clear whether the access of the condition is meant or the one that was requested: name it.")
	}
	if b.pronoun && !b.access && c.adrift() {
		return thing{}, afterUnclear()
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
	if last := len(c.mentions) - 1; reason == nil && last >= c.heard && c.mentions[last].provider != provider {
		return t, cannot("It is not clear whether the account is at %s or at %s: name the system.", c.index.nameOf(c.mentions[last].provider), c.index.nameOf(provider)).
			or(c.way("Create an account in "+c.index.nameOf(c.mentions[last].provider)), c.way("Create an account in "+c.index.nameOf(provider)))
	}
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
