package workflow

import (
	"slices"
	"strings"
)

// segment is a part of a sentence that has a verb or a condition of its own.
type segment struct {
	joint string // what joins it to the one before: and, then, but, or, or a comma
	words []word
	after []word // a condition that stands behind it, without "if"
	not   bool   // that condition begins with "unless"
}

// strip takes away what says only where in the order something stands.
func strip(words []word) []word {
	for len(words) > 0 && (words[0].in(fillers) || words[0].shape == comma || words[0].shape == colon) {
		words = words[1:]
	}
	if len(words) > 1 && words[0].is("only") && words[1].shape == plain && verbs[words[1].text] != "" {
		return strip(words[1:])
	}
	if n := orderAt(words); n > 0 && (n < len(words) || n > 1) {
		return strip(words[n:])
	}
	for len(words) > 0 && (words[len(words)-1].shape == comma || words[len(words)-1].shape == colon) {
		words = words[:len(words)-1]
	}
	return words
}

// segments cuts a sentence where an instruction or a condition begins.
func segments(words []word) []segment {
	var all []segment
	joint, start := "", 0
	for n := 0; n < len(words); n++ {
		end, kind := jointAt(words, n)
		if end == n || n == start || !startsClause(words[end:]) {
			continue
		}
		all = append(all, segment{joint: joint, words: words[start:n]})
		joint, start = kind, end
		n = end - 1
	}
	return append(all, segment{joint: joint, words: words[start:]})
}

// jointAt reads the words that join two parts of a sentence, and says where they end.
func jointAt(words []word, at int) (end int, kind string) {
	rank := map[string]int{",": 1, ":": 1, "and": 2, "but": 3, "then": 4, "or": 5}
	for end = at; end < len(words); end++ {
		w := words[end]
		var joint string
		switch {
		case w.shape == comma, w.shape == colon:
			joint = ","
		case w.is("and", "but", "then", "or"):
			joint = w.text
		case w.is("afterwards", "next", "finally", "subsequently", "lastly") && end > at:
			joint = "then"
		default:
			return end, kind
		}
		if rank[joint] > rank[kind] {
			kind = joint
		}
	}
	return end, kind
}

// startsClause says whether an instruction or a condition begins here.
func startsClause(words []word) bool {
	for len(words) > 0 && (words[0].in(fillers) || words[0].is("only") && len(words) > 1 && words[1].shape == plain && verbs[words[1].text] != "") {
		words = words[1:]
	}
	if len(words) == 0 {
		return false
	}
	if n, _ := conditionAt(words); n > 0 {
		return len(words) > n
	}
	return verbs[words[0].text] != "" && words[0].shape == plain || words[0].is("otherwise", "else", "do", "never", "don't")
}

// intro is words that begin a condition.
type intro struct {
	words []string
	not   bool
}

// intros are the ways to begin a condition, by their first word, the longest first.
var intros = func() map[string][]intro {
	all := map[string][]intro{}
	for not, texts := range map[bool][]string{
		false: {
			"if and only if", "but only if", "if and when", "but only when", "on the condition that", "on condition that", "in the event that", "so long as", "in case that", "only in case", "only where", "assuming that", "assuming", "given that",
			"where", "wherever", "only if", "only when", "only once", "as long as", "in case", "provided that", "if", "when", "whenever", "once", "provided", "should",
		},
		true: {"but not if", "unless", "except if", "except when"},
	} {
		for _, text := range texts {
			words := strings.Fields(text)
			all[words[0]] = append(all[words[0]], intro{words: words, not: not})
		}
	}
	for _, some := range all {
		slices.SortStableFunc(some, func(a, b intro) int { return len(b.words) - len(a.words) })
	}
	return all
}()

// conditionAt reads the words that begin a condition. It answers how many they are, 0 for none.
func conditionAt(words []word) (length int, not bool) {
	if len(words) == 0 || words[0].shape != plain || orderAt(words) > 0 {
		return 0, false
	}
	for _, i := range intros[words[0].text] {
		if begins(words, i.words) {
			return len(i.words), i.not
		}
	}
	return 0, false
}

// trimTail takes "then" and signs from the end of a condition.
func trimTail(words []word) []word {
	for len(words) > 0 && (words[len(words)-1].is("then") || words[len(words)-1].shape == comma || words[len(words)-1].shape == colon) {
		words = words[:len(words)-1]
	}
	return words
}
