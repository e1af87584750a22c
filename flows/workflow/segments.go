package workflow

// segment is a part of a sentence that has a verb or a condition of its own.
type segment struct {
	joint string // what joins it to the one before: and, then, but, or, or a comma
	words []word
	after []word // a condition that stands behind it, without "if"
	not   bool   // that condition begins with "unless"
}

// doneForms say only that something comes after what stands before it, as everything does.
var doneForms = forms("once|when|after that|this|it is|has|was done|finished|complete|completed ,?", "once|when|after that|this|it has been done|finished|completed ,?")

// strip takes away what says only where in the order something stands.
func strip(words []word) []word {
	for len(words) > 0 && (words[0].in(fillers) || words[0].shape == comma || words[0].shape == colon) {
		words = words[1:]
	}
	if _, after := form("after that|this").match(words[:min(2, len(words))]); after {
		return strip(words[2:])
	}
	if _, after := form("in|at the end").match(words[:min(3, len(words))]); after {
		return strip(words[3:])
	}
	for n := 3; n <= min(5, len(words)); n++ {
		if _, after := firstMatch(doneForms, words[:n]); after {
			return strip(words[n:])
		}
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
	for len(words) > 0 && words[0].in(fillers) {
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

// conditionAt reads the words that begin a condition. It answers how many they are, 0 for none.
func conditionAt(words []word) (length int, not bool) {
	for _, intro := range []struct {
		texts []string
		not   bool
	}{
		{[]string{"if", "and", "only", "if"}, false},
		{[]string{"but", "only", "if"}, false},
		{[]string{"in", "the", "event", "that"}, false},
		{[]string{"only", "if"}, false},
		{[]string{"only", "when"}, false},
		{[]string{"only", "once"}, false},
		{[]string{"as", "long", "as"}, false},
		{[]string{"in", "case"}, false},
		{[]string{"provided", "that"}, false},
		{[]string{"as", "soon", "as"}, false},
		{[]string{"unless"}, true},
		{[]string{"if"}, false},
		{[]string{"when"}, false},
		{[]string{"whenever"}, false},
		{[]string{"once"}, false},
		{[]string{"provided"}, false},
		{[]string{"should"}, false},
		{[]string{"except", "if"}, true},
		{[]string{"except", "when"}, true},
	} {
		if begins(words, intro.texts) {
			return len(intro.texts), intro.not
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
