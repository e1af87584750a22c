package workflow

import (
	"slices"
)

// statements are sentences that say who does or gets something.
var (
	getsForms  = forms("@ should|must|shall|will? get|gets|receive|receives <t>", "@ is to get|receive <t>", "@ should|must|shall|will? become|becomes <t>")
	losesForms = forms("@ should|must|shall|will? lose|loses <t>", "@ is to lose <t>")
	// passiveForms say what is done to the user; .p is what.
	passiveForms = forms("@ should|must|shall|will|has|needs to? be .p <t>", "@ is to be .p <t>", "@ is|gets .p <t>")
	passives     = map[string]string{
		"added": "add", "given": "give", "granted": "grant", "made": "make", "assigned": "assign", "invited": "invite", "promoted": "promote", "upgraded": "upgrade",
		"put": "put", "removed": "remove", "taken": "take", "kicked": "kick", "downgraded": "downgrade", "demoted": "demote", "moved": "move", "stripped": "strip",
	}
	mayForms = forms(
		"must|should|shall|has|needs|need to? approve|confirm|agree <rest>", "must|should|shall|has|needs|need to? approve|confirm|agree", "approves|confirms|agrees <rest>", "approves|confirms|agrees",
		"must|should|shall|has|needs|need to? sign off <rest>", "must|should|shall|has|needs|need to? sign off", "signs off",
	)
	approvalForms = forms(
		"<p> approval is? required|needed", "approval by|from|of @ is? required|needed", "approval by|from|of @", "<p> approval", "the? approval by|from|of @ is? required|needed", "get the? approval by|from|of @",
		"signoff by|from|of @ is? required|needed", "<p> signoff is? required|needed",
	)
)

// permitForms are the ways to let somebody have something.
var permitForms = forms(
	"allow|permit|let @ to? join|enter|use|become|get|has|gain|receive <t>", "allow|permit|let @ to? access <t>", "allow|permit|let @ into|in|on <t>", "allow|permit @ access to <t>",
	"allow|permit|let @ to? log|sign in|into to? <t>", "allow|permit|let @ to? be an? <t>",
)

// readForms are the ways to let somebody read or write something: how much of it is .v.
var readForms = forms("allow|permit|let @ to? .v from|to|in|on? <t>")

// permitted is what somebody is let have.
func permitted(words []word) ([]word, bool) {
	if f, is := firstMatch(readForms, words); is && f.who[0].role == subject && f.words["v"][0].is("read", "write") {
		return slices.Concat(f.words["v"], []word{{text: "access", raw: "access"}}, f.words["t"]), true
	}
	f, is := firstMatch(permitForms, words)
	if !is || f.who[0].role != subject {
		return nil, false
	}
	return f.words["t"], true
}

// approvalRequest compiles "send … an approval request".
func (c *compiler) approvalRequest(words []word, when *cond) *unclear {
	var rest []word
	for _, w := range words[1:] {
		if !w.is("an", "a", "the", "approval", "confirmation", "request", "for") {
			rest = append(rest, w)
		}
	}
	rest, mail := takeMail(rest)
	if len(rest) > 0 && rest[0].is("to") {
		rest = rest[1:]
	}
	who, oneOf, used := readPeople(rest)
	if len(who) == 0 {
		return notUnderstood(words[:1])
	}
	return c.approval(question{who: who, any: oneOf, mail: mail, rest: rest[used:]}, when)
}

// statement compiles an instruction that begins with a person. It answers whether it is one.
func (c *compiler) statement(words []word, when *cond) (bool, *unclear) {
	if f, is := firstMatch(getsForms, words); is && f.who[0].role == subject {
		return true, c.change(grants, append([]word{{text: "grant", raw: "Grant", at: words[0].at}}, f.words["t"]...), when)
	}
	if handled, reason := c.demand(words, when); handled {
		return true, reason
	}
	if f, is := firstMatch(losesForms, words); is && f.who[0].role == subject {
		return true, c.change(revokes, append([]word{{text: "remove", raw: "Remove", at: words[0].at}}, f.words["t"]...), when)
	}
	if f, is := firstMatch(passiveForms, words); is && f.who[0].role == subject && passives[f.words["p"][0].text] != "" {
		p := f.words["p"][0]
		said := word{text: passives[p.text], raw: upper(passives[p.text]), at: p.at, end: p.end}
		return true, c.clause(slices.Concat([]word{said, {text: "user", raw: "user", at: p.at}}, f.words["t"]), when)
	}
	some := words
	if some[0].is("both", "either") {
		some = some[1:]
	}
	if who, oneOf, used := readPeople(some); used > 0 && !slices.ContainsFunc(who, func(p person) bool { return p.role == subject || p.role == requester }) {
		if f, is := firstMatch(mayForms, some[used:]); is {
			q := question{who: who, any: oneOf || words[0].is("either"), rest: f.words["rest"]}
			if k := c.approvedRequests(q.rest); k != nil {
				q.rest, when = nil, both(when, k)
			}
			return true, c.approval(q, when)
		}
	}
	if f, is := firstMatch(approvalForms, words); is {
		who := f.who
		if p := f.words["p"]; len(p) > 0 {
			p = slices.Clone(p)
			p[len(p)-1].owns = false
			one, known := readPerson(p)
			if !known {
				return false, nil
			}
			who = []person{one}
		}
		return true, c.approval(question{who: who}, when)
	}
	return false, nil
}
