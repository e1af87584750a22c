package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// question is an approval that is asked for.
type question struct {
	who   []person
	any   bool // one of them is enough
	mail  bool
	rest  []word // how, how long, and what about
	about []word // what is to be confirmed
}

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
	if who, any, used := people2(dropFor(rest)); len(who) > 0 {
		return c.askPeople(words, question{who: who, any: any, mail: mail, rest: dropFor(rest)[used:]}, when)
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
	_, _, used := people2(words[1:])
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

// people2 reads one person, or several with "and" or "or" between them.
func people2(words []word) (who []person, any bool, used int) {
	first := 0
	if len(words) > 1 && words[0].is("both", "either") {
		first = 1
	}
	for at := first; at < len(words); {
		length := min(longestPerson, len(words)-at)
		for ; length > 0; length-- {
			if one, is := readPerson(words[at : at+length]); is && !(length == 1 && words[at].in(articles)) {
				who = append(who, one)
				break
			}
		}
		if length == 0 {
			return who, any, used
		}
		at += length
		used = at
		for at < len(words) && (words[at].shape == comma || words[at].is("and", "or", "either")) {
			any = any || words[at].is("or")
			at++
		}
		if at == used {
			return who, any, used
		}
	}
	return who, any, used
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
	if rest[0].in(approves) || rest[0].is("sign") && len(rest) > 1 && rest[1].is("off") || rest[0].is("give") && holds(rest, "approval", "okay", "go-ahead", "permission") {
		if rest[0].is("sign") {
			rest = rest[1:]
		}
		if rest[0].is("give") {
			n := slices.IndexFunc(rest, func(w word) bool { return w.in(approvals) })
			if !allIn(rest[1:n], setOf("their his her the an a final")) {
				return notUnderstood(rest[1:n])
			}
			rest = rest[n:]
		}
		q.rest = rest[1:]
		return c.approval(q, when)
	}
	if len(q.who) > 1 || q.mail {
		return cannot("A task for people goes to one person, in Slack: write a step for each.")
	}
	return c.manual(q.who[0], rest, when)
}

// askFor compiles "request approval from …"; the words stand behind "approval".
func (c *compiler) askFor(words []word, mail bool, when *cond) *unclear {
	for n, w := range words {
		if !w.is("from", "by", "of") {
			continue
		}
		who, any, used := people2(words[n+1:])
		if len(who) == 0 {
			return cannot("Who %q is cannot be asked: write the manager, the owner, a @usergroup or an e-mail address.", textOf(words[n+1:])).
				or("Ask the manager to confirm", "Ask the owner to confirm")
		}
		return c.approval(question{who: who, any: any, mail: mail, rest: slices.Concat(words[:n], words[n+1+used:])}, when)
	}
	return cannot("It is not said who is asked: write the manager, the owner, a @usergroup or an e-mail address.").or("Ask the manager to confirm", "Ask the owner to confirm")
}

var (
	beforeForms = forms("before continuing|proceeding", "before granting|giving|provisioning|removing|revoking the|this? access", "before granting|giving|provisioning|removing|revoking it|anything", "before access is granted|given|removed|revoked", "before going|moving on", "before the? next step", "before anything else", "before you? continue|proceed", "before the? workflow|flow? continues|proceeds", "first", "before that|this")
	remindForms = forms("and? remind|reminding them|him|her? every <d>", "with a? reminder every <d>", "with reminders every <d>", "and send a? reminder every <d>")
	answerForms = forms("within <d>", "and? give them|him|her? <d>", "for at most <d>", "and? wait up? at? to|most <d>")
	buttonForms = forms("with the? buttons|button <a> and|or <b>", "with <a> and|or <b> buttons")
	itselfForms = forms("it", "this", "that", "them", "the? request", "the? access", "this access|request", "the? grant", "that it is okay|fine")
)

// approval adds scripts that ask and wait for a button.
func (c *compiler) approval(q question, when *cond) *unclear {
	args, reason := c.questionOf(&q)
	if reason != nil {
		return reason
	}
	groups := [][]person{q.who}
	if !q.any {
		groups = nil
		for _, who := range q.who {
			groups = append(groups, []person{who})
		}
	}
	var answers *cond
	for _, group := range groups {
		script := db.Script{Type: scripts.SlackApproval, Args: map[string]any{"to": deciders(group)}}
		if q.mail {
			script.Type = scripts.EmailApproval
		}
		for name, value := range args {
			script.Args[name] = value
		}
		if reason := c.add(made{script: script, verb: asks}, "ask_"+group[0].word, when); reason != nil {
			return reason
		}
		last := c.made[len(c.made)-1].script
		expr := last.Name + ".approved"
		if last.When != "" {
			expr = guarded(last.When) + " && " + expr
		}
		answers = both(answers, &cond{expr: expr, answer: true})
	}
	answers.answer = true
	c.asked = answers
	return nil
}

// guarded is a condition that others may be joined to.
func guarded(when string) string {
	if strings.Contains(when, "||") {
		return "(" + when + ")"
	}
	return when
}

// deciders are people as approvals name them: one, or a list.
func deciders(who []person) any {
	var all []any
	for _, p := range who {
		switch p.role {
		case manager, owner:
			all = append(all, string(p.role))
		case subject, requester, named:
			all = append(all, p.to)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

// questionOf reads how an approval is asked.
func (c *compiler) questionOf(q *question) (map[string]any, *unclear) {
	args := map[string]any{}
	for _, who := range q.who {
		if strings.HasPrefix(who.to, "#") {
			return nil, cannot("A channel cannot approve: write the manager, the owner, a @usergroup or an e-mail address.")
		}
	}
	rest, mail := takeMail(q.rest)
	q.mail = q.mail || mail
	rest = takePhrase(rest, beforeForms)
	rest, remind, reason := takeLength(rest, remindForms)
	if reason != nil {
		return nil, reason
	}
	rest, within, reason := takeLength(rest, answerForms)
	if reason != nil {
		return nil, reason
	}
	if remind > 0 {
		args["remind"] = remind.String()
	}
	if within > 0 {
		args["within"] = within.String()
	}
	rest, buttons, reason := takeButtons(rest)
	if reason != nil {
		return nil, reason
	}
	if buttons != nil {
		args["buttons"] = buttons
	}
	text, reason := c.asking(trimTail(trimHead(rest)), q.about)
	args["text"] = text
	return args, reason
}

// takePhrase takes a phrase that says nothing more out of words.
func takePhrase(words []word, all []pattern) []word {
	for n := range words {
		for end := min(len(words), n+6); end > n; end-- {
			if _, _, is := firstMatch(all, words[n:end]); is {
				return takePhrase(slices.Concat(trimTail(words[:n]), words[end:]), all)
			}
		}
	}
	return words
}

// takeButtons takes the buttons' texts out: the first means yes, the second no.
func takeButtons(words []word) ([]word, []any, *unclear) {
	for n := range words {
		_, f, is := firstMatch(buttonForms, words[n:])
		if !is {
			continue
		}
		yes, no := buttonText(f.words["a"]), buttonText(f.words["b"])
		if yes == "" || no == "" || yes == no {
			return words, nil, cannot("The buttons were not understood: write for example: with buttons \"Go\" and \"Stop\".")
		}
		return words[:n], []any{
			map[string]any{"text": yes, "style": scripts.Green, "value": strings.ToLower(yes)},
			map[string]any{"text": no, "style": scripts.Red, "value": strings.ToLower(no)},
		}, nil
	}
	return words, nil, nil
}

func buttonText(words []word) string {
	if len(words) == 1 && words[0].shape == quoted {
		return words[0].text
	}
	if len(words) > 3 || slices.ContainsFunc(words, func(w word) bool { return w.shape != plain }) {
		return ""
	}
	return textOf(words)
}

// asking is the text of a question.
func (c *compiler) asking(rest, about []word) (string, *unclear) {
	if len(rest) > 0 && rest[0].is("that", "whether", "if") {
		rest, about = nil, rest[1:]
	}
	quotes := 0
	for n, w := range rest {
		if w.shape == quoted {
			quotes++
			if !allIn(slices.Concat(rest[:n], rest[n+1:]), setOf("with the question text message a saying asking")) || quotes > 1 {
				return "", notUnderstood(slices.DeleteFunc(slices.Clone(rest), func(w word) bool { return w.shape == quoted }))
			}
			return w.text, c.fillable(w.text)
		}
	}
	if _, _, is := firstMatch(itselfForms, rest); len(rest) > 0 && !is {
		if rest[0].is("the", "a", "an", "this", "that") && !slices.ContainsFunc(rest, func(w word) bool { return w.shape != plain || w.is("within", "before", "after", "unless", "by", "via", "every", "and", "or", "not") || isDigits(w.text) || w.in(subjectThey) }) {
			return "Please confirm: " + spoken(rest) + ".", nil
		}
		b, reason := c.pack(withoutPrepositions(rest))
		if reason != nil {
			return "", reason
		}
		if _, reason := c.identify(b); reason != nil {
			return "", notUnderstood(rest)
		}
		return c.wouldYou(textOf(withoutArticle(rest))), nil
	}
	if len(about) == 0 {
		return c.wouldYou(""), nil
	}
	if slices.ContainsFunc(about, func(w word) bool { return w.in(subjectThey) || w.is("their", "his", "her", "requester") }) {
		return "", cannot("The question speaks of people, and it is not clear how to: put it in quotation marks.")
	}
	if about[0].is("to") && len(about) > 1 {
		about = about[1:]
	}
	text := spoken(about)
	return "Please confirm: " + text + ".", c.fillable(text)
}

func withoutPrepositions(words []word) []word {
	return slices.DeleteFunc(slices.Clone(words), func(w word) bool { return w.in(prepositions) })
}

func withoutArticle(words []word) []word {
	for len(words) > 0 && (words[0].in(articles) || words[0].in(prepositions)) {
		words = words[1:]
	}
	return words
}

// wouldYou is the usual question.
func (c *compiler) wouldYou(what string) string {
	if what == "" {
		what = "{{ entitlement.name }}"
	}
	if c.kind == db.Deprovision {
		return "May " + what + " be taken from {{ subject.name }}?"
	}
	return "May {{ subject.name }} have " + what + "?"
}

// spoken is what was typed, with the user's name in place of "the user".
func spoken(words []word) string {
	var text strings.Builder
	for n := 0; n < len(words); n++ {
		w := words[n]
		if w.is("the") && n+1 < len(words) && words[n+1].in(subjects) {
			continue
		}
		raw := w.raw
		if w.in(subjects) && n > 0 && words[n-1].is("the") {
			raw = "{{ subject.name }}" + map[bool]string{true: "'s"}[w.owns]
		}
		if n > 0 && w.at == words[n-1].at && w.raw == words[n-1].raw {
			continue
		}
		if text.Len() > 0 && w.shape != comma && w.shape != colon {
			text.WriteByte(' ')
		}
		text.WriteString(raw)
	}
	return text.String()
}
