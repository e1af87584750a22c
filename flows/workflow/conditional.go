package workflow

import (
	"slices"
)

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
		last = r.behindIt
	}
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
	r.orElse = true
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
	if r.scope != nil && !r.acted {
		return r.further(n, words, not, follows)
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

// further reads "and if …" right behind a condition: both must hold.
func (r *reading) further(n int, words []word, not, follows bool) *unclear {
	first := r.scope
	if r.segments[n].joint != "and" || !follows {
		return cannot("It is not clear how the conditions belong together: write a step for each.")
	}
	k, reason := r.condition(trimTail(words))
	if reason != nil {
		return reason
	}
	if not {
		k = opposite(k)
	}
	r.under(both(first, k), false)
	return nil
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
	r.scope, r.acted, r.closed, r.orElse = k, false, false, false
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

// complement says whether "if" belongs to the verb, as in "check if" and "ask the manager if".
func complement(words []word, at int) bool {
	class := verbs[words[0].text]
	if class == checks {
		return !slices.ContainsFunc(words[1:at], func(w word) bool { return w.is("if", "whether", "that") })
	}
	return class == asks && words[at].is("if") && !slices.ContainsFunc(words[1:at], func(w word) bool { return w.is("to", "for", "if", "whether") || w.shape == quoted })
}

// freely says whether a word that may begin a condition stands in what somebody is to do or to read, as in "tell the
// user where …".
func freely(words []word, at int) bool {
	class := verbs[words[0].text]
	return words[at].is("where", "wherever", "given", "assuming") && (class == has || class == lets || class == asks || class == tells || class == sends)
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
