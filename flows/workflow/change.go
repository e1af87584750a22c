package workflow

import (
	"fmt"
	"slices"
	"strings"
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
			_, f, is := firstMatch(viaForms, words[n:end])
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
	"take": setOf("away back out off"), "kick": setOf("out off"), "cut": setOf("off"), "strip": setOf("away off"), "free": setOf("up"), "pull": setOf("out"),
	"set": setOf("up"), "hand": setOf("out over"), "lock": setOf("out"), "shut": setOf("down off out"), "turn": setOf("on off into"), "delete": setOf("permanently"),
	"remove": setOf("out"), "throw": setOf("out"),
}

// object is what of an instruction speaks of things, without verb, particles and prepositions.
func (c *compiler) object(words []word) []word {
	var kept []word
	for _, w := range c.withoutVia(words)[1:] {
		switch {
		case w.is("new") && (verbs[words[0].text] == creates || holds(words, "account", "login")):
		case w.in(setOf("to from in at on of for with into onto within as")), w.in(noise) && !w.is("the", "a", "an"):
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
	if reason := wrongWay(class, words); reason != nil {
		return reason
	}
	object := c.object(words)
	if len(object) == 0 {
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
		if reason := c.act(v, class, t, when); reason != nil {
			return reason
		}
	}
	return nil
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

// meant is what is done to a thing: it depends on the verb and on the thing.
func (c *compiler) meant(class verb, words []word, t thing) (verb, *unclear) {
	whose := holds(words, "from") || slices.ContainsFunc(words, func(w word) bool { return w.in(subjects) || w.in(subjectThey) || w.is("their") })
	switch class {
	case creates:
		if t.kind != "user" && t.itself && whose {
			return "", c.makeOrJoin(t)
		}
		if t.kind != "user" && t.itself {
			return creates, nil
		}
		if t.kind != "user" && !t.access || t.kind == "user" && t.name != "" {
			return "", cannot("It is not clear whether %q is to be made, or given to the user: write a step for each.", textOf(words[1:]))
		}
		return grants, nil
	case deletes:
		if t.kind == "user" || t.itself && !whose {
			return deletes, nil
		}
		return revokes, nil
	case revokes:
		_, reason := c.endpoint(deletes, t)
		if t.kind == "user" && t.account && reason == nil && words[0].is("remove", "drop", "cut", "take", "cancel", "withdraw") {
			name := c.index.nameOf(t.provider)
			return "", cannot("%q may mean that the account is disabled, or that it is deleted for good.", textOf(words)).
				or("Disable the account in "+name, "Delete the account in "+name)
		}
		if t.itself && !whose && t.name != "" && !t.own && words[0].is("drop", "cut", "cancel") {
			return "", notUnderstood(words[:1])
		}
		return revokes, nil
	case disables:
		if t.itself && !whose || t.kind != "user" && !words[0].is("disable", "deactivate", "suspend", "block") {
			return "", notUnderstood(words[:1])
		}
		return revokes, nil
	case enables:
		if t.itself && !whose {
			return "", notUnderstood(words[:1])
		}
	case grants:
		if words[0].is("invite") && t.kind == "role" {
			return "", cannot("To invite and to give a role are two things: write a step for each.")
		}
		if t.itself && !whose && words[0].is("provision") && t.kind == "group" || t.itself && words[0].is("set") {
			return "", c.makeOrJoin(t)
		}
	}
	return grants, nil
}

// makeOrJoin says that making a group and being put in it are two things.
func (c *compiler) makeOrJoin(t thing) *unclear {
	system := c.index.nameOf(t.provider)
	return cannot("It is not clear whether the %s %q is to be made, or the user is to be put in it.", nounOf(t), t.name).
		or(fmt.Sprintf("Create the %s %q in %s", nounOf(t), t.name, system), fmt.Sprintf("Add the user to the %s %q in %s", nounOf(t), t.name, system))
}

// list reads one thing, or several with "and" between them. What only one of them says is true of all: the noun of the
// last, the system of a neighbour.
func (c *compiler) list(words []word) ([]thing, *unclear) {
	parts := c.split(words)
	if len(parts) == 1 {
		t, reason := c.thing(words)
		return []thing{t}, reason
	}
	if len(parts) > mostListed {
		return nil, cannot("More than %d things are named in one step: write a step for each.", mostListed)
	}
	var all []thing
	before := len(c.mentions)
	defer func() { c.mentions = c.mentions[:before] }()
	for n, part := range parts {
		t, reason := c.listed(parts, n)
		if reason != nil {
			return nil, reason
		}
		if slices.ContainsFunc(all, t.same) {
			return nil, cannot("%q names the same once more.", textOf(part))
		}
		all = append(all, t)
	}
	return all, nil
}

// mostListed is how many things one instruction may name.
const mostListed = 8

// listed reads one of several things.
func (c *compiler) listed(parts [][]word, n int) (thing, *unclear) {
	own, reason := c.pack(parts[n])
	if reason != nil {
		return thing{}, reason
	}
	if len(own.all) == 0 {
		return thing{}, cannot("%q is said beside something else, and it is not clear how they belong together: write a step for each.", textOf(parts[n]))
	}
	words := parts[n]
	last, _ := c.pack(parts[len(parts)-1])
	if len(own.kinds) == 0 && !own.access {
		words = slices.Concat(words, last.nouns())
	}
	t, reason := c.thing(words)
	if reason == nil && (len(own.providers) > 0 || c.isListed(t)) {
		return t, nil
	}
	for _, m := range append([]int{n - 1, n - 2}, n+1, n+2) {
		if len(own.providers) > 0 || m < 0 || m >= len(parts) {
			continue
		}
		other, _ := c.pack(parts[m])
		if len(other.providers) != 1 {
			continue
		}
		t, reason = c.thing(slices.Concat(words, c.wordsOf(other.providers[0])))
		break
	}
	return t, reason
}

func (c *compiler) isListed(t thing) bool {
	return slices.ContainsFunc(c.known.Entitlements, func(e Entitlement) bool {
		return e.Provider == t.provider && e.Kind == t.kind && e.Target == t.name && t.name != ""
	})
}

// wordsOf are words that name a provider.
func (c *compiler) wordsOf(provider string) []word {
	words, _ := readWords(c.index.nameOf(provider))
	return words
}

// nouns are the words of a bag that say what kind of thing it is.
func (b bag) nouns() []word {
	var nouns []word
	for _, w := range b.all {
		if w.in(accessNouns) || w.shape == plain && kinds[w.text] != "" {
			nouns = append(nouns, w)
		}
	}
	return nouns
}

// split cuts words at "and" and commas, but not within a name.
func (c *compiler) split(words []word) [][]word {
	var parts [][]word
	start := 0
	for n := 0; n < len(words); n++ {
		if length := c.index.nameAt(words[n:]); length > 1 {
			n += length - 1
			continue
		}
		if !words[n].is("and", "plus") && words[n].shape != comma {
			continue
		}
		if n > start {
			parts = append(parts, words[start:n])
		}
		start = n + 1
	}
	if start < len(words) {
		parts = append(parts, words[start:])
	}
	for n, part := range parts {
		if len(part) > 1 && part[0].is("both") {
			parts[n] = part[1:]
		}
	}
	return parts
}

// nameAt is how many words the longest name has with which words begin.
func (x *index) nameAt(words []word) int {
	_, longest := x.providersAt(words)
	for _, e := range x.known.Entitlements {
		for _, name := range []string{e.Name, e.Target} {
			if texts := textsOf(name); len(texts) > longest && begins(words, texts) {
				longest = len(texts)
			}
		}
	}
	return longest
}

// shift compiles "downgrade to", "promote to" and "move from … to".
func (c *compiler) shift(class verb, words []word, when *cond) *unclear {
	who, from, to := threeParts(c.withoutVia(words)[1:], words[0].is("replace"))
	who, from, to = c.object(append(words[:1:1], who...)), c.object(append(words[:1:1], from...)), c.object(append(words[:1:1], to...))
	if len(to) == 0 && len(from) > 0 && class == downgrades {
		t, reason := c.thing(slices.Concat(who, from))
		if reason != nil {
			return reason
		}
		return c.act(revokes, class, t, when)
	}
	if len(to) == 0 {
		return cannot("It is not said what the user is to have then: write \"%s … to …\".", words[0].raw)
	}
	next, reason := c.thing(slices.Concat(who, to))
	if other, problem := c.near(slices.Concat(who, to), from, cannot("")); problem == nil {
		next, reason = other, nil
	}
	if reason != nil {
		return reason
	}
	if next.kind == "user" {
		return cannot("An account is no level that somebody can be moved to: say which role or group.")
	}
	if len(from) == 0 {
		if class == moves {
			return cannot("It is not said what the user is to lose: write \"%s from … to …\".", words[0].raw).or("Grant "+plainLabel(next), "Downgrade to "+plainLabel(next))
		}
		return c.act(grants, class, next, when)
	}
	if last, reason := c.near(from, c.wordsOf(next.provider), cannot("")); class == upgrades && reason == nil && last.kind == "role" && last.name == "member" && next.kind == "role" {
		return c.act(grants, class, next, when) // who has a higher role stays a member
	}
	if class == upgrades {
		return cannot("It is not clear whether the user is to lose %q then.", textOf(from)).
			or("Grant "+plainLabel(next), fmt.Sprintf("Move the user from %s to %s", textOf(from), plainLabel(next)))
	}
	last, reason := c.thing(from)
	if other, problem := c.near(from, c.wordsOf(next.provider), cannot("")); problem == nil {
		last, reason = other, nil
	}
	if reason != nil {
		return reason
	}
	if last.same(next) {
		return cannot("The user would lose and get the same.")
	}
	if reason := c.act(revokes, moves, last, when); reason != nil {
		return reason
	}
	return c.act(grants, moves, next, when)
}

// plainLabel is how an instruction can name a thing.
func plainLabel(t thing) string {
	if t.kind == "role" {
		return strings.TrimSpace(t.label + " access")
	}
	return t.label
}

// near reads words that name no system once more, in the system that other words name.
func (c *compiler) near(words, other []word, reason *unclear) (thing, *unclear) {
	own, _ := c.pack(words)
	b, _ := c.pack(other)
	if len(b.providers) != 1 || len(own.providers) > 0 {
		return thing{}, reason
	}
	return c.thing(slices.Concat(words, c.wordsOf(b.providers[0])))
}

// threeParts cuts "the user from A to B", or "A with B", into its parts.
func threeParts(words []word, replaces bool) (who, from, to []word) {
	part := &who
	if replaces {
		part = &from
	}
	for _, w := range words {
		switch {
		case w.is("from") && part == &who:
			part = &from
		case w.is("to", "into") && !replaces, w.is("with", "by") && replaces, w.is("as") && !replaces:
			part = &to
		case w.is("down", "up", "back") && part == &who:
		default:
			*part = append(*part, w)
		}
	}
	return who, from, to
}

// make compiles "make the user an admin", "set up …" and "make sure that …".
func (c *compiler) make(words []word, when *cond) *unclear {
	rest := words[1:]
	switch {
	case words[0].is("set") && len(rest) > 0 && holds(rest, "up"):
		return c.change(grants, words, when)
	case words[0].is("set") && holds(rest, "back"):
		return c.shift(restores, words, when)
	case words[0].is("set"):
		return notUnderstood(words[:1])
	case words[0].is("turn") && len(rest) > 1 && (rest[0].is("on", "off") || rest[len(rest)-1].is("on", "off")):
		return c.change(map[bool]verb{true: enables, false: disables}[holds(rest, "on")], words, when)
	case words[0].is("turn") && !holds(rest, "into"):
		return notUnderstood(words[:1])
	case words[0].is("make") && len(rest) > 0 && rest[0].is("sure", "certain"):
		rest = rest[1:]
	case words[0].is("make", "turn"):
		for n := min(longestPerson, len(rest)); n > 0; n-- {
			if who, is := readPerson(rest[:n]); is && who.role == subject && n < len(rest) {
				return c.change(grants, append([]word{{text: "make", raw: words[0].raw, at: words[0].at}}, rest...), when)
			}
		}
		return notUnderstood(words[:1])
	}
	return c.ensure(rest, when)
}

// ensure compiles "make sure that the user has …": what is so already stays, since every script reads first.
func (c *compiler) ensure(words []word, when *cond) *unclear {
	k, reason := c.condition(words)
	if reason != nil {
		return reason
	}
	if !k.isState() || k.ask == exists && k.about.itself {
		return cannot("A workflow can see to what the user has, and not to %q.", textOf(words))
	}
	v := revokes
	if k.want {
		v = grants
	}
	return c.act(v, v, k.about, when)
}

var sessionWords = setOf("session out off open active current all any every live running logout signout of")

// endSessions compiles "end the user's sessions in …" and "log the user out of …".
func (c *compiler) endSessions(words []word, when *cond) *unclear {
	words = c.withoutVia(words)
	says := holds(words, "session", "logout", "signout") || words[0].is("log", "sign") && holds(words, "out", "off")
	if !says {
		if words[0].is("end", "terminate") {
			t, reason := c.thing(c.object(words))
			if reason == nil && t.account {
				reason = cannot("%q may mean that the account is disabled, or that it is deleted for good.", textOf(words))
			}
			if reason != nil {
				return reason
			}
			return c.act(revokes, revokes, t, when)
		}
		return notUnderstood(words[:1])
	}
	var object []word
	for _, w := range words[1:] {
		if !w.in(sessionWords) && !w.in(setOf("to from in at on of for with into")) && !w.in(noise) {
			object = append(object, w)
		}
	}
	b, reason := c.pack(object)
	if reason != nil {
		return reason
	}
	if len(b.rest)+len(b.names) > 0 {
		return notUnderstood(append(b.rest, b.names...))
	}
	t, reason := c.anAccount(thing{provider: b.provider()})
	if reason != nil {
		return reason
	}
	t.user, t.label = b.user, c.labelOf(t)
	return c.act(ends, ends, t, when)
}
