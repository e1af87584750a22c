package workflow

import (
	"slices"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

var (
	// limitForms say how long to wait at most, everyForms how often to look.
	limitForms = forms("for? at most <d>", "for? up to <d>", "for? no|not longer|more than <d>", "within <d>", "for? a maximum of <d>", "but for? at most <d>", "but no|not longer|more than <d>", "max|maximum <d>", "with a timeout of <d>", "and give up after <d>", "give up after <d>")
	everyForms = forms("checking|looking|polling|and? every <d>", "and? check|look every <d>", "every <d>")
	// becomeForms are what something is waited to become: "wait for the account to be active".
	becomeForms = forms("for <t> to <s>")
)

// wait compiles waiting for a time or for something to be so. The words stand behind the verb.
func (c *compiler) wait(words []word, when *cond) *unclear {
	words = takePhrase(strip(words), beforeForms)
	if _, is := form("the|this workflow|flow|run").match(words[:min(2, len(words))]); is {
		words = words[2:]
	}
	if len(words) > 0 && words[0].is("on") {
		words = words[1:]
	}
	if len(words) > 0 && words[0].is("for") {
		if length, is := readLength(withoutPurpose(words[1:])); is {
			return c.sleep(length, when)
		}
	}
	if length, is := readLength(withoutPurpose(words)); is {
		return c.sleep(length, when)
	}
	if who, is := c.awaited(words); is {
		return c.approval(question{who: who}, when)
	}
	words, within, reason := takeLength(words, limitForms)
	if reason != nil {
		return reason
	}
	words, every, reason := takeLength(words, everyForms)
	if reason != nil {
		return reason
	}
	if f, ok := becomeForms[0].match(words); ok && len(f.words["s"]) > 0 {
		words = append([]word{{text: "until"}}, append(slices.Clone(f.words["t"]), became(f.words["s"])...)...)
	}
	if len(words) == 0 || !words[0].is("until", "till", "til") {
		if reason := notUnderstood(words); len(words) > 0 && !reason.vague {
			return reason
		}
		return cannot("How long to wait, or for what, was not understood: write for example \"wait 5 minutes\" or \"wait until the account exists\".").or("Wait 5 minutes", "Wait 1 hour")
	}
	return c.waitUntil(words[1:], within, every, when)
}

// purposeForms say only what a pause is good for.
var purposeForms = forms(
	"to let <x> sync|synchronize|finish|propagate|settle|complete", "to allow <x> to sync|synchronize|finish|propagate|settle|complete", "to allow for <x>", "for <x> to sync|synchronize|finish|propagate|settle|complete",
	"so that <x> can? syncs|sync|finishes|finish|propagates|propagate|settle|settles|completes|complete", "to let <x> catch up", "for <x> to catch up", "for <x> to take effect",
)

func withoutPurpose(words []word) []word {
	for n := 1; n < len(words); n++ {
		if _, _, is := firstMatch(purposeForms, words[n:]); is {
			return words[:n]
		}
	}
	return words
}

func (c *compiler) sleep(length db.Duration, when *cond) *unclear {
	return c.add(made{script: db.Script{Type: scripts.Sleep, Args: map[string]any{"for": length.String()}}, verb: waits}, "wait", when)
}

// became turns "be active" and "appear" into what is asked then.
func became(words []word) []word {
	switch {
	case words[0].is("be", "become", "get") && len(words) > 1 && words[1].is("created", "provisioned", "ready", "there", "available"):
		return append([]word{{text: "exists", raw: "exists"}}, words[2:]...)
	case words[0].is("be", "become", "get"):
		return append([]word{{text: "is", raw: "is"}}, words[1:]...)
	case words[0].is("exist", "appear", "show", "arrive"):
		return append([]word{{text: "exists", raw: "exists"}}, slices.DeleteFunc(slices.Clone(words[1:]), func(w word) bool { return w.is("up") })...)
	}
	return words
}

// takeLength takes a phrase with a length of time out of words.
func takeLength(words []word, all []pattern) ([]word, db.Duration, *unclear) {
	for n := range words {
		for end := len(words); end > n; end-- {
			if end-n > 12 {
				continue
			}
			_, f, ok := firstMatch(all, words[n:end])
			if !ok {
				continue
			}
			if length, is := readLength(f.words["d"]); is {
				rest := slices.Concat(trimTail(words[:n]), words[end:])
				return rest, length, nil
			}
		}
	}
	return words, 0, nil
}

var awaitForms = forms(
	"for? the? approval|confirmation|signoff|consent of|from|by @", "for @ to approve|confirm|agree", "until @ approves|confirms|agrees|approved|confirmed", "until @ has approved|confirmed|agreed",
	"for <p> approval|confirmation|signoff",
)

// awaited is whose approval is waited for.
func (c *compiler) awaited(words []word) ([]person, bool) {
	_, f, ok := firstMatch(awaitForms, words)
	if !ok {
		return nil, false
	}
	if p := slices.Clone(f.words["p"]); len(p) > 0 {
		p[len(p)-1].owns = false
		who, is := readPerson(p)
		return []person{who}, is
	}
	return f.who, true
}

// waitUntil compiles waiting for a state at a provider.
func (c *compiler) waitUntil(words []word, within, every db.Duration, when *cond) *unclear {
	words = slices.Clone(words)
	for n, w := range words {
		if w.is("becomes", "gets") {
			words[n].text = "is"
		}
	}
	for _, tail := range forms("has|had been created|provisioned", "is|was created|provisioned") {
		for n := range words {
			if _, is := tail.match(words[n:]); is {
				words = append(words[:n:n], word{text: "exists", raw: "exists"})
				break
			}
		}
	}
	k, reason := c.condition(words)
	if reason != nil {
		if u := notUnderstood(words); !u.vague {
			return u
		}
		return reason
	}
	if !k.isState() {
		return cannot("A workflow can wait for a state at a system, and not for %q.", textOf(words))
	}
	ask := k.ask
	read, output, reason := c.reading(k.about, ask)
	if reason != nil {
		return reason
	}
	until := scripts.Result + "." + output
	if !k.want {
		until = negated(until)
	}
	args := map[string]any{"read": read.kind.Name, "until": until}
	if given := c.arguments(read.kind, k.about); len(given) > 0 {
		args["args"] = given
	}
	if within > 0 {
		args["within"] = within.String()
	}
	if every > 0 {
		args["every"] = every.String()
	}
	return c.add(made{script: db.Script{Type: scripts.WaitUntil, Args: args}, verb: waits, about: k.about}, "wait", when)
}

// check compiles looking at what is there.
func (c *compiler) check(words []word, when *cond) *unclear {
	rest := c.withoutVia(words)[1:]
	for len(rest) > 0 && rest[0].is("up", "out", "for", "at", "on", "in") && !(rest[0].is("in") && len(rest) > 1 && !rest[1].in(articles)) {
		rest = rest[1:]
	}
	if f, ok := form("with @ if|whether|that <x>").match(rest); ok {
		return c.approval(question{who: f.who, about: f.words["x"]}, when)
	}
	if words[0].is("find", "determine") && !holds(rest, "if", "whether") && !words[0].is("find") {
		return notUnderstood(words[:1])
	}
	if len(rest) == 0 {
		return cannot("What to check is not said.")
	}
	k, reason := c.checked(rest)
	if reason != nil {
		return reason
	}
	states, reason := statesOf(k)
	if reason != nil {
		return reason
	}
	for _, s := range states {
		read, _, reason := c.reading(s.about, s.ask)
		if reason != nil {
			return reason
		}
		if reason := c.addRead(s.about, read, when); reason != nil {
			return reason
		}
	}
	c.asked = k
	return nil
}

// checked is what a check asks: a condition behind "if", or the thing itself.
func (c *compiler) checked(rest []word) (*cond, *unclear) {
	for n, w := range rest {
		if w.is("if", "whether", "that") && n <= 4 && (n == 0 || !w.is("that")) {
			return c.condition(slices.Concat(rest[n+1:], c.placeBefore(rest[:n])))
		}
	}
	var object []word
	for _, w := range rest {
		if !w.in(setOf("to from in at on of for with status state")) {
			object = append(object, w)
		}
	}
	t, reason := c.thing(object)
	if reason != nil {
		if k, problem := c.condition(rest); problem == nil {
			return k, nil
		}
		return nil, reason
	}
	t.itself = t.itself && !holds(rest, "membership") && t.kind != "role"
	if t.itself {
		return c.stateOf(t, true, exists, rest)
	}
	return c.stateOf(t, true, usable, rest)
}

// placeBefore is "in Slack" where it stands before "if".
func (c *compiler) placeBefore(words []word) []word {
	if len(words) > 0 && words[0].is("in", "at", "on") {
		return words
	}
	return words
}

// statesOf are the states that a check looks at.
func statesOf(k *cond) ([]*cond, *unclear) {
	switch {
	case k.expr != "":
		return nil, cannot("What Usher knows itself needs no check: write the condition in the step that depends on it, such as \"If …, grant …\".")
	case len(k.parts) == 0:
		return []*cond{k}, nil
	}
	var all []*cond
	for _, part := range k.parts {
		some, reason := statesOf(part)
		if reason != nil {
			return nil, reason
		}
		all = append(all, some...)
	}
	return all, nil
}
