package workflow

import "slices"

// kind is the kind that the nouns name: of "user group" and the like the more exact one counts.
func (b bag) kind() (kind, noun string, reason *unclear) {
	others := slices.ContainsFunc(b.kinds, func(w word) bool { return kinds[w.text] != "user" })
	if len(b.kinds) > 1 && b.kinds[0].text == b.kinds[len(b.kinds)-1].text {
		return "", "", cannot("%q stands twice, and it is not clear how the two belong together.", b.kinds[0].raw)
	}
	for _, w := range b.kinds {
		k := kinds[w.text]
		switch {
		case w.is("role") && b.ofLevel(w): // the role of maintainer is how much of the group
		case b.whose && others && w.is("account"): // the role of the user's account is the user's role
		case kind == "" || kind == k || kind == "user" && w.text != "user" && !slices.ContainsFunc(b.kinds, func(o word) bool { return o.is("account") }):
			kind, noun = k, w.text
		case k == "user" && !w.is("account"):
		default:
			return "", "", cannot("%q and %q are two things: write a step for each.", noun, w.raw)
		}
	}
	if noun == kind || kind == "user" {
		noun = ""
	}
	return kind, noun, nil
}

// ofLevel says whether "role" stands behind a word such as developer, beside another noun.
func (b bag) ofLevel(noun word) bool {
	beside := slices.ContainsFunc(b.kinds, func(w word) bool { return kinds[w.text] == "group" || kinds[w.text] == "entity" })
	return beside && slices.ContainsFunc(b.rest, func(w word) bool { return w.in(levelWords) && w.place > 0 && w.place+1 == noun.place })
}
