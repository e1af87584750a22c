package workflow

import (
	"reflect"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

var (
	// doneForms say only that something comes after what stands before it, as everything does.
	doneForms = forms(
		"once|when|after that|this|it|everything is|has|was done|finished|complete|completed", "once|when|after that|this|it|everything has been done|finished|completed",
		"once|when done|finished|complete|completed", "once|when all that? is|was done|finished", "after that|this", "afterwards", "afterward", "subsequently",
	)
	// endForms say that something comes last.
	endForms = forms("at|in the very? end", "as the|a last|final step|thing", "when|once all is|was done|finished|complete", "when|once all the? steps is|was done|finished|complete|completed",
		"when|once the? workflow|process|flow|provisioning|deprovisioning is|has|was done|finished|complete|completed", "last")
)

// longestPhrase is how many words of a phrase about the order there can be.
const longestPhrase = 7

// orderAt is how many words of a phrase about the order stand at the beginning.
func orderAt(words []word) int {
	if len(words) == 0 || !words[0].is("once", "when", "after", "at", "in", "as", "afterwards", "afterward", "subsequently", "last") {
		return 0
	}
	for n := min(longestPhrase, len(words)); n > 0; n-- {
		_, done := firstMatch(doneForms, words[:n])
		if _, end := firstMatch(endForms, words[:n]); done || end {
			return n
		}
	}
	return 0
}

// inTurn takes a phrase about the order from the end of an instruction. The order is that of the steps, so that the
// phrase must fit: nothing can come last with steps behind it, or after something where nothing stands before.
func (c *compiler) inTurn(words []word) ([]word, *unclear) {
	class := verbs[words[0].text]
	if class == has || class == lets || class == asks && !slices.ContainsFunc(words, func(w word) bool { return w.in(approves) || w.in(approvals) }) {
		return words, nil // what somebody is to do may hold such words
	}
	for n := max(1, len(words)-longestPhrase); n < len(words); n++ {
		if orderAt(words[n:]) != len(words)-n || words[n].is("last") && words[n-1].is("the", "at") {
			continue
		}
		if _, tail := cutMessage(words[1:n]); class == tells && len(tail) > 0 {
			return words, nil
		}
		_, last := firstMatch(endForms, words[n:])
		switch {
		case c.final:
		case last:
			return words, cannot("%q stands in a step that is not the last: steps run in the order in which they are written.", textOf(words[n:]))
		case len(c.made) == 0:
			return words, cannot("Nothing stands before %q: steps run in the order in which they are written.", textOf(words[n:]))
		}
		if words = trimTail(words[:n]); len(words) > 1 && words[len(words)-1].is("and", "but") {
			words = words[:len(words)-1]
		}
		return trimTail(words), nil
	}
	return words, nil
}

// pauseForms put a length of time before an instruction.
var pauseForms = forms("after <d>", "after another <d>", "<d> later")

// paused compiles an instruction with a pause before it, as in "after 5 minutes grant access" and "grant access after 5
// minutes". It answers whether there is one.
func (c *compiler) paused(words []word, when *cond) (bool, *unclear) {
	for n := min(longestPhrase, len(words)); n > 1; n-- {
		f, is := firstMatch(pauseForms, words[:n])
		length, plainly := readLength(f.words["d"])
		if !is || !plainly {
			continue
		}
		if reason := c.sleep(length, when); reason != nil || n == len(words) {
			return true, reason
		}
		return true, c.clause(words[n:], when)
	}
	switch class := verbs[words[0].text]; class {
	case has, lets, asks, gets, waits, tries, "":
		return false, nil
	case tells, sends:
		if _, tail := cutMessage(words[1:]); len(tail) > 0 {
			return false, nil
		}
	default:
	}
	for n := 1; n < len(words); n++ {
		if f, is := pauseForms[0].match(words[n:]); is {
			if length, plainly := readLength(f.words["d"]); plainly {
				if reason := c.sleep(length, when); reason != nil {
					return true, reason
				}
				return true, c.clause(words[:n], when)
			}
		}
	}
	return false, nil
}

// gerunds are the verbs in the form that stands behind "before", each with its base.
var gerunds = func() map[string]string {
	all := map[string]string{}
	for base := range verbs {
		all[base+"ing"] = base
		all[strings.TrimSuffix(base, "e")+"ing"] = base
		all[base+base[len(base)-1:]+"ing"] = base
	}
	return all
}()

// doing turns "adding the user to …" into an instruction.
func doing(words []word) ([]word, bool) {
	if len(words) == 0 || words[0].shape != plain || gerunds[words[0].text] == "" || verbs[words[0].text] != "" {
		return nil, false
	}
	first := words[0]
	first.text = gerunds[first.text]
	first.raw = first.text
	return append([]word{first}, words[1:]...), true
}

// sequel reads "A before doing B", which is A and then B, and "A after doing B", which is A where B was done. It answers
// whether the words are that.
func (r *reading) sequel(words []word) (bool, *unclear) {
	class := verbs[words[0].text]
	for at := 1; at < len(words); at++ {
		other, is := doing(words[at+1:])
		if !is || !words[at].is("before", "after") || class == has || class == lets {
			continue
		}
		if _, generic := firstMatch(beforeForms, words[at:]); generic {
			return false, nil
		}
		if _, tail := cutMessage(words[1:at]); class == tells && len(tail) > 0 {
			return false, nil
		}
		return true, r.both(words[:at], other, words[at].is("after"))
	}
	return false, nil
}

// both compiles an instruction and the one that it is said to come before, or after.
func (r *reading) both(words, other []word, after bool) *unclear {
	for n := range other {
		if length, _ := conditionAt(other[n:]); length > 0 || other[n].is("before", "after", "and", "or") {
			return cannot("It is not clear what %q belongs to: write a step for each.", textOf(other[n:]))
		}
	}
	if r.scope != nil {
		return cannot("It is not clear whether the condition is also about %q: write it as a step of its own.", textOf(other))
	}
	before := r.state
	r.restore(before)
	reason := r.clause(other, nil)
	done := reason == nil && !slices.ContainsFunc(r.made[len(before.made):], func(m made) bool { return !madeBefore(before.made, m.script) })
	if after && r.speaksOfDone(other, before.made) {
		done, reason = true, nil
	}
	r.restore(before)
	r.acted = true
	switch {
	case reason != nil:
		return reason
	case after && done:
		return r.clause(words, nil)
	case after:
		return cannot("No step before does %q: write it as a step of its own.", textOf(other)).or(upper(textOf(other)) + ". " + upper(textOf(words)))
	case done:
		return cannot("A step before does %q already: steps run in the order in which they are written.", textOf(other))
	}
	if reason := r.clause(words, nil); reason != nil {
		return reason
	}
	first := len(r.made)
	reason = r.clause(other, nil)
	for n := first; n < len(r.made); n++ {
		r.made[n].implied = true
	}
	return reason
}

// speaksOfDone says whether "adding them" or "granting access" only repeats that something of the kind was done.
func (r *reading) speaksOfDone(other []word, all []made) bool {
	for _, w := range other[1:] {
		if !w.in(articles) && !w.in(subjects) && !w.in(subjectThey) && !w.is("it", "access") {
			return false
		}
	}
	effect := connectors.Revokes
	if class := verbs[other[0].text]; class == grants || class == creates || class == enables || class == restores {
		effect = connectors.Grants
	}
	return slices.ContainsFunc(all, func(m made) bool { return m.kind.Effect == effect && m.kind.Provider != "" && !aboutIssues(m.kind) })
}

// ahead puts "before doing B, A" and "after doing B, A" into the usual order.
func (r *reading) ahead() {
	if len(r.segments) != 2 || r.segments[0].after != nil || r.segments[1].after != nil || len(r.segments[0].words) < 2 {
		return
	}
	first := strip(r.segments[0].words)
	if len(first) < 2 || !first[0].is("before", "after") {
		return
	}
	_, generic := firstMatch(beforeForms, first)
	if _, is := doing(first[1:]); is || generic {
		r.segments = []segment{{words: slices.Concat(strip(r.segments[1].words), first)}}
	}
}

// madeBefore says whether a script does what one before does.
func madeBefore(all []made, script db.Script) bool {
	return slices.ContainsFunc(all, func(m made) bool {
		return m.script.Type == script.Type && m.script.When == script.When && reflect.DeepEqual(m.script.Args, script.Args)
	})
}
