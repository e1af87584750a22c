package workflow

// pauseForms put a length of time before an instruction.
var pauseForms = forms("after <d>", "after another <d>", "<d> later")

// paused compiles an instruction with a pause before it, as in "after 5 minutes grant access" and "grant access after 5
// minutes". It answers whether there is one.
func (c *compiler) paused(words []word, when *cond) (bool, *unclear) {
	for n := min(longestPhrase, len(words)); n > 1; n-- {
		f, is := firstMatch(pauseForms, words[:n])
		length, plainly := readLength(f.words["d"])
		if !is || !plainly {
			continue
		}
		if reason := c.sleep(length, when); reason != nil || n == len(words) {
			return true, reason
		}
		return true, c.clause(words[n:], when)
	}
	switch class := verbs[words[0].text]; class {
	case has, lets, asks, gets, waits, tries, "":
		return false, nil
	case tells, sends:
		if _, tail := cutMessage(words[1:]); len(tail) > 0 {
			return false, nil
		}
	default:
	}
	for n := 1; n < len(words); n++ {
		if f, is := pauseForms[0].match(words[n:]); is {
			if length, plainly := readLength(f.words["d"]); plainly {
				if reason := c.sleep(length, when); reason != nil {
					return true, reason
				}
				return true, c.clause(words[:n], when)
			}
		}
	}
	return false, nil
}
