package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// viaForms say only by which way something is done, and there is one.
var viaForms = forms(
	"via|through|using|by|over|with the? api", "via|through|using|by|over|with the? <p> api", "via|through|using|by|over|with its api",
	"via|through|using|by|over|with scim", "via|through|using|by|over|with the? scim api", "api",
)

// withoutVia takes "via API" out. A system that is named there is meant for the whole, and stays.
func (c *compiler) withoutVia(words []word) []word {
	for n := range words {
		for end := len(words); end > n; end-- {
			if end-n > 6 || end < len(words) && !words[end].in(prepositions) && words[end].shape != comma {
				continue
			}
			f, is := firstMatch(viaForms, words[n:end])
			if !is || n == 0 {
				continue
			}
			slugs, length := c.index.providersAt(f.words["p"])
			if p := f.words["p"]; len(p) > 0 && (len(slugs) != 1 || length != len(p)) {
				continue
			}
			return slices.Concat(words[:n], f.words["p"], words[end:])
		}
	}
	return words
}

// particles belong to verbs: take away, kick out, set up. With another verb they change the meaning, as in "give up".
var particles = map[string]set{
	"take": setOf("away back out off"), "sign": setOf("up"), "make": setOf("back"), "kick": setOf("out off"), "cut": setOf("off"), "strip": setOf("away off"), "free": setOf("up"), "pull": setOf("out"),
	"set": setOf("up"), "hand": setOf("out over"), "lock": setOf("out"), "shut": setOf("down off out"), "turn": setOf("on off into back"), "delete": setOf("permanently"),
	"remove": setOf("out"), "throw": setOf("out"),
}

// between are the prepositions that stand between the things of an instruction.
var between = setOf("to from in at on of for with into onto within as")

// object is what of an instruction speaks of things, without verb, particles and prepositions.
func (c *compiler) object(words []word) []word {
	var kept []word
	rest := c.withoutVia(words)[1:]
	quotes := slices.ContainsFunc(rest, func(w word) bool { return w.shape == quoted })
	for n, w := range rest {
		switch {
		case w.is("called", "named") && n+1 < len(rest) && (rest[n+1].shape == quoted || looksLikeName(rest[n+1:n+2])):
		case w.is("new") && quotes:
		case w.is("part") && n+1 < len(rest) && rest[n+1].is("of"):
		case w.is("both") && holds(words, "and"):
		case w.is("new") && (verbs[words[0].text] == creates || holds(words, "account", "login")):
		case w.in(between), w.in(noise) && !w.is("the", "a", "an"):
		case w.in(particles[words[0].text]):
		default:
			kept = append(kept, w)
		}
	}
	return kept
}

// change compiles giving and taking.
func (c *compiler) change(class verb, words []word, when *cond) *unclear {
	if issueAbout(words) {
		return c.issue(words, when)
	}
	if who, task, is := c.taskFor(words); is {
		return c.manual(who, task, when)
	}
	if reason := limited(words); reason != nil {
		return reason
	}
	if words[0].is("take") && !holds(words, "away", "back", "from", "out", "off") {
		return notUnderstood(words[:1])
	}
	if words[0].is("throw") && !holds(words, "out") {
		return notUnderstood(words[:1])
	}
	if reason := better(wrongWay(class, words), c.asWhat(words)); reason != nil {
		return reason
	}
	if words[0].is("join") && !startsPerson(words[1:]) {
		return cannot("It is not said who is to join: write \"Add the user to …\".").or("Add the user to " + textOf(words[1:]))
	}
	object := c.object(words)
	if class == disables || class == enables || class == deletes || class == creates {
		object = accountOf(object)
	}
	if len(object) == 0 && c.topic == nil { // otherwise it is what the condition is about
		return cannot("It is not said what %q is about.", textOf(words))
	}
	things, reason := c.list(object)
	if reason != nil {
		return reason
	}
	for _, t := range things {
		v, reason := c.meant(class, words, t)
		if reason != nil {
			return reason
		}
		if reason := c.act(v, c.stepDown(class, words, t), t, when); reason != nil {
			return reason
		}
	}
	return nil
}

// accountOf is the user's account where "the user" stands alone, as in "disable the user".
func accountOf(object []word) []word {
	said := slices.DeleteFunc(slices.Clone(object), func(w word) bool { return w.in(articles) })
	if len(said) != 1 || !said[0].in(subjects) || said[0].owns || strings.HasSuffix(strings.ToLower(said[0].raw), "s") {
		return object
	}
	return append(slices.Clone(object), word{text: "account", raw: "account", at: said[0].at, end: said[0].end})
}

// stepDown is what giving is in a workflow that takes: making somebody a member again is to take what is more.
func (c *compiler) stepDown(class verb, words []word, t thing) verb {
	if class == grants && c.kind == db.Deprovision && words[0].is("make", "turn") && t.kind == "role" && t.name == "member" && c.isSpokenOf(t.provider, words) {
		return downgrades
	}
	return class
}

// isSpokenOf says whether a system is named in words, or was spoken of before.
func (c *compiler) isSpokenOf(provider string, words []word) bool {
	for n := range words {
		if slugs, _ := c.index.providersAt(words[n:]); slices.Contains(slugs, provider) {
			return true
		}
	}
	return slices.ContainsFunc(c.mentions, func(m thing) bool { return m.provider == provider })
}

// limited refuses to give access for a time: how long it lasts is said in the request.
func limited(words []word) *unclear {
	for n, w := range words {
		if !w.is("for") {
			continue
		}
		for end := len(words); end > n+1; end-- {
			if _, is := readLength(words[n+1 : end]); is {
				return cannot("How long access lasts is chosen in each request, not in the workflow: leave out %q.", textOf(words[n:end]))
			}
		}
	}
	return nil
}

// asWhat refuses "add to the group as …" where it is not clear whether the rest says how much of the group, or which one.
func (c *compiler) asWhat(words []word) *unclear {
	at := slices.IndexFunc(words, func(w word) bool { return w.is("as") })
	if at <= 1 {
		return nil
	}
	b, reason := c.pack(c.object(words[:at]))
	what := slices.DeleteFunc(slices.Clone(words[at+1:]), func(w word) bool { return w.in(articles) || w.in(joining) })
	if reason != nil || len(b.kinds)+len(b.rest)+len(b.names) == 0 || len(what) > 0 && levelWords[what[0].text] {
		return nil
	}
	return cannot("What %q means here is not clear.", textOf(words[at:]))
}

// wrongWay refuses prepositions that go the other way than the verb: adding from, pulling into.
func wrongWay(class verb, words []word) *unclear {
	for n, w := range words {
		gives := class == grants || class == restores || class == enables || class == creates || class == permits
		takes := class == revokes || class == deletes || class == disables
		toThing := w.is("to") && !words[n-1].in(accessNouns) && words[n-1].text != "role"
		if gives && w.is("from", "off") || takes && (w.is("into", "onto") || toThing) {
			return cannot("%q does not go with %q here: it is not clear whether access is to be given or taken.", w.raw, words[0].raw)
		}
	}
	if words[0].is("return", "revert") && !holds(words, "to") {
		return cannot("%q may mean to give back or to get back: write \"Remove …\" or \"Restore …\".", words[0].raw)
	}
	return nil
}
