package workflow

// shortForms are conditions that leave out what they speak of: the last check, or what was spoken of last.
var shortForms = []struct {
	pattern
	want  bool
	asked bool // they answer the last check or approval
}{
	{form("they|it do|does|is"), true, true},
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
	{form("@ does|do|did not exist"), false, false},
	{form("@ exists|exist"), true, false},
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
		if s.asked && !s.want && len(words) == 1 && c.scope != nil && !c.scope.answer {
			return opposite(c.scope), nil // "if not" behind a sentence with a condition
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
