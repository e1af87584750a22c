package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

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
	rest, remind := takeLength(rest, remindForms)
	rest, within := takeLength(rest, answerForms)
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

// takeButtons takes the buttons' texts out: the first means yes, the second no.
func takeButtons(words []word) ([]word, []any, *unclear) {
	for n := range words {
		f, is := firstMatch(buttonForms, words[n:])
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
