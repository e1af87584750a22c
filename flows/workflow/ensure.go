package workflow

import "slices"

// make compiles "make the user an admin", "set up …" and "make sure that …".
func (c *compiler) make(words []word, when *cond) *unclear {
	rest := words[1:]
	switch {
	case words[0].is("set") && len(rest) > 0 && holds(rest, "up"):
		return c.change(grants, words, when)
	case words[0].is("set") && holds(rest, "back"):
		return c.shift(restores, words, when)
	case words[0].is("set"):
		return notUnderstood(words[:1])
	case words[0].is("turn") && len(rest) > 1 && (rest[0].is("on", "off") || rest[len(rest)-1].is("on", "off")):
		return c.change(map[bool]verb{true: enables, false: disables}[holds(rest, "on")], words, when)
	case words[0].is("turn") && !holds(rest, "into"):
		return notUnderstood(words[:1])
	case words[0].is("make") && len(rest) > 0 && rest[0].is("sure", "certain"):
		rest = rest[1:]
	case words[0].is("make", "turn"):
		for n := min(longestPerson, len(rest)); n > 0; n-- {
			if who, is := readPerson(rest[:n]); is && who.role == subject && n < len(rest) {
				return c.change(grants, append([]word{{text: "make", raw: words[0].raw, at: words[0].at}}, rest...), when)
			}
		}
		return notUnderstood(words[:1])
	}
	return c.ensure(rest, when)
}

// ensure compiles "make sure that the user has …": what is so already stays, since every script reads first.
func (c *compiler) ensure(words []word, when *cond) *unclear {
	k, reason := c.condition(words)
	if reason != nil {
		return reason
	}
	if !k.isState() || k.ask == exists && k.about.itself {
		return cannot("A workflow can see to what the user has, and not to %q.", textOf(words))
	}
	v := revokes
	if k.want {
		v = grants
	}
	return c.act(v, v, k.about, when)
}

var sessionWords = setOf("session out off open active current all any every live running logout signout of everywhere device")

// endSessions compiles "end the user's sessions in …" and "log the user out of …".
func (c *compiler) endSessions(words []word, when *cond) *unclear {
	words = c.withoutVia(words)
	says := holds(words, "session", "logout", "signout") || words[0].is("log", "sign") && holds(words, "out", "off") || words[0].is("logout", "signout")
	if !says {
		if words[0].is("end", "terminate") {
			t, reason := c.thing(c.object(words))
			if reason == nil && t.account {
				reason = cannot("%q may mean that the account is disabled, or that it is deleted for good.", textOf(words))
			}
			if reason != nil {
				return reason
			}
			return c.act(revokes, revokes, t, when)
		}
		return notUnderstood(words[:1])
	}
	var object []word
	for _, w := range words[1:] {
		if !w.in(sessionWords) && !w.in(setOf("to from in at on of for with into")) && !w.in(noise) {
			object = append(object, w)
		}
	}
	b, reason := c.pack(object)
	if reason != nil {
		return reason
	}
	if len(b.rest)+len(b.names) > 0 {
		return notUnderstood(append(b.rest, b.names...))
	}
	t, reason := c.sessionsAt(b.provider(), holds(words, "everywhere"))
	if reason != nil {
		return reason
	}
	t.user, t.label = b.user, c.labelOf(t)
	return c.act(ends, ends, t, when)
}

// sessionsAt is the account whose sessions are meant: at the system that is named, else at the only one that was spoken of
// and can end sessions. Everywhere, without a system, may be at all of them.
func (c *compiler) sessionsAt(provider string, everywhere bool) (thing, *unclear) {
	var can, spoken []string
	for _, p := range c.index.providers() {
		t := thing{provider: p.Slug, kind: "user"}
		if _, reason := c.endpoint(ends, t); reason != nil {
			continue
		}
		can = append(can, "End the user's sessions in "+c.index.nameOf(p.Slug))
		if p.Slug == c.known.For.Provider || slices.ContainsFunc(c.mentions, func(m thing) bool { return m.provider == p.Slug }) {
			spoken = append(spoken, p.Slug)
		}
	}
	switch {
	case provider != "":
		return c.anAccount(thing{provider: provider})
	case everywhere || len(spoken) > 1 || c.adrift():
		return thing{}, cannot("It is not said at which system the user is to be logged out.").or(can...)
	case len(spoken) == 1:
		return c.anAccount(thing{provider: spoken[0]})
	}
	t, reason := c.anAccount(thing{})
	if reason == nil {
		_, reason = c.endpoint(ends, t)
	}
	if reason != nil {
		reason = reason.or(can...)
	}
	return t, reason
}
