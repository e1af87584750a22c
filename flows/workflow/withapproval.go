package workflow

import "slices"

var (
	// uponForms name an approval that an instruction rests on: <p> is whose. Without it, it is the one that was asked for.
	uponForms = forms(
		"after|upon|with|pending|following|on the|their|his|her|an? approval|confirmation|signoff|consent|permission|okay|go-ahead of|from|by <p>", "subject to the|an? approval|confirmation|signoff|consent of|from|by <p>",
		"after|upon|with|pending|following <p> approval|confirmation|signoff|consent|permission|okay|go-ahead", "subject to <p> approval|confirmation|signoff|consent",
		"after|upon|following the|their|his|her|this|that? approval|confirmation|signoff|consent|go-ahead", "after|upon receiving|getting approval|confirmation",
	)
	// afterForms are the same with a verb: they speak of an approval that was asked for.
	afterForms = forms("after @ approves|approved|approve|agrees|agreed|agree|confirms|confirmed|confirm it|this|that?", "after @ has approved|agreed|confirmed it|this|that?", "after being approved", "after it|this is|was|has been? approved|confirmed")
)

// upon reads an approval before or behind an instruction, as in "grant the role after the owner's approval". It answers
// whether the words are that.
func (r *reading) upon(words []word) (bool, *unclear) {
	for at := 1; at < len(words); at++ {
		if !words[at].is("after", "upon", "with", "pending", "following", "on", "subject") || verbs[words[0].text] == has || verbs[words[0].text] == lets {
			continue
		}
		instruction := trimTail(words[:at])
		for n := len(instruction); n > 1 && instruction[n-1].is("only", "but"); n = len(instruction) {
			instruction = trimTail(instruction[:n-1])
		}
		if who, is := approvalOf(words[at:]); is && !asking(instruction) && verbs[instruction[0].text] != gets {
			return true, r.uponApproval(instruction, who)
		}
	}
	return false, nil
}

// approvalOf reads whose approval a phrase speaks of, if it is such a phrase.
func approvalOf(words []word) ([]person, bool) {
	if f, is := firstMatch(afterForms, words); is {
		if len(f.who) > 0 && f.who[0].role == subject {
			f.who = nil // they are whoever was asked
		}
		return f.who, true
	}
	f, is := firstMatch(uponForms, words)
	if !is {
		return nil, false
	}
	p := slices.Clone(f.words["p"])
	if len(p) == 0 {
		return nil, true
	}
	p[len(p)-1].owns = false
	who, oneOf, used := readPeople(p)
	return who, used == len(p) && !oneOf && !slices.ContainsFunc(who, func(p person) bool { return p.role == subject })
}

// uponApproval asks, where that was not done before, and does the rest.
func (r *reading) uponApproval(instruction []word, who []person) *unclear {
	k, reason := r.approvedBy(who)
	if reason != nil && len(who) > 0 && r.scope == nil {
		if reason = r.approval(question{who: who}, nil); reason == nil {
			k, reason = r.approvedBy(who)
		}
	}
	if reason != nil {
		return reason
	}
	r.acted = true
	return r.clause(instruction, both(r.scope, k))
}
