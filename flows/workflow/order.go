package workflow

import (
	"slices"
)

var (
	// doneForms say only that something comes after what stands before it, as everything does.
	doneForms = forms(
		"once|when|after that|this|it|everything is|has|was done|finished|complete|completed", "once|when|after that|this|it|everything has been done|finished|completed",
		"once|when done|finished|complete|completed", "once|when all that? is|was done|finished", "after that|this", "afterwards", "afterward", "subsequently",
	)
	// endForms say that something comes last.
	endForms = forms("at|in the very? end", "as the|a last|final step|thing", "when|once all is|was done|finished|complete", "when|once all the? steps is|was done|finished|complete|completed",
		"when|once the? workflow|process|flow|provisioning|deprovisioning is|has|was done|finished|complete|completed", "last")
)

// longestPhrase is how many words of a phrase about the order there can be.
const longestPhrase = 7

// orderAt is how many words of a phrase about the order stand at the beginning.
func orderAt(words []word) int {
	if len(words) == 0 || !words[0].is("once", "when", "after", "at", "in", "as", "afterwards", "afterward", "subsequently", "last") {
		return 0
	}
	for n := min(longestPhrase, len(words)); n > 0; n-- {
		_, done := firstMatch(doneForms, words[:n])
		if _, end := firstMatch(endForms, words[:n]); done || end {
			return n
		}
	}
	return 0
}

// inTurn takes a phrase about the order from the end of an instruction. The order is that of the steps, so that the
// phrase must fit: nothing can come last with steps behind it, or after something where nothing stands before.
func (c *compiler) inTurn(words []word) ([]word, *unclear) {
	class := verbs[words[0].text]
	if class == has || class == lets || class == asks && !slices.ContainsFunc(words, func(w word) bool { return w.in(approves) || w.in(approvals) }) {
		return words, nil // what somebody is to do may hold such words
	}
	for n := 1; n < len(words); n++ {
		end := n + orderAt(words[n:])
		if end == n || end < len(words) && !beforeMessage(class, words[end]) || words[n].is("last") && words[n-1].is("the", "at") {
			continue
		}
		if _, tail := cutMessage(words[1:n]); class == tells && len(tail) > 0 {
			return words, nil
		}
		_, last := firstMatch(endForms, words[n:end])
		switch {
		case c.final:
		case last:
			return words, cannot("%q stands in a step that is not the last: steps run in the order in which they are written.", textOf(words[n:end]))
		case len(c.made) == 0:
			return words, cannot("Nothing stands before %q: steps run in the order in which they are written.", textOf(words[n:end]))
		}
		rest := trimTail(words[:n])
		if len(rest) > 1 && rest[len(rest)-1].is("and", "but") {
			rest = trimTail(rest[:len(rest)-1])
		}
		return slices.Concat(rest, words[end:]), nil
	}
	return words, nil
}

// beforeMessage says whether a word begins how or what somebody is told.
func beforeMessage(class verb, w word) bool {
	return (class == tells || class == sends) && (w.is("that", "about", "saying", "via", "by") || w.shape == comma || w.shape == colon || w.shape == quoted)
}
