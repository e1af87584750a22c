package workflow

import (
	"slices"
	"strings"
)

// condition reads words as a condition, without "if".
func (c *compiler) condition(words []word) (*cond, *unclear) {
	words = trimCondition(words)
	if len(words) == 0 {
		return nil, cannot("The condition is missing.")
	}
	k, reason := c.simple(words)
	if reason == nil {
		return k, nil
	}
	ands, ors := count(words, "and"), count(words, "or")
	mixed := ands > 0 && ors > 0
	if ands+ors > mostJoints || len(words) > longestCondition {
		return nil, better(reason, cannot("The condition %q has too many parts to be sure: write a step for each.", textOf(words)))
	}
	for _, joint := range []string{"or", "and"} {
		for n := 1; n < len(words)-1; n++ {
			if !words[n].is(joint) {
				continue
			}
			k, problem := c.joined(words[:n], words[n+1:], joint == "or", mixed)
			if problem == nil {
				return k, nil
			}
			reason = better(reason, problem)
		}
	}
	return nil, reason
}

// joined reads two conditions. Where "and" and "or" are mixed, neither may be several conditions in its turn: who knows
// which belong together then?
func (c *compiler) joined(left, right []word, any, mixed bool) (*cond, *unclear) {
	read := c.condition
	if mixed {
		read = func(words []word) (*cond, *unclear) { return c.simple(trimCondition(words)) }
	}
	before := len(c.mentions)
	a, reason := read(left)
	if reason == nil {
		var b *cond
		if b, reason = read(right); reason == nil {
			return &cond{parts: []*cond{a, b}, any: any}, nil
		}
	}
	c.mentions = c.mentions[:before]
	return nil, reason
}

// The bounds of a condition.
const (
	mostJoints       = 4
	longestCondition = 60 // words
)

func count(words []word, text string) int {
	n := 0
	for _, w := range words {
		if w.is(text) {
			n++
		}
	}
	return n
}

// trimCondition takes away what says nothing in a condition.
func trimCondition(words []word) []word {
	var kept []word
	for n, w := range words {
		if w.in(adverbs) || w.shape == comma && (n == 0 || n == len(words)-1 || words[n+1].is("and", "or")) {
			continue
		}
		kept = append(kept, w)
	}
	for len(kept) > 0 && kept[0].is("that", "whether", "if", "and") && len(kept) > 1 && !kept[1].is("is", "fails", "failed", "does") {
		kept = kept[1:]
	}
	return kept
}

// simple reads a condition that is not several.
func (c *compiler) simple(words []word) (*cond, *unclear) {
	var reason *unclear
	for _, read := range []func([]word) (*cond, *unclear){
		c.answered, c.short, c.ofPerson, c.ofRequest, c.stateOfPerson, c.stateOfThing,
	} {
		k, problem := read(words)
		if k != nil {
			return k, nil
		}
		reason = better(reason, problem)
	}
	if reason == nil {
		reason = cannot("The condition %q was not understood.", textOf(words))
	}
	return nil, reason
}

// stateForm is a phrase about what somebody has.
type stateForm struct {
	pattern
	want bool
	ask  aspect
}

// personStates are phrases that begin with a person; <t> is the thing, which may be missing.
var personStates = []stateForm{
	{form("@ lacks|lack|misses|miss <t>"), false, usable},
	{form("@ is missing|lacking|without <t>"), false, usable},
	{form("@ does|do|did|will|would not has|hold|own <t>"), false, usable},
	{form("@ has|had not been? given|granted|assigned|got|gotten|received <t>"), false, usable},
	{form("@ has|had no <t>"), false, usable},
	{form("@ has|had not got? <t>"), false, usable},
	{form("@ no longer has|holds|in <t>"), false, usable},
	{form("@ is no longer in|on|inside|at <t>"), false, usable},
	{form("@ is no longer a? member|part of <t>"), false, usable},
	{form("@ is no longer <t>"), false, usable},
	{form("@ does|do not appear|show up? in|at|on <t>"), false, exists},
	{form("@ is not assigned|granted|given <t>"), false, usable},
	{form("@ does|do not belong to <t>"), false, usable},
	{form("@ is not a? member|part of <t>"), false, usable},
	{form("@ is not in|inside|on|at <t>"), false, usable},
	{form("@ is missing from <t>"), false, usable},
	{form("@ does|do not exist in|at|on <t>"), false, exists},
	{form("@ can not access|use <t>"), false, usable},
	{form("@ can not log|sign in|into to? <t>"), false, usable},
	{form("@ is not active|enabled in|at|on <t>"), false, active},
	{form("@ is not registered|present|found|known in|at|on <t>"), false, exists},
	{form("@ is not provisioned in|at|on <t>"), false, usable},
	{form("@ has|had not been? created|registered|added|invited in|at|on|to <t>"), false, exists},
	{form("@ has|had not been? provisioned in|at|on|to <t>"), false, usable},
	{form("@ is disabled|deactivated|suspended|blocked|inactive in|at|on <t>"), false, active},
	{form("@ has been? given|granted|assigned <t>"), true, usable},
	{form("@ has|had|holds|hold|owns|own|possesses <t>"), true, usable},
	{form("@ has got|received|gotten <t>"), true, usable},
	{form("@ is assigned|granted|given <t>"), true, usable},
	{form("@ belongs|belong to <t>"), true, usable},
	{form("@ is a? member|part of <t>"), true, usable},
	{form("@ is in|inside|on|at <t>"), true, usable},
	{form("@ exists|exist|appears|appear in|at|on <t>"), true, exists},
	{form("@ shows|show up in|at|on <t>"), true, exists},
	{form("@ can access|use <t>"), true, usable},
	{form("@ can log|sign in|into to? <t>"), true, usable},
	{form("@ is active|enabled in|at|on <t>"), true, active},
	{form("@ is registered|present|found|known in|at|on <t>"), true, exists},
	{form("@ is provisioned in|at|on <t>"), true, usable},
	{form("@ has|had been? created|registered|added|invited in|at|on|to <t>"), true, exists},
	{form("@ has|had been? provisioned in|at|on|to <t>"), true, usable},
	{form("@ is not <t>"), false, usable},
	{form("@ is <t>"), true, usable},
}

// stateOfPerson is what somebody has or has not.
func (c *compiler) stateOfPerson(words []word) (*cond, *unclear) {
	var reason *unclear
	for _, state := range personStates {
		f, ok := state.match(words)
		if !ok {
			continue
		}
		if f.who[0].role != subject && f.who[0].role != requester {
			return nil, cannot("A condition can be about the user's access, not about that of the %s.", f.who[0].word)
		}
		if f.who[0].role == requester {
			return nil, people0(f.who[0])
		}
		if rest := f.words["t"]; len(rest) == 1 && rest[0].is("one", "it", "none", "any") {
			return c.repeated(state.want, state.ask)
		}
		t, problem := c.thing(dropAny(f.words["t"]))
		if problem == nil && bare(state.pattern) && t.kind == "user" {
			problem = cannot("The condition %q was not understood.", textOf(words))
		}
		if problem == nil {
			return c.stateOf(t, state.want, state.ask, words)
		}
		reason = better(reason, problem)
		if bare(state.pattern) {
			reason = better(c.unknownTrait(words, f.words["t"]), reason)
		}
	}
	return nil, reason
}

// bare says whether a form ends with "is" and the thing: it may say what somebody is, not what somebody has.
func bare(p pattern) bool {
	return p[1] == "is" && strings.HasPrefix(p[len(p)-1], "<") && setOf("is not longer")[p[len(p)-2]]
}

// people0 refuses a condition about the access of the requester.
func people0(person) *unclear {
	return cannot("The requester may be somebody else than the person who gets the access: write \"the user\".")
}

// dropAny takes "any" away: who lacks any account lacks an account.
func dropAny(words []word) []word {
	if len(words) > 1 && words[0].is("any") {
		return words[1:]
	}
	return words
}

// stateOf is the condition about a thing's state.
func (c *compiler) stateOf(t thing, want bool, ask aspect, words []word) (*cond, *unclear) {
	if t.level != "" {
		return nil, cannot("A condition cannot ask for the level %q, only whether the user is a member.", t.level)
	}
	if t.kind != "user" && ask == active {
		return nil, cannot("The condition %q was not understood.", textOf(words))
	}
	if t.kind != "user" && ask == usable {
		t.itself = false
	}
	if t.kind != "user" && ask == exists && !t.itself {
		ask = usable
	}
	c.mention(t)
	return &cond{about: t, ask: ask, want: want}, nil
}

// repeated is a condition about what was spoken of last.
func (c *compiler) repeated(want bool, ask aspect) (*cond, *unclear) {
	if len(c.mentions) == 0 {
		return nil, cannot("It is not clear what the condition speaks of: name it.")
	}
	t := c.mentions[len(c.mentions)-1]
	return c.stateOf(t, want, ask, nil)
}

// thingStates are phrases that begin with the thing.
var thingStates = []stateForm{
	{form("there is no <t>"), false, exists},
	{form("there is not a|an|any <t>"), false, exists},
	{form("no <t> exists|exist"), false, exists},
	{form("no <t> is there|found|present"), false, exists},
	{form("there is a|an <t>"), true, exists},
	{form("<t> does not exist"), false, exists},
	{form("<t> is missing|absent"), false, exists},
	{form("<t> is not there|present|found"), false, exists},
	{form("<t> exists"), true, exists},
	{form("<t> is there|present|found"), true, exists},
	{form("<t> is not active|enabled|usable"), false, active},
	{form("<t> is disabled|deactivated|suspended|blocked|inactive|locked"), false, active},
	{form("<t> is active|enabled|usable"), true, active},
	{form("<t> is not disabled|deactivated|suspended|blocked|inactive|locked"), true, active},
}

// stateOfThing is whether something is there.
func (c *compiler) stateOfThing(words []word) (*cond, *unclear) {
	var reason *unclear
	for _, state := range thingStates {
		f, ok := state.match(words)
		if !ok {
			continue
		}
		phrase := dropAny(withoutUser(f.words["t"]))
		if len(phrase) == 1 && phrase[0].is("it", "that", "this", "one") {
			return c.repeated(state.want, state.ask)
		}
		t, problem := c.thing(phrase)
		if problem == nil && t.kind == "user" && !t.account && state.ask == exists && !holds(words, "exist", "exists") && (t.access || !holds(phrase, "user")) {
			return c.stateOf(t, state.want, usable, words) // access is missing
		}
		if problem == nil && t.kind == "user" || problem == nil && t.itself {
			return c.stateOf(t, state.want, state.ask, words)
		}
		if problem == nil && state.ask == exists {
			return c.stateOf(t, state.want, usable, words)
		}
		reason = better(reason, problem)
	}
	return nil, reason
}

// withoutUser takes "for the user" from the end.
func withoutUser(words []word) []word {
	at := slices.IndexFunc(words, func(w word) bool { return w.is("for", "of") })
	if at <= 0 || at == len(words)-1 {
		return words
	}
	if who, is := readPerson(words[at+1:]); is && who.role == subject {
		return words[:at]
	}
	return words
}

// shortForms are conditions that leave out what they speak of: the last check, or what was spoken of last.
var shortForms = []struct {
	pattern
	want  bool
	asked bool // they answer the last check or approval
}{
	{form("so|yes|they|it|true do|does|is?"), true, true},
	{form("so"), true, true},
	{form("yes"), true, true},
	{form("@ does|do"), true, true},
	{form("@ has|had it|one|them|that"), true, true},
	{form("that is the? case"), true, true},
	{form("it|that is so|true"), true, true},
	{form("not"), false, true},
	{form("no"), false, true},
	{form("@ does|do|did|has|is not"), false, true},
	{form("it|that is not"), false, true},
	{form("it|that|this is not so|true|the? case?"), false, true},
	{form("missing|absent"), false, false},
	{form("not there|present|found|existing|exists"), false, false},
	{form("it|one|that|this is? missing|absent"), false, false},
	{form("it|one does not exist"), false, false},
	{form("none|nothing exists|found|there?"), false, false},
	{form("there is none|not"), false, false},
	{form("it is? needed|necessary|required"), false, false},
	{form("needed|necessary|required"), false, false},
	{form("@ does|do|did not exist"), false, false}, {form("@ exists|exist"), true, false},
	{form("@ does|do|did not has it|one|that|any|them"), false, false},
	{form("@ has none"), false, false},
	{form("@ lacks it|one"), false, false},
	{form("it exists"), true, false},
	{form("present|existing|there"), true, false},
}

// short reads a condition that leaves out what it speaks of.
func (c *compiler) short(words []word) (*cond, *unclear) {
	for _, s := range shortForms {
		f, ok := s.match(words)
		if !ok || len(f.who) > 0 && f.who[0].role != subject {
			continue
		}
		if holds(words, "exist", "exists", "existing") && !s.asked && len(c.mentions) > 0 {
			return c.repeated(s.want, exists)
		}
		if c.asked != nil && (s.asked || c.asked.isOne()) {
			if s.want {
				return c.asked, nil
			}
			if c.asked.answer {
				return nil, afterNo()
			}
			return opposite(c.asked), nil
		}
		if s.asked {
			return nil, cannot("It is not clear what %q answers: no check stands right before it.", textOf(words))
		}
		return c.repeated(s.want, usable)
	}
	return nil, nil
}

// isOne says whether a condition is about one state, read or not.
func (k *cond) isOne() bool { return len(k.parts) == 0 && k.about.kind != "" }

func afterNo() *unclear {
	return cannot("A no stops the workflow at the approval: nothing after it runs, so nothing can be done in that case.")
}
