package views

import "strings"

// AdminRule is who would gain and who would lose access by a birthright as it is written.
type AdminRule struct {
	Gain, Lose      int
	Gains, Losses   []string // names of the first
	NotGiven        []string // slugs that nobody is offered
	WithoutAnAnswer int      // people for whom the condition has no answer
	Uncounted       bool     // there are too many people to count them while somebody waits
}

// ruleLines say who would gain and who would lose.
func ruleLines(r AdminRule) []string {
	if r.Uncounted {
		return []string{"*Who gains and who loses*: there are too many people to count here. " + code("usher apply --dry-run", 60) + " counts them."}
	}
	lines := []string{"*Would gain*: " + ruleNames(r.Gain, r.Gains), "*Would lose*: " + ruleNames(r.Lose, r.Losses)}
	if len(r.NotGiven) > 0 {
		lines = append(lines, "⚠ Not offered, so that nobody gets it: "+escape(strings.Join(r.NotGiven, ", "), 300)+".")
	}
	if r.WithoutAnAnswer > 0 {
		lines = append(lines, "⚠ The condition has no answer for "+plural(r.WithoutAnAnswer, "person", "people")+", and so does not hold: something that it asks for is not known of them.")
	}
	return lines
}

// ruleNames are how many people, and the names of the first.
func ruleNames(n int, names []string) string {
	if n == 0 {
		return "nobody"
	}
	written := make([]string, 0, len(names))
	for _, name := range names {
		written = append(written, escape(name, 80))
	}
	words := plural(n, "person", "people") + ": " + strings.Join(written, ", ")
	if n > len(names) {
		words += ", …"
	}
	return words
}
