package workflow

import "slices"

// segment is a part of a sentence that has a verb or a condition of its own.
type segment struct {
	joint string // what joins it to the one before: and, then, but, or, or a comma
	words []word
	after []word // a condition that stands behind it, without "if"
	not   bool   // that condition begins with "unless"
}

// sentence compiles one sentence.
func (c *compiler) sentence(words []word) *unclear {
	words = strip(words)
	if len(words) == 0 {
		return nil
	}
	if handled, reason := c.manner(words); handled {
		return reason
	}
	if at, end := mannerAt(words); at > 0 {
		if reason := c.sentence(words[:at]); reason != nil {
			return reason
		}
		return c.sentence(words[end:])
	}
	before := len(c.made)
	c.topic = nil
	r := reading{compiler: c, segments: segments(words)}
	r.way()
	r.attach()
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

// strip takes away what says only where in the order something stands.
func strip(words []word) []word {
	for len(words) > 0 && (words[0].in(fillers) || words[0].shape == comma || words[0].shape == colon) {
		words = words[1:]
	}
	if _, after := form("after that|this").match(words[:min(2, len(words))]); after {
		return strip(words[2:])
	}
	if _, after := form("in|at the end").match(words[:min(3, len(words))]); after {
		return strip(words[3:])
	}
	for len(words) > 0 && (words[len(words)-1].shape == comma || words[len(words)-1].shape == colon) {
		words = words[:len(words)-1]
	}
	return words
}

// segments cuts a sentence where an instruction or a condition begins.
func segments(words []word) []segment {
	var all []segment
	joint, start := "", 0
	for n := 0; n < len(words); n++ {
		end, kind := jointAt(words, n)
		if end == n || n == start || !startsClause(words[end:]) {
			continue
		}
		all = append(all, segment{joint: joint, words: words[start:n]})
		joint, start = kind, end
		n = end - 1
	}
	return append(all, segment{joint: joint, words: words[start:]})
}

// jointAt reads the words that join two parts of a sentence, and says where they end.
func jointAt(words []word, at int) (end int, kind string) {
	rank := map[string]int{",": 1, ":": 1, "and": 2, "but": 3, "then": 4, "or": 5}
	for end = at; end < len(words); end++ {
		w, joint := words[end], ""
		switch {
		case w.shape == comma, w.shape == colon:
			joint = ","
		case w.is("and", "but", "then", "or"):
			joint = w.text
		case w.is("afterwards", "next", "finally", "subsequently", "lastly") && end > at:
			joint = "then"
		default:
			return end, kind
		}
		if rank[joint] > rank[kind] {
			kind = joint
		}
	}
	return end, kind
}

// startsClause says whether an instruction or a condition begins here.
func startsClause(words []word) bool {
	for len(words) > 0 && words[0].in(fillers) {
		words = words[1:]
	}
	if len(words) == 0 {
		return false
	}
	if n, _ := conditionAt(words); n > 0 {
		return len(words) > n
	}
	return verbs[words[0].text] != "" && words[0].shape == plain || words[0].is("otherwise", "else", "do", "never", "don't")
}

// conditionAt reads the words that begin a condition. It answers how many they are, 0 for none.
func conditionAt(words []word) (length int, not bool) {
	for _, intro := range []struct {
		texts []string
		not   bool
	}{
		{[]string{"if", "and", "only", "if"}, false},
		{[]string{"but", "only", "if"}, false},
		{[]string{"in", "the", "event", "that"}, false},
		{[]string{"only", "if"}, false},
		{[]string{"only", "when"}, false},
		{[]string{"only", "once"}, false},
		{[]string{"as", "long", "as"}, false},
		{[]string{"in", "case"}, false},
		{[]string{"provided", "that"}, false},
		{[]string{"as", "soon", "as"}, false},
		{[]string{"unless"}, true},
		{[]string{"if"}, false},
		{[]string{"when"}, false},
		{[]string{"whenever"}, false},
		{[]string{"once"}, false},
		{[]string{"provided"}, false},
		{[]string{"should"}, false},
		{[]string{"except", "if"}, true},
		{[]string{"except", "when"}, true},
	} {
		if begins(words, intro.texts) {
			return len(intro.texts), intro.not
		}
	}
	return 0, false
}

// reading goes through the segments of one sentence.
type reading struct {
	*compiler

	segments []segment
	scope    *cond
	acted    bool // an instruction has been under the scope
	closed   bool // it is not clear whether more instructions are
	behindIt *cond
}

// way takes "using the Slack API," from the beginning. The system that it names is meant for the instruction behind it.
func (r *reading) way() {
	if len(r.segments) < 2 {
		return
	}
	_, f, is := firstMatch(viaForms, r.segments[0].words)
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
		if length == 0 || n != len(r.segments)-1 || r.segments[n-1].after != nil {
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
	for n := 0; n < len(r.segments); n++ {
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
	if len(words) == 0 {
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
	if reason := r.covered(n); reason != nil {
		return reason
	}
	if s.after != nil {
		return r.behind(n, words, s.after, s.not)
	}
	return r.instruction(words, n)
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
	class := verbs[strip(words)[0].text]
	return class == checks || class == asks
}

// forWhom reads "for high risk access, …" and "for users in the Design department, …".
func (r *reading) forWhom(words []word, follows bool) *unclear {
	if words[0].is("only") {
		words = words[1:]
	}
	words = trimTail(words[1:])
	k, reason := r.condition(words)
	if reason != nil && len(words) > 2 && words[0].in(subjects) {
		is := word{text: "is", raw: "is", at: words[0].end}
		if words[1].is("who", "that", "whose") {
			words = slices.Delete(slices.Clone(words), 1, 2)
		} else {
			words = slices.Insert(slices.Clone(words), 1, is)
		}
		k, reason = r.condition(words)
	}
	if reason != nil || !follows {
		return cannot("Who or what %q is, is not known: write what the directory says, for example: If the user's attribute employment is \"contractor\", …", textOf(words))
	}
	r.under(k, false)
	return nil
}

func (r *reading) otherwise(words []word) *unclear {
	last := r.scope
	if last == nil {
		last = r.compiler.scope
	}
	if last == nil && r.asked != nil {
		last = r.asked
	}
	if last == nil {
		return cannot("There is no condition right before \"otherwise\".")
	}
	if last.answer {
		return afterNo()
	}
	r.under(last, true)
	if words = strip(words); len(words) == 0 {
		return nil
	}
	if length, _ := conditionAt(words); length > 0 {
		return cannot("A condition within \"otherwise\" is too much to be sure: write it as a step of its own.")
	}
	return r.instruction(words, -1)
}

// conditional compiles a condition and, where it stands in the same words, the instruction.
func (r *reading) conditional(n int, words []word, not, follows bool) *unclear {
	if r.acted && r.scope != nil {
		r.acted = false // a new condition takes the place of the one before
	}
	before := r.state
	if follows {
		k, reason := r.condition(trimTail(words))
		if reason != nil && len(r.mentions) == 0 {
			k, reason = r.aheadOf(words, r.segments[n+1].words)
		}
		if reason == nil {
			r.under(k, not)
			return nil
		}
		r.state = before
		if !r.holdsAction(words) {
			return reason
		}
	}
	var worst *unclear
	for _, at := range cuts(words) {
		k, reason := r.condition(trimTail(words[:at]))
		if reason != nil && len(r.mentions) == 0 {
			k, reason = r.aheadOf(words[:at], words[at:])
		}
		if reason == nil {
			r.under(k, not)
			if reason = r.instruction(strip(words[at:]), -1); reason == nil {
				return nil
			}
		}
		worst = better(worst, reason)
		r.restore(before)
	}
	if worst == nil {
		if _, worst = r.condition(words); worst == nil {
			worst = cannot("A condition is given, and not what is to be done.")
		}
	}
	return worst
}

// aheadOf reads a condition such as "if missing" that speaks of what only the instruction behind it names.
func (r *reading) aheadOf(words, instruction []word) (*cond, *unclear) {
	r.learn(strip(instruction))
	return r.condition(trimTail(words))
}

// learn finds out what an instruction speaks of. What is wrong with it is said when it is compiled.
func (r *reading) learn(instruction []word) {
	before := r.state
	r.restore(before)
	_ = r.clause(instruction, nil)
	mentions := r.mentions
	r.restore(before)
	r.mentions = mentions
}

// restore goes back to an earlier state.
func (r *reading) restore(before state) {
	r.state = before
	r.made, r.mentions = slices.Clone(before.made), slices.Clone(before.mentions)
}

func (r *reading) under(k *cond, not bool) {
	if not {
		k = opposite(k)
	}
	r.scope, r.acted, r.closed = k, false, false
	r.speakOf(k)
}

// speakOf keeps what a condition is about, for an instruction that does not say it again.
func (c *compiler) speakOf(k *cond) {
	for len(k.parts) == 1 {
		k = k.parts[0]
	}
	c.topic = nil
	if len(k.parts) == 0 && k.about.kind != "" {
		about := k.about
		c.topic = &about
	}
}

// trimTail takes "then" and signs from the end of a condition.
func trimTail(words []word) []word {
	for len(words) > 0 && (words[len(words)-1].is("then") || words[len(words)-1].shape == comma || words[len(words)-1].shape == colon) {
		words = words[:len(words)-1]
	}
	return words
}

// cuts are the places at which a condition may end and an instruction begin: signs and "then" first.
func cuts(words []word) []int {
	var sure, maybe []int
	for n := 1; n < len(words); n++ {
		switch {
		case words[n].shape == comma || words[n].shape == colon || words[n].is("then"):
			sure = append(sure, n)
		case words[n].shape == plain && verbs[words[n].text] != "":
			maybe = append(maybe, n)
		}
	}
	if all := append(sure, maybe...); len(all) <= mostCuts {
		return all
	}
	return append(sure, maybe...)[:mostCuts]
}

// mostCuts bounds how many readings of one condition are tried.
const mostCuts = 12

// instruction compiles an instruction, with a condition within it if there is one.
func (r *reading) instruction(words []word, n int) *unclear {
	for at := 1; at < len(words); at++ {
		length, not := conditionAt(words[at:])
		if length == 0 || complement(words, at) || words[at].is("should") {
			continue
		}
		return r.behind(n, words[:at], words[at+length:], not)
	}
	r.acted = true
	r.closed = r.closed || slices.ContainsFunc(words, func(w word) bool { return w.is("first") })
	return r.clause(words, r.scope)
}

// complement says whether "if" belongs to the verb, as in "check if" and "ask the manager if".
func complement(words []word, at int) bool {
	class := verbs[words[0].text]
	if class == checks {
		return !slices.ContainsFunc(words[1:at], func(w word) bool { return w.is("if", "whether", "that") })
	}
	return class == asks && words[at].is("if") && !slices.ContainsFunc(words[1:at], func(w word) bool { return w.is("to", "for", "if", "whether") || w.shape == quoted })
}

// behind compiles an instruction with a condition behind it. "It" in the condition is what the instruction speaks of.
func (r *reading) behind(n int, words, condition []word, not bool) *unclear {
	if n > 0 && r.segments[n].joint == "and" && !asking(r.segments[n-1].words) {
		return cannot("It is not clear whether the condition is also about %q: write a step for each.", textOf(r.segments[n-1].words))
	}
	words = trimTail(words)
	if len(words) > 0 && words[len(words)-1].is("but", "only") {
		words = words[:len(words)-1]
	}
	r.learn(words)
	k, reason := r.compiler.condition(condition)
	if reason != nil {
		return reason
	}
	if not {
		k = opposite(k)
	}
	r.acted = true
	r.speakOf(k)
	if reason := r.clause(words, both(r.scope, k)); reason != nil {
		return reason
	}
	r.behindIt = k
	return nil
}
