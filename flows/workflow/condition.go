package workflow

import "slices"

// condition reads words as a condition, without "if".
func (c *compiler) condition(words []word) (*cond, *unclear) {
	words = trimCondition(words)
	if len(words) == 0 {
		return nil, cannot("The condition is missing.")
	}
	k, reason := c.simple(words)
	if reason == nil {
		return k, nil
	}
	ands, ors := count(words, "and"), count(words, "or")
	mixed := ands > 0 && ors > 0
	if ands+ors > mostJoints || len(words) > longestCondition {
		return nil, better(reason, cannot("The condition %q has too many parts to be sure: write a step for each.", textOf(words)))
	}
	for _, joint := range []string{"or", "and"} {
		for n := 1; n < len(words)-1; n++ {
			if !words[n].is(joint) {
				continue
			}
			k, problem := c.joined(words[:n], words[n+1:], joint == "or", mixed)
			if problem == nil {
				return k, nil
			}
			reason = better(reason, problem)
		}
	}
	return nil, reason
}

// joined reads two conditions. Where "and" and "or" are mixed, neither may be several conditions in its turn: who knows
// which belong together then?
func (c *compiler) joined(left, right []word, oneOf, mixed bool) (*cond, *unclear) {
	read := c.condition
	if mixed {
		read = func(words []word) (*cond, *unclear) { return c.simple(trimCondition(words)) }
	}
	before := len(c.mentions)
	a, reason := read(left)
	if reason == nil {
		var b *cond
		b, reason = read(right)
		if reason != nil {
			b, reason = c.sameSubject(left, right, read, reason)
		}
		if reason == nil {
			return &cond{parts: []*cond{a, b}, any: oneOf}, nil
		}
	}
	c.mentions = c.mentions[:before]
	return nil, reason
}

// sameSubject reads the second of two conditions with the person of the first: "the user is in Design and lacks …".
func (c *compiler) sameSubject(left, right []word, read func([]word) (*cond, *unclear), reason *unclear) (*cond, *unclear) {
	for n := min(longestPerson, len(left)-1); n > 0; n-- {
		if _, is := readPerson(left[:n]); !is {
			continue
		}
		k, problem := read(slices.Concat(left[:n], right))
		if problem != nil && !holds(left, "not", "no") && right[0].is("in", "a", "an", "on") {
			k, problem = read(slices.Concat(left[:n], []word{{text: "is", raw: "is", at: right[0].at, end: right[0].at}}, right))
		}
		if problem == nil {
			return k, nil
		}
		return nil, reason
	}
	return nil, reason
}

// The bounds of a condition.
const (
	mostJoints       = 4
	longestCondition = 60 // words
)

func count(words []word, text string) int {
	n := 0
	for _, w := range words {
		if w.is(text) {
			n++
		}
	}
	return n
}

// trimCondition takes away what says nothing in a condition.
func trimCondition(words []word) []word {
	var kept []word
	for n, w := range words {
		if w.in(adverbs) || w.shape == comma && (n == 0 || n == len(words)-1 || words[n+1].is("and", "or")) {
			continue
		}
		kept = append(kept, w)
	}
	for len(kept) > 0 && kept[0].is("that", "whether") && len(kept) > 1 && !kept[1].is("is", "fails", "failed", "does") {
		kept = kept[1:]
	}
	return kept
}

// simple reads a condition that is not several.
func (c *compiler) simple(words []word) (*cond, *unclear) {
	var reason *unclear
	for _, read := range []func([]word) (*cond, *unclear){
		c.answered, c.short, c.ofPerson, c.ofRequest, c.stateOfPerson, c.stateOfThing,
	} {
		k, problem := read(words)
		if k != nil {
			return k, nil
		}
		reason = better(reason, problem)
	}
	if reason == nil {
		reason = cannot("The condition %q was not understood.", textOf(words))
	}
	return nil, reason
}
