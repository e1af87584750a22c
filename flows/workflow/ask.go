package workflow

import (
	"slices"
	"strings"
)

var (
	approves  = setOf("approve confirm agree accept authorize authorise okay consent decide approval")
	approvals = setOf("approval confirmation permission signoff consent authorization authorisation okay agreement go-ahead")
)

// ask compiles "ask … to confirm", "request approval from …", "have … do … by hand" and "let … know".
func (c *compiler) ask(words []word, when *cond) *unclear {
	rest := words[1:]
	if f, ok := form("let <p> know <t>").match(words); ok {
		return c.tell(slices.Concat(words[:1], f.words["p"], f.words["t"]), when)
	}
	if f, ok := form("let <p> know").match(words); ok {
		return c.tell(slices.Concat(words[:1], f.words["p"]), when)
	}
	rest, mail := takeMail(rest)
	if class := verbs[words[0].text]; class == lets || class == gets || class == has {
		if reason := loose(words); reason != nil {
			return reason
		}
	}
	if who, after, is := whoseApproval(dropFor(rest)); is {
		return c.approval(question{who: []person{who}, mail: mail, rest: after}, when)
	}
	if who, oneOf, used := readPeople(dropFor(rest)); len(who) > 0 {
		return c.askPeople(words, question{who: who, any: oneOf, mail: mail, rest: dropFor(rest)[used:]}, when)
	}
	for n, w := range rest {
		if w.in(approvals) && allIn(rest[:n], setOf("for the an a their explicit written email slack")) && n+1 < len(rest) {
			return c.askFor(rest[n+1:], mail, when)
		}
	}
	if len(rest) > 0 && rest[0].in(approvals) || len(rest) == 0 {
		return cannot("It is not said who is asked: write the manager, the owner, a @usergroup or an e-mail address.").or("Ask the manager to confirm", "Ask the owner to confirm")
	}
	if u := notUnderstood(rest); !u.vague {
		return u
	}
	if verbs[words[0].text] == gets {
		return notUnderstood(words[:1])
	}
	return cannot("Who %q is cannot be asked: write the manager, the owner, a @usergroup or an e-mail address.", textOf(rest[:min(3, len(rest))])).
		or("Ask the manager to confirm", "Ask the owner to confirm")
}

// whoseApproval reads "the owner's approval", and answers what stands behind it.
func whoseApproval(words []word) (person, []word, bool) {
	n := slices.IndexFunc(words, func(w word) bool { return w.in(approvals) })
	if n < 1 || n > longestPerson || !words[n-1].owns {
		return person{}, nil, false
	}
	whose := slices.Clone(words[:n])
	whose[n-1].owns = false
	who, is := readPerson(whose)
	return who, words[n+1:], is
}

// loose refuses "let the user become …" and "have the user added …": it is not said that somebody is to do something.
func loose(words []word) *unclear {
	_, _, used := readPeople(words[1:])
	rest := words[1+used:]
	if len(rest) > 0 && rest[0].is("to") {
		rest = rest[1:]
	}
	if used == 0 || len(rest) == 0 {
		return nil
	}
	first := rest[0]
	odd := first.shape != plain || first.in(articles) || first.in(prepositions) || strings.HasSuffix(first.text, "ed") || first.is("be", "become", "gain", "get", "given", "has", "known", "taken", "receive", "lose", "keep", "know")
	byHand := slices.ContainsFunc(handForms, func(p pattern) bool { return len(p) <= len(rest) && p.ends(rest) })
	if odd || words[0].is("let", "get") && !byHand && !first.in(approves) && !first.is("sign", "give") {
		return cannot("It is not clear who is to do what: write \"Grant …\", or \"Have … do … by hand\".")
	}
	return nil
}

// ends says whether words end with a form.
func (p pattern) ends(words []word) bool {
	for n := range words {
		if _, is := p.match(words[n:]); is {
			return true
		}
	}
	return false
}

func dropFor(rest []word) []word {
	if len(rest) > 0 && rest[0].is("for", "from") {
		return rest[1:]
	}
	return rest
}

// takeMail takes "by mail" or "in Slack" out.
func takeMail(words []word) ([]word, bool) {
	for n := 0; n+1 < len(words); n++ {
		if words[n].is("by", "via", "in", "over", "through", "on") && words[n+1].is("email", "slack") && !(n+2 < len(words) && words[n+2].in(accessNouns)) {
			rest, _ := takeMail(slices.Concat(words[:n], words[n+2:]))
			return rest, words[n+1].is("email")
		}
	}
	return words, false
}

// askPeople compiles what people are asked to do.
func (c *compiler) askPeople(words []word, q question, when *cond) *unclear {
	rest := q.rest
	for len(rest) > 0 && (rest[0].shape == comma || rest[0].shape == colon) {
		rest = rest[1:]
	}
	class := verbs[words[0].text]
	switch {
	case len(rest) == 0 && class == asks:
		return cannot("What is asked is not said: write for example \"to confirm\".").or("Ask " + textOf(words[1:]) + " to confirm")
	case len(rest) == 0:
		return notUnderstood(words[:1])
	case rest[0].shape == quoted && class == asks:
		q.rest = rest
		return c.approval(q, when)
	case rest[0].is("if", "whether") && class == asks:
		q.rest, q.about = nil, rest[1:]
		return c.approval(q, when)
	case rest[0].is("for") && len(rest) > 1:
		for n, w := range rest[1:] {
			if w.in(approvals) && allIn(rest[1:n+1], setOf("the an a their explicit written email slack")) {
				q.rest = rest[n+2:]
				return c.approval(q, when)
			}
		}
		return notUnderstood(rest[1:])
	}
	if rest[0].is("to") {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return cannot("What is asked is not said.")
	}
	if handled, reason := c.askApproval(rest, q, when); handled {
		return reason
	}
	if len(q.who) > 1 || q.mail {
		return cannot("A task for people goes to one person, in Slack: write a step for each.")
	}
	return c.manual(q.who[0], rest, when)
}

// askApproval compiles what people are asked to do, where that is to approve. It answers whether it is.
func (c *compiler) askApproval(rest []word, q question, when *cond) (bool, *unclear) {
	if len(rest) > 2 && rest[0].is("sign") && rest[1].is("it", "this", "that") && rest[2].is("off") {
		rest = append([]word{rest[0], rest[2]}, rest[3:]...)
	}
	if rest[0].in(approves) || rest[0].is("sign") && len(rest) > 1 && rest[1].is("off") || rest[0].is("give") && holds(rest, "approval", "okay", "go-ahead", "permission") {
		if rest[0].is("sign") {
			rest = rest[1:]
		}
		if rest[0].is("give") {
			n := slices.IndexFunc(rest, func(w word) bool { return w.in(approvals) })
			if !allIn(rest[1:n], setOf("their his her the an a final")) {
				return true, notUnderstood(rest[1:n])
			}
			rest = rest[n:]
		}
		q.rest = rest[1:]
		return true, c.approval(q, when)
	}
	return false, nil
}

// askFor compiles "request approval from …"; the words stand behind "approval".
func (c *compiler) askFor(words []word, mail bool, when *cond) *unclear {
	for n, w := range words {
		if !w.is("from", "by", "of") {
			continue
		}
		who, oneOf, used := readPeople(words[n+1:])
		if len(who) == 0 {
			return cannot("Who %q is cannot be asked: write the manager, the owner, a @usergroup or an e-mail address.", textOf(words[n+1:])).
				or("Ask the manager to confirm", "Ask the owner to confirm")
		}
		return c.approval(question{who: who, any: oneOf, mail: mail, rest: slices.Concat(words[:n], words[n+1+used:])}, when)
	}
	return cannot("It is not said who is asked: write the manager, the owner, a @usergroup or an e-mail address.").or("Ask the manager to confirm", "Ask the owner to confirm")
}

// takePhrase takes a phrase that says nothing more out of words.
func takePhrase(words []word, all []pattern) []word {
	for n := range words {
		for end := min(len(words), n+6); end > n; end-- {
			if _, is := firstMatch(all, words[n:end]); is {
				return takePhrase(slices.Concat(trimTail(words[:n]), words[end:]), all)
			}
		}
	}
	return words
}
