package workflow

import (
	"slices"
)

// check compiles looking at what is there.
func (c *compiler) check(words []word, when *cond) *unclear {
	rest := c.withoutVia(words)[1:]
	for len(rest) > 0 && rest[0].is("up", "out", "for", "at", "on", "in") && !(rest[0].is("in") && len(rest) > 1 && !rest[1].in(articles)) {
		rest = rest[1:]
	}
	if f, ok := form("with @ if|whether|that <x>").match(rest); ok {
		return c.approval(question{who: f.who, about: f.words["x"]}, when)
	}
	if words[0].is("find", "determine") && !holds(rest, "if", "whether") && !words[0].is("find") {
		return notUnderstood(words[:1])
	}
	if len(rest) == 0 {
		return cannot("What to check is not said.")
	}
	k, reason := c.checked(rest)
	if reason != nil {
		return reason
	}
	states, reason := statesOf(k)
	if reason != nil {
		return reason
	}
	for _, s := range states {
		read, _, reason := c.reading(s.about, s.ask)
		if reason != nil {
			return reason
		}
		if reason := c.addRead(s.about, read, when); reason != nil {
			return reason
		}
	}
	c.asked = k
	return nil
}

// checked is what a check asks: a condition behind "if", or the thing itself.
func (c *compiler) checked(rest []word) (*cond, *unclear) {
	for n, w := range rest {
		if w.is("if", "whether", "that") && n <= 4 && (n == 0 || !w.is("that")) {
			return c.condition(slices.Concat(rest[n+1:], c.placeBefore(rest[:n])))
		}
	}
	var object []word
	for _, w := range rest {
		if !w.in(setOf("to from in at on of for with status state")) {
			object = append(object, w)
		}
	}
	t, reason := c.thing(object)
	if reason != nil {
		if k, problem := c.condition(rest); problem == nil {
			return k, nil
		}
		return nil, reason
	}
	t.itself = t.itself && !holds(rest, "membership") && t.kind != "role"
	if t.itself {
		return c.stateOf(t, true, exists, rest)
	}
	return c.stateOf(t, true, usable, rest)
}

// placeBefore is "in Slack" where it stands before "if".
func (c *compiler) placeBefore(words []word) []word {
	if len(words) > 0 && words[0].is("in", "at", "on") {
		return words
	}
	return words
}

// statesOf are the states that a check looks at.
func statesOf(k *cond) ([]*cond, *unclear) {
	switch {
	case k.expr != "":
		return nil, cannot("What Usher knows itself needs no check: write the condition in the step that depends on it, such as \"If …, grant …\".")
	case len(k.parts) == 0:
		return []*cond{k}, nil
	}
	var all []*cond
	for _, part := range k.parts {
		some, reason := statesOf(part)
		if reason != nil {
			return nil, reason
		}
		all = append(all, some...)
	}
	return all, nil
}
