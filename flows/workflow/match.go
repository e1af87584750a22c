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
type pattern []element

// element is one part of a pattern, taken apart.
type element struct {
	text     string // as written
	kind     byte   // one of the signs above with which it begins, or 0 for words
	name     string // what it is kept under
	words    []string
	optional bool
}

func form(text string) pattern {
	var p pattern
	for _, part := range strings.Fields(text) {
		e := element{text: part, optional: strings.HasSuffix(part, "?")}
		switch part[0] {
		case '@', '<', '\'', '.', ',', ':':
			e.kind, e.name = part[0], strings.Trim(part, "<>'.")
		default:
			e.words = strings.Split(strings.TrimSuffix(part, "?"), "|")
		}
		p = append(p, e)
	}
	return p
}

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
	e, rest := p[0], p[1:]
	var is bool
	switch e.kind {
	case '@':
		return rest.afterPerson(words, f)
	case '<':
		return rest.afterCapture(e.name, words, f)
	case '.':
		return rest.afterOne(e.name, words, f)
	case '\'':
		return len(words) > 0 && words[0].shape == quoted && rest.afterOne(e.name, words, f)
	case ',':
		is = len(words) > 0 && words[0].shape == comma
	case ':':
		is = len(words) > 0 && words[0].shape == colon
	default:
		is = len(words) > 0 && words[0].is(e.words...)
	}
	return is && rest.from(words[1:], f) || e.optional && rest.from(words, f)
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
