package workflow

import (
	"slices"

	"github.com/usherhq/usher/connectors"
)

// tryTo compiles "try to add the user to the group up to 3 times". It answers whether the words are that.
func (c *compiler) tryTo(words []word, when *cond) (bool, *unclear) {
	if !words[0].is("try", "attempt") || len(words) < 3 {
		return false, nil
	}
	words = oftenLast(words)
	if !words[1].is("to") {
		return false, nil
	}
	for n := 3; n < len(words); n++ {
		often := slices.Concat([]word{{text: "try", raw: "try"}}, words[n:])
		if !isRetry(often) {
			continue
		}
		first := len(c.made)
		if reason := c.clause(trimTail(words[2:n]), when); reason != nil {
			return true, reason
		}
		changes := 0
		for _, m := range c.made[first:] {
			if m.kind.Effect != connectors.Reads {
				changes++
			}
		}
		if changes != 1 {
			return true, cannot("It is not clear which of the scripts is to be tried again: write a step for each one.")
		}
		_, reason := c.retry(often)
		return true, reason
	}
	text := upper(textOf(words[2:]))
	return true, cannot("It is not said how often to try: write for example \"%s. Try up to 3 times.\"", text).or(text+". Try up to 3 times.", text)
}

// oftenLast puts how often something is tried behind it: "try up to 3 times to …" is "try to … up to 3 times".
func oftenLast(words []word) []word {
	for n := 2; n+1 < len(words); n++ {
		if words[n].is("to") && verbs[words[n+1].text] != "" && isRetry(words[:n]) {
			return slices.Concat(words[:1], words[n:], words[1:n])
		}
	}
	return words
}
