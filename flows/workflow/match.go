package workflow

import "strings"

// pattern is the form of a phrase. Its elements, with spaces between them, are
//
//	word or a|b     one of these words
//	word? or a|b?   the same, or nothing
//	@               a person
//	<name>          one word or more, which are kept under the name
//	'name'          one text in quotation marks
//	.name           one word
//	: or :? or ,    a colon or a comma
type pattern []string

func form(text string) pattern { return strings.Fields(text) }

// forms are patterns that are tried in order.
func forms(texts ...string) []pattern {
	all := make([]pattern, len(texts))
	for n, text := range texts {
		all[n] = form(text)
	}
	return all
}

// found is what a pattern kept.
type found struct {
	words map[string][]word
	who   []person
}

// match says whether all words together have the form.
func (p pattern) match(words []word) (found, bool) {
	f := found{words: map[string][]word{}}
	return f, p.from(words, &f)
}

func (p pattern) from(words []word, f *found) bool {
	if len(p) == 0 {
		return len(words) == 0
	}
	element, rest := p[0], p[1:]
	switch {
	case element == "@":
		return rest.afterPerson(words, f)
	case strings.HasPrefix(element, "<"):
		return rest.afterCapture(strings.Trim(element, "<>"), words, f)
	}
	if name, single := strings.CutPrefix(element, "."); single {
		return rest.afterOne(name, words, f)
	}
	if strings.HasPrefix(element, "'") {
		return len(words) > 0 && words[0].shape == quoted && rest.afterOne(strings.Trim(element, "'"), words, f)
	}
	optional := strings.HasSuffix(element, "?")
	if element[0] == ',' {
		return len(words) > 0 && words[0].shape == comma && rest.from(words[1:], f) || optional && rest.from(words, f)
	}
	if element[0] == ':' {
		return len(words) > 0 && words[0].shape == colon && rest.from(words[1:], f) || optional && rest.from(words, f)
	}
	if len(words) > 0 && words[0].is(strings.Split(strings.TrimSuffix(element, "?"), "|")...) && rest.from(words[1:], f) {
		return true
	}
	return optional && rest.from(words, f)
}

func (p pattern) afterPerson(words []word, f *found) bool {
	for n := min(len(words), longestPerson); n > 0; n-- {
		who, is := readPerson(words[:n])
		if !is {
			continue
		}
		before := len(f.who)
		f.who = append(f.who, who)
		if p.from(words[n:], f) {
			return true
		}
		f.who = f.who[:before]
	}
	return false
}

func (p pattern) afterCapture(name string, words []word, f *found) bool {
	first, last := 1, len(words)
	if len(p) == 0 {
		first = last // nothing follows: it is all or nothing
	}
	for n := max(first, 1); n <= last; n++ {
		if p.from(words[n:], f) {
			f.words[name] = words[:n]
			return true
		}
	}
	return false
}

func (p pattern) afterOne(name string, words []word, f *found) bool {
	if len(words) == 0 || !p.from(words[1:], f) {
		return false
	}
	f.words[name] = words[:1]
	return true
}

// firstMatch tries patterns in order.
func firstMatch(all []pattern, words []word) (found, bool) {
	for _, p := range all {
		if f, ok := p.match(words); ok {
			return f, true
		}
	}
	return found{}, false
}
