package workflow

import (
	"slices"
	"strings"
)

// phrases are words that together mean one other word.
var phrases = func() []phrase {
	var all []phrase
	for as, texts := range map[string][]string{
		"immediately": {"right away", "straight away", "at once", "without delay", "as soon as possible", "right now", "as a next step", "as the next step"},
		"once":        {"as soon as"},
		"before":      {"prior to", "ahead of"},
		"again":       {"once again", "once more"},
		"unit":        {"organizational unit", "organisational unit"},
	} {
		for _, text := range texts {
			all = append(all, phrase{words: strings.Fields(text), as: as})
		}
	}
	slices.SortFunc(all, func(a, b phrase) int { return len(b.words) - len(a.words) })
	return all
}()

// phrase is words that are read as one.
type phrase struct {
	words []string
	as    string
}

// folded writes phrases as one word each, and numbers the words.
func folded(words []word) []word {
	var all []word
	for n := 0; n < len(words); {
		w, used := words[n], 1
		for _, p := range phrases {
			if begins(words[n:], p.words) && !words[n+len(p.words)-1].owns {
				used = len(p.words)
				w = word{text: p.as, raw: textOf(words[n : n+used]), at: w.at, end: words[n+used-1].end}
				break
			}
		}
		w.place = len(all) + 1
		all = append(all, w)
		n += used
	}
	return all
}
