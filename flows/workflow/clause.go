package workflow

import (
	"slices"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// clause compiles one instruction, under a condition or none.
func (c *compiler) clause(words []word, when *cond) *unclear {
	words = strip(words)
	if len(words) == 0 {
		return cannot("What is to be done is not said.")
	}
	if reason := turnedAround(words); reason != nil {
		return reason
	}
	if rest, is := c.byWayOf(words); is {
		return c.clause(rest, when)
	}
	if last := words[len(words)-1]; last.is("the", "a", "an") {
		return cannot("Something is missing behind %q.", last.raw)
	}
	if nothing(words) {
		return c.add(made{script: db.Script{Type: scripts.None}}, "nothing", when)
	}
	words, reason := c.inTurn(words)
	if reason != nil {
		return reason
	}
	for _, read := range []func([]word, *cond) (bool, *unclear){c.paused, c.tryTo, c.statement, c.byVerb, c.byNoun} {
		if handled, reason := read(words, when); handled {
			return reason
		}
	}
	class := verbs[words[0].text]
	if words[0].shape != plain || words[0].owns {
		class = ""
	}
	before := c.state
	before.made, before.mentions = slices.Clone(c.made), slices.Clone(c.mentions)
	reason = c.byClass(class, words, words[1:], when)
	if reason == nil {
		return nil
	}
	after := c.state
	c.state = before
	if found, problem := c.declared(words, when); found {
		return problem
	}
	c.state = after
	return reason
}

// byVerb compiles instructions whose verb means something else with what stands behind it. It answers whether the words
// are one.
func (c *compiler) byVerb(words []word, when *cond) (bool, *unclear) {
	class, rest := verbs[words[0].text], words[1:]
	switch {
	case words[0].shape != plain || words[0].owns:
	case class == goesOn && len(rest) > 1 && rest[0].is("to") && verbs[rest[1].text] != "":
		return true, c.clause(rest[1:], when) // proceed to grant …
	case words[0].is("sign") && holds(words, "up") && !holds(words, "out", "off"):
		return true, c.change(grants, words, when)
	case class == permits || class == lets:
		if object, is := permitted(words); is {
			return true, c.change(grants, append([]word{{text: "grant", raw: "Grant", at: words[0].at}}, object...), when)
		}
	case words[0].is("drop", "give", "leave", "put") && holds(words, "note", "message", "notice", "line", "notification", "heads-up"):
		return true, c.tell(words, when)
	case class == sends && holds(words, "approval", "confirmation") && !slices.ContainsFunc(words, func(w word) bool { return w.shape == quoted }):
		return true, c.approvalRequest(words, when)
	}
	return false, nil
}

// byNoun compiles instructions about sessions, accounts and issues, whose verbs can mean something else elsewhere. It
// answers whether the words are one.
func (c *compiler) byNoun(words []word, when *cond) (bool, *unclear) {
	class := verbs[words[0].text]
	switch {
	case words[0].shape != plain || words[0].owns:
	case holds(words, "session") && (class == revokes || class == closes || class == deletes || class == disables):
		return true, c.endSessions(words, when)
	case class == closes && holds(words, "account", "login") && !issueAbout(words):
		return true, c.change(revokes, words, when)
	case class == opens && holds(words, "account", "login") && !issueAbout(words):
		return true, c.change(creates, words, when)
	case c.aboutIssueBefore(words), issueAbout(words) && words[0].is("open", "create", "file", "raise", "submit", "log", "make", "drop", "put", "mark"),
		issueAbout(words) && holds(words, "comment") && words[0].is("leave", "post", "write"):
		return true, c.issue(words, when)
	}
	return false, nil
}

// turnedAround refuses instructions that say what is not to be done.
func turnedAround(words []word) *unclear {
	for n, w := range words {
		if w.is("never", "avoid") || w.is("not") && n <= 3 && !holds(words[:n], "if", "whether", "that", "until") {
			return cannot("What is not to be done needs no step, since only what is written is done: leave it out.")
		}
	}
	if verbs[words[0].text] == keeps && words[0].shape == plain && !(words[0].is("leave") && holds(words, "comment", "note", "message", "notice", "line")) {
		return cannot("What stays as it is needs no step, since only what is written is done: leave it out.").or("Do nothing")
	}
	return nil
}

// wayForms name the way before what is done.
var wayForms = forms("call|use the? <p> api to <x>", "use|call the? api to <x>", "using|via|through|with|by the? <p> api , <x>", "using|via|through|with|by the? api , <x>", "using|via|through the? <p> api <x>", "using|via|through the? api <x>")

// byWayOf takes "use the Slack API to" from the beginning. The system that is named there is meant for what follows.
func (c *compiler) byWayOf(words []word) ([]word, bool) {
	for _, p := range wayForms {
		f, is := p.match(words)
		if !is {
			continue
		}
		slugs, length := c.index.providersAt(f.words["p"])
		system := f.words["p"]
		if len(system) > 0 && (len(slugs) != 1 || length != len(system)) || !startsClause(f.words["x"]) {
			continue
		}
		return slices.Concat(strip(f.words["x"]), system), true
	}
	return nil, false
}

func holds(words []word, texts ...string) bool {
	return slices.ContainsFunc(words, func(w word) bool { return w.is(texts...) })
}

// nothings are the ways to say that nothing is to be done.
var nothings = forms(
	"do nothing", "nothing", "nothing to do", "nothing is to be done", "no action is? needed|required|necessary", "no action", "nothing is? needed|required",
	"there is nothing to do", "nothing needs to be done", "do nothing at all", "do nothing more|else|further", "nothing has to be done", "do not do anything", "take no action",
)

func nothing(words []word) bool {
	_, is := firstMatch(nothings, words)
	return is
}

// byClass compiles an instruction by the class of its verb.
func (c *compiler) byClass(class verb, words, rest []word, when *cond) *unclear {
	switch class {
	case grants, revokes, creates, deletes, disables, enables, restores, permits:
		return c.change(class, words, when)
	case upgrades, downgrades, moves:
		return c.shift(class, words, when)
	case makes, ensures:
		return c.make(words, when)
	case ends:
		return c.endSessions(words, when)
	case checks:
		return c.check(words, when)
	case waits:
		return c.wait(rest, when)
	case tells, sends:
		return c.tell(words, when)
	case asks, gets, has, lets:
		return c.ask(words, when)
	case closes, opens, notes, marks:
		return c.issue(words, when)
	case calls:
		return cannot("What is to be called was not understood: name the endpoint or the webhook as the system declares it.")
	case manually:
		return cannot("It is not said who is to do it by hand: write for example \"Have the owner %s by hand\".", textOf(rest)).
			or("Have the owner "+textOf(rest)+" by hand", "Have the manager "+textOf(rest)+" by hand")
	case tries, goesOn, does, keeps:
	}
	if class == "" {
		return c.noVerb(words)
	}
	return notUnderstood(words)
}

// noVerb says that an instruction has no verb that is known.
func (c *compiler) noVerb(words []word) *unclear {
	u := notUnderstood(words[:1])
	if !u.vague {
		return u
	}
	u = cannot("%q is no instruction that is known here: begin with a verb such as grant, remove, check, wait, ask, notify or open.", words[0].raw)
	text := textOf(words)
	if _, reason := c.thing(words); reason == nil && len(words) <= 8 && !looksLikeName(words[:1]) {
		u.options = []string{"Check " + text, c.way("Grant " + text)}
	}
	return u
}
