package workflow

import (
	"reflect"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

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
		if !is || !words[at].is("before", "after") || class == has || class == lets && !words[at-1].is("know") {
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

// ahead puts "before doing B, A", "after doing B, A" and "with the owner's approval, A" into the usual order.
func (r *reading) ahead() {
	if len(r.segments) != 2 || r.segments[0].after != nil || r.segments[1].after != nil || len(r.segments[0].words) < 2 {
		return
	}
	first := strip(r.segments[0].words)
	if len(first) < 2 {
		return
	}
	_, generic := firstMatch(beforeForms, first)
	_, is := doing(first[1:])
	_, upon := approvalOf(first)
	if is && first[0].is("before", "after") || generic || upon {
		r.segments = []segment{{words: slices.Concat(strip(r.segments[1].words), first)}}
	}
}

// madeBefore says whether a script does what one before does.
func madeBefore(all []made, script db.Script) bool {
	return slices.ContainsFunc(all, func(m made) bool {
		return m.script.Type == script.Type && m.script.When == script.When && reflect.DeepEqual(m.script.Args, script.Args)
	})
}
