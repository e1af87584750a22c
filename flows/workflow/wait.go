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
	words, within := takeLength(words, limitForms)
	words, every := takeLength(words, everyForms)
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
		if _, is := firstMatch(purposeForms, words[n:]); is {
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
func takeLength(words []word, all []pattern) ([]word, db.Duration) {
	for n := range words {
		for end := len(words); end > n; end-- {
			if end-n > 12 {
				continue
			}
			f, ok := firstMatch(all, words[n:end])
			if !ok {
				continue
			}
			if length, is := readLength(f.words["d"]); is {
				rest := slices.Concat(trimTail(words[:n]), words[end:])
				return rest, length
			}
		}
	}
	return words, 0
}

var awaitForms = forms(
	"for? the? approval|confirmation|signoff|consent of|from|by @", "for @ to approve|confirm|agree", "until @ approves|confirms|agrees|approved|confirmed", "until @ has approved|confirmed|agreed",
	"for <p> approval|confirmation|signoff",
)

// awaited is whose approval is waited for.
func (c *compiler) awaited(words []word) ([]person, bool) {
	f, ok := firstMatch(awaitForms, words)
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
