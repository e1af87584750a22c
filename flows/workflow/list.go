package workflow

import (
	"slices"
)

// list reads one thing, or several with "and" between them. What only one of them says is true of all: the noun of the
// last, the system of a neighbour.
func (c *compiler) list(words []word) ([]thing, *unclear) {
	parts := c.split(words)
	if len(parts) <= 1 {
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
	for _, e := range x.entries {
		for _, texts := range [][]string{e.name, e.target} {
			if len(texts) > longest && begins(words, texts) {
				longest = len(texts)
			}
		}
	}
	return longest
}
