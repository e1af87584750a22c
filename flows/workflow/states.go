package workflow

import (
	"slices"
)

// stateForm is a phrase about what somebody has.
type stateForm struct {
	pattern
	want bool
	ask  aspect
}

// personStates are phrases that begin with a person; <t> is the thing, which may be missing.
var personStates = []stateForm{
	{form("@ lacks|lack|misses|miss <t>"), false, usable},
	{form("@ is missing|lacking <t>"), false, usable},
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
			return nil, notTheRequester()
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
			reason = better(unknownTrait(f.words["t"]), reason)
		}
	}
	return nil, reason
}

// beforeBare are the words behind which a bare form has its thing.
var beforeBare = setOf("is not longer")

// bare says whether a form ends with "is" and the thing: it may say what somebody is, not what somebody has.
func bare(p pattern) bool {
	return p[1].text == "is" && p[len(p)-1].kind == '<' && beforeBare[p[len(p)-2].text]
}

// notTheRequester refuses a condition about the access of the requester.
func notTheRequester() *unclear {
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
	if c.adrift() {
		return nil, afterUnclear()
	}
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
	words = c.placeFirst(withoutUser(words))
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

// placeFirst puts a system that is named at the end, as in "the account does not exist in Slack", beside what is there.
func (c *compiler) placeFirst(words []word) []word {
	for n := 1; n < len(words)-1; n++ {
		slugs, length := c.index.providersAt(words[n+1:])
		if words[n].is("in", "at", "on") && len(slugs) == 1 && n+1+length == len(words) && n > 1 && words[n-1].is("exist", "exists", "missing", "absent", "there", "present", "found", "active", "disabled", "inactive", "deactivated", "suspended") {
			verb := slices.IndexFunc(words, func(w word) bool { return w.is("does", "is", "exists", "did", "do") })
			if verb > 0 {
				return slices.Concat(words[:verb], words[n+1:], words[verb:n])
			}
		}
	}
	return words
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
