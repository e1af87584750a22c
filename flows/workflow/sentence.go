package workflow

import (
	"slices"
)

// sentence compiles one sentence.
func (c *compiler) sentence(words []word) *unclear {
	words = strip(words)
	if len(words) == 0 {
		return nil
	}
	if handled, reason := c.manner(words); handled {
		return reason
	}
	if at, begin, finish := mannerAt(words); at > 0 {
		for _, part := range [][]word{words[:at], words[begin:finish], words[finish:]} {
			if reason := c.sentence(part); reason != nil {
				return reason
			}
		}
		return nil
	}
	before := len(c.made)
	c.topic = nil
	r := reading{compiler: c, segments: segments(words)}
	r.way()
	r.attach()
	r.ahead()
	if reason := r.all(); reason != nil {
		return reason
	}
	answers := len(c.made) > before && c.made[len(c.made)-1].verb == checks || len(c.made) > before && c.made[len(c.made)-1].verb == asks
	if !answers && r.scope == nil {
		c.asked = nil
	}
	c.scope = r.scope
	if c.scope == nil {
		c.scope = r.behindIt
	}
	return nil
}

// reading goes through the segments of one sentence.
type reading struct {
	*compiler

	segments []segment
	scope    *cond
	acted    bool // an instruction has been under the scope
	closed   bool // it is not clear whether more instructions are
	behindIt *cond
	orElse   bool // the scope is that of "otherwise"
	skip     int  // a segment that another one holds already
}

// way takes "using the Slack API," from the beginning. The system that it names is meant for the instruction behind it.
func (r *reading) way() {
	if len(r.segments) < 2 {
		return
	}
	f, is := firstMatch(viaForms, r.segments[0].words)
	slugs, length := r.index.providersAt(f.words["p"])
	if is && (len(f.words["p"]) == 0 || len(slugs) == 1 && length == len(f.words["p"])) {
		r.segments = r.segments[1:]
		r.segments[0].words = slices.Concat(r.segments[0].words, f.words["p"])
	}
}

// attach gives conditions that stand behind an instruction to it.
func (r *reading) attach() {
	for n := len(r.segments) - 1; n > 0; n-- {
		s := r.segments[n]
		length, not := conditionAt(s.words)
		if length == 0 || s.joint == "or" || n != len(r.segments)-1 || r.segments[n-1].after != nil {
			continue
		}
		before := r.state
		r.restore(before)
		_, reason := r.condition(s.words[length:])
		r.restore(before)
		if reason != nil && r.holdsAction(s.words[length:]) {
			continue
		}
		r.segments[n-1].after, r.segments[n-1].not = s.words[length:], not
		r.segments = r.segments[:n]
	}
}

// holdsAction says whether an instruction stands in words that begin with a condition.
func (r *reading) holdsAction(words []word) bool {
	return slices.ContainsFunc(words[min(1, len(words)):], func(w word) bool { return w.shape == plain && verbs[w.text] != "" && w.text != "has" })
}

// all compiles the segments.
func (r *reading) all() *unclear {
	for n := range r.segments {
		if reason := r.one(n); reason != nil {
			return reason
		}
	}
	if r.scope != nil && !r.acted {
		return cannot("A condition is given, and not what is to be done.")
	}
	return nil
}

func (r *reading) one(n int) *unclear {
	s := r.segments[n]
	words := strip(s.words)
	if len(words) == 0 || n > 0 && n == r.skip {
		return nil
	}
	length, not := conditionAt(words)
	switch {
	case s.joint == "or":
		return cannot("\"or\" leaves open which of the two is to be done: write a condition for each.")
	case words[0].is("otherwise", "else"):
		return r.otherwise(words[1:])
	case words[0].is("for"), len(words) > 1 && words[0].is("only") && words[1].is("for"):
		return r.forWhom(words, n+1 < len(r.segments))
	case length > 0:
		if n > 0 && n+1 < len(r.segments) && !r.holdsAction(words[length:]) && r.segments[n+1].joint == "and" && !asking(r.segments[n-1].words) {
			return cannot("It is not clear which instruction the condition belongs to: write a step for each.")
		}
		return r.conditional(n, words[length:], not, n+1 < len(r.segments))
	}
	if handled, reason := r.aside(n, words); handled {
		return reason
	}
	if reason := r.covered(n); reason != nil {
		return reason
	}
	if handled, reason := r.toldAndAwaited(n, words); handled {
		return reason
	}
	if s.after != nil {
		return r.behind(n, words, s.after, s.not)
	}
	return r.instruction(words, n)
}

// aside reads what only says how things go anyway: "and continue", "but keep the account", "and wait for the answer". It
// answers whether the words are that.
func (r *reading) aside(n int, words []word) (bool, *unclear) {
	s := r.segments[n]
	switch {
	case s.after != nil && goesOnly(words):
		return true, r.goOn(n, s.after, s.not)
	case s.after != nil:
		return false, nil
	case n > 0 && verbs[words[0].text] == keeps:
		return r.keeping(words)
	case r.askedAndAwaited(n, words):
		return true, nil
	}
	return r.goingOn(n, words)
}

// covered says whether it is clear that an instruction is under the condition of the sentence, or not.
func (r *reading) covered(n int) *unclear {
	s := r.segments[n]
	if n > 0 && open(r.segments[n-1].words) && s.joint == "and" {
		return cannot("It is not clear who is to do %q: write it as a step of its own.", textOf(s.words))
	}
	if r.scope == nil || !r.acted {
		return nil
	}
	if s.joint == "then" || s.joint == "but" || r.closed {
		return cannot("It is not clear whether the condition is also about %q: write it as a step of its own.", textOf(s.words))
	}
	return nil
}

// open says whether a part of a sentence tells a person to do something, so that what follows may be for that person.
func open(words []word) bool {
	if len(words) == 0 {
		return false
	}
	class := verbs[words[0].text]
	if class != asks && class != tells && class != has && class != permits && class != lets {
		return false
	}
	for n := range words[:len(words)-1] {
		next := words[n+1]
		if who, is := readPerson(words[n+1 : n+2]); words[n].is("to") && next.shape == plain && !next.in(articles) && !(is && who.to != "") {
			return true
		}
	}
	return false
}

// asking says whether a part of a sentence only looks or asks.
func asking(words []word) bool {
	words = strip(words)
	if len(words) == 0 {
		return false
	}
	class := verbs[words[0].text]
	return class == checks || class == asks
}

// instruction compiles an instruction, with a condition within it if there is one.
func (r *reading) instruction(words []word, n int) *unclear {
	if handled, reason := r.goingOn(max(n, len(r.segments)), words); handled {
		return reason
	}
	if handled, reason := r.sequel(words); handled {
		return reason
	}
	if handled, reason := r.upon(words); handled {
		return reason
	}
	for at := 1; at < len(words); at++ {
		length, not := conditionAt(words[at:])
		if length == 0 || complement(words, at) || words[at].is("should") || freely(words, at) {
			continue
		}
		return r.behind(n, words[:at], words[at+length:], not)
	}
	r.acted = true
	r.closed = r.closed || slices.ContainsFunc(words, func(w word) bool { return w.is("first") })
	return r.clause(words, r.scope)
}
