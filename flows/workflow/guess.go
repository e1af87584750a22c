package workflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/flows/rules"
)

// guesses are instructions that are near to words that were not understood, for a person to choose from: the same words
// without those that have no place, and what can be done with what the words name. Where a condition or a negation
// stands, nothing is left out.
func (c *compiler) guesses(text string) []string {
	words, problem := readWords(text)
	words = strip(words)
	if problem != "" || len(words) == 0 || len(words) > longestGuess {
		return nil
	}
	switch {
	case turnedAround(words) != nil:
		return []string{"Do nothing"}
	case holds(words, "then"):
		return apart(words)
	case slices.ContainsFunc(withoutIntro(words), func(w word) bool { return w.in(turning) }):
		return nil
	case conditionIn(words) >= 0:
		return c.underOther(words)
	}
	near := slices.Concat(c.nearby(words), byHandInstead(words))
	if slices.ContainsFunc(words, func(w word) bool {
		return w.shape == stop || w.in(approvals) || w.in(approves) || w.is("approved", "approves")
	}) {
		return near // an approval is a condition, too
	}
	return slices.Concat(shorter(words), near)
}

// longestGuess is how many words a step may have for which others are guessed.
const longestGuess = 40

// mostGuesses bounds how many guesses are tried.
const mostGuesses = 10

// turning are words without which an instruction means something else.
var turning = setOf("not no never none neither nor except without only but unless nobody nothing hardly rarely seldom barely or otherwise else")

// conditionIn is where a condition begins, or -1.
func conditionIn(words []word) int {
	for n := range words {
		if length, _ := conditionAt(words[n:]); length > 0 {
			return n
		}
	}
	return -1
}

// withoutIntro takes away the words that begin a condition, which may be "unless" and "only if".
func withoutIntro(words []word) []word {
	at := conditionIn(words)
	if at < 0 {
		return words
	}
	length, _ := conditionAt(words[at:])
	return slices.Concat(words[:at], words[at+length:])
}

// apart writes "then" as the two things that it may mean.
func apart(words []word) []string {
	n := slices.IndexFunc(words, func(w word) bool { return w.is("then") })
	if n <= 0 || n == len(words)-1 {
		return nil
	}
	before, after := trimTail(words[:n]), textOf(words[n+1:])
	if last := len(before) - 1; last > 0 && before[last].is("and") {
		before = trimTail(before[:last])
	}
	return []string{upper(textOf(before)) + ". " + upper(after), upper(textOf(before)) + " and " + after}
}

// mostShorter bounds how many words are left out from the end, and how many within.
const mostShorter = 3

// shorter are the words without the last ones, and without any one.
func shorter(words []word) []string {
	var all []string
	for n := len(words) - 1; n > 1 && len(all) < mostShorter; n-- {
		if last := words[n-1]; mayGo(words[n], true) && !last.in(articles) && !last.in(prepositions) {
			all = append(all, upper(textOf(words[:n])))
		}
	}
	for n := 1; n < len(words)-1 && len(all) < 2*mostShorter; n++ {
		if mayGo(words[n], false) {
			all = append(all, upper(textOf(slices.Concat(words[:n], words[n+1:]))))
		}
	}
	return all
}

// mayGo says whether a word may be left out, or with all behind it: it leaves open what is meant, says only how, or is no
// word that is known.
func mayGo(w word, tail bool) bool {
	if tail && (w.in(prepositions) || w.is("before", "after", "during", "until", "and") || w.shape == comma) || vague[w.text] != "" || strings.HasSuffix(w.text, "ly") {
		return true
	}
	known := verbs[w.text] != "" || kinds[w.text] != "" || knownRoles[w.text]
	for _, s := range []set{articles, prepositions, accessNouns, subjects, subjectThey, levelWords, managerWords, issueNouns, approves, approvals, sessionWords} {
		known = known || w.in(s)
	}
	return w.shape == plain && !known && !w.owns && lowerForm.MatchString(w.raw)
}

// underOther puts a condition that can be known before the instruction.
func (c *compiler) underOther(words []word) []string {
	at := conditionIn(words)
	length, not := conditionAt(words[at:])
	condition, instruction := words[at+length:], words[:at]
	if at == 0 {
		n := slices.IndexFunc(words, func(w word) bool { return w.shape == comma })
		if n < 0 || n <= length {
			return nil
		}
		condition, instruction = words[length:n], words[n+1:]
	}
	value := ""
	for _, w := range condition[min(1, len(condition)):] {
		if w.shape == plain && !w.in(prepositions) && !w.in(articles) {
			value = strings.Trim(w.raw, `"`)
		}
	}
	if who, _ := personAt(condition); value == "" || len(instruction) == 0 || who.role != subject {
		return nil
	}
	is := map[bool]string{true: "is not", false: "is"}[not]
	text := strings.TrimSuffix(textOf(trimTail(instruction)), ",")
	var all []string
	if upper(value) == value {
		all = append(all, fmt.Sprintf("If the user %s in department %q, %s", is, value, text))
	}
	return append(all, fmt.Sprintf("If the user's attribute employment %s %q, %s", is, value, text))
}

// nearby is what can be done with the systems and entitlements that words name, or nearly name.
func (c *compiler) nearby(words []word) []string {
	class := verbs[words[0].text]
	var all []string
	switch {
	case issueAbout(words):
		return []string{"Open a GitLab issue"}
	case class == waits:
		return []string{"Wait 5 minutes", "Wait 1 hour", "Wait 1 day"}
	case class == tells || class == sends:
		return []string{"Notify the user", "Notify the owner", "Notify the manager"}
	case class == asks || class == gets || holds(words, "approve", "approval"):
		return []string{"Ask the manager to confirm", "Ask the owner to confirm"}
	}
	systems, entitlements := c.spokenOf(words)
	for _, e := range entitlements {
		all = append(all, c.way("Grant "+e.Name))
	}
	for _, name := range systems {
		switch class {
		case checks:
			all = append(all, fmt.Sprintf("Check if the user has %s access", name))
		case ends:
			all = append(all, fmt.Sprintf("End the user's sessions in %s", name))
		case deletes:
			all = append(all, fmt.Sprintf("Delete the account in %s", name))
		default:
		}
		all = append(all, c.way("Create an account in "+name))
	}
	if len(all) == 0 && c.known.For.Name != "" && class != checks && class != "" {
		all = append(all, c.way("Grant "+c.known.For.Name))
	}
	return all
}

// spokenOf are the systems and entitlements whose names stand in words, or nearly do.
func (c *compiler) spokenOf(words []word) (systems []string, entitlements []Entitlement) {
	var slugs []string
	for n, w := range words {
		some, _ := c.index.providersAt(words[n:])
		for _, p := range c.index.providers() {
			if w.shape == plain && (slices.Contains(some, p.Slug) || near(w.raw, p.Name, p.Slug)) && !slices.Contains(slugs, p.Slug) {
				slugs = append(slugs, p.Slug)
				systems = append(systems, c.index.nameOf(p.Slug))
			}
		}
	}
	for _, e := range c.index.entries {
		said := slices.ContainsFunc(words, func(w word) bool {
			return w.shape == plain && (slices.Contains(e.essences[0], singular(w.text)) || near(w.raw, e.Target))
		})
		if said && (len(slugs) == 0 || slices.Contains(slugs, e.Provider)) {
			entitlements = append(entitlements, e.Entitlement)
		}
	}
	return systems, entitlements
}

// near says whether a word is nearly one of these names.
func near(text string, names ...string) bool {
	return len(text) > 3 && rules.DidYouMean(text, names) != ""
}

// byHandInstead gives to a person what the workflow cannot do.
func byHandInstead(words []word) []string {
	if verbs[words[0].text] != "" || words[0].shape != plain || words[0].in(articles) || words[0].in(prepositions) || words[0].in(accessNouns) || kinds[words[0].text] != "" || len(words) < 2 ||
		holds(words, "need", "needs", "require", "requires", "must", "should", "is", "has", "was") {
		return nil
	}
	text := textOf(words)
	return []string{"Have the owner " + strings.ToLower(text[:1]) + text[1:] + " by hand"}
}
