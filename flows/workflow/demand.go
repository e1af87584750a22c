package workflow

import "slices"

var (
	// demandForms say that requests of some kind need an approval.
	demandForms = forms(
		"<c> need|needs|require|requires the|an? approval|confirmation|signoff|consent|permission|authorization|okay from|by|of <p>",
		"<c> need|needs|require|requires <p> approval|confirmation|signoff|consent|permission|authorization|okay",
		"<c> must|should|need|needs|has|have to? be approved|confirmed|authorized|authorised by <p>", "<c> need|needs|require|requires <p> to approve|confirm|agree|authorize",
	)
	anyRequest = forms("access", "this|the access|request|grant", "it", "this", "requests", "every|each|a request")
)

// demand reads "requests longer than a day need the owner's approval". It answers whether the words are that.
func (c *compiler) demand(words []word, when *cond) (bool, *unclear) {
	if !holds(words, "need", "needs", "require", "requires", "must", "should", "has") {
		return false, nil
	}
	f, is := firstMatch(demandForms, words)
	if !is {
		return false, nil
	}
	p := slices.Clone(f.words["p"])
	p[len(p)-1].owns = false
	who, oneOf, used := readPeople(p)
	if used != len(p) || slices.ContainsFunc(who, func(p person) bool { return p.role == subject || p.role == requester }) {
		return false, nil
	}
	if _, always := firstMatch(anyRequest, f.words["c"]); !always {
		k, reason := c.ofRequest(trimCondition(f.words["c"]))
		if reason != nil || k == nil {
			return false, nil
		}
		when = both(when, k)
	}
	return true, c.approval(question{who: who, any: oneOf}, when)
}

// approvedRequests reads what somebody must approve, as in "the manager must approve requests longer than 8 hours": the
// condition that such requests fulfil.
func (c *compiler) approvedRequests(rest []word) *cond {
	if len(rest) < 2 || !holds(rest, "request", "requests", "access", "grants") {
		return nil
	}
	k, _ := c.ofRequest(trimCondition(rest))
	return k
}
