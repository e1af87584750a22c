package workflow

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shape is what kind of thing a word is.
type shape int

const (
	plain       shape = iota
	quoted            // what stood in quotation marks
	channel           // #it-access
	handle            // @admins
	address           // ana@example.com
	placeholder       // {{ … }}
	comma
	stop // the end of a sentence
	colon
)

// word is one word of a step.
type word struct {
	text  string // in lower case and as the lexicon has it; what stood in quotation marks is as typed
	raw   string // as typed
	shape shape
	owns  bool // it had 's
	at    int  // where it begins in the step
	end   int
	place int // which word of the step it is, from 1; 0 where it was not typed
}

func (w word) is(texts ...string) bool {
	if w.shape != plain {
		return false
	}
	for _, text := range texts {
		if w.text == text {
			return true
		}
	}
	return false
}

// in says whether the word is one of a set.
func (w word) in(s set) bool { return w.shape == plain && s[w.text] }

var (
	addressForm     = regexp.MustCompile(`^[\w.+%-]+@[\w-]+(\.[\w-]+)+`)
	channelWordForm = regexp.MustCompile(`^#[\p{L}\p{N}_-]+`)
	handleWordForm  = regexp.MustCompile(`^@[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*`)
	plainForm       = regexp.MustCompile(`^[\p{L}\p{N}_$%&*+/=~^\\|<>\[\]-]+(['.@:/][\p{L}\p{N}_&+/=<>|-]+)*'?`)
)

// lexer takes a step apart.
type lexer struct {
	text  string
	at    int
	words []word
}

// readWords takes a step apart into words. The second answer says what keeps it from being read, or nothing.
func readWords(text string) ([]word, string) {
	l := lexer{text: text}
	for l.at < len(text) {
		if problem := l.next(); problem != "" {
			return nil, problem
		}
	}
	return folded(l.words), ""
}

func (l *lexer) add(s shape, text string, length int) {
	l.words = append(l.words, word{text: text, raw: l.text[l.at : l.at+length], shape: s, at: l.at, end: l.at + length})
	l.at += length
}

// next reads one word or sign.
func (l *lexer) next() string {
	rest := l.text[l.at:]
	first, size := utf8.DecodeRuneInString(rest)
	switch {
	case unicode.IsSpace(first) || first == '(' || first == ')':
		l.at += size
	case strings.HasPrefix(rest, "{{"):
		return l.placeholder(rest)
	case first == '"' || first == '`' || first == '\'' && l.opens(rest):
		return l.quote(rest, string(first))
	case first == '\'':
		l.at += size
	case first == ',' || first == '–' || first == '—' || first == '→' || strings.HasPrefix(rest, "- "):
		l.add(comma, ",", size)
	case first == '.' || first == ';' || first == '!' || first == '?' || first == '…':
		l.add(stop, ".", size)
	case first == ':':
		l.add(colon, ":", size)
	default:
		l.word(rest, size)
	}
	return ""
}

// opens says whether an apostrophe begins a quotation: it has a partner before a space, a sign or the end.
func (l *lexer) opens(rest string) bool {
	if l.at > 0 && l.text[l.at-1] != ' ' && l.text[l.at-1] != '(' {
		return false
	}
	return closingQuote(rest[1:], "'") > 0
}

// closingQuote finds the quotation mark that ends a quotation, or -1.
func closingQuote(text, mark string) int {
	for from := 0; ; {
		n := strings.Index(text[from:], mark)
		if n < 0 {
			return -1
		}
		n += from
		after, _ := utf8.DecodeRuneInString(text[n+len(mark):])
		if mark != "'" || n+len(mark) == len(text) || !unicode.IsLetter(after) && !unicode.IsDigit(after) {
			return n
		}
		from = n + len(mark)
	}
}

func (l *lexer) quote(rest, mark string) string {
	end := closingQuote(rest[1:], mark)
	if end < 0 {
		return "A quotation mark is opened and never closed."
	}
	if strings.TrimSpace(rest[1:1+end]) == "" {
		return "Nothing stands between the quotation marks."
	}
	l.add(quoted, strings.TrimSpace(rest[1:1+end]), end+2)
	return ""
}

func (l *lexer) placeholder(rest string) string {
	end := strings.Index(rest, "}}")
	if end < 0 {
		return "The {{ is never closed by }}."
	}
	l.add(placeholder, rest[:end+2], end+2)
	return ""
}

func (l *lexer) word(rest string, size int) {
	// No form holds a space.
	if end := strings.IndexFunc(rest, unicode.IsSpace); end > 0 {
		rest = rest[:end]
	}
	for _, special := range []struct {
		sign  string // that such a word has: most words have none and need no closer look
		form  *regexp.Regexp
		shape shape
	}{{"@", addressForm, address}, {"#", channelWordForm, channel}, {"@", handleWordForm, handle}} {
		if !strings.Contains(rest, special.sign) {
			continue
		}
		if found := special.form.FindString(rest); found != "" {
			l.add(special.shape, found, len(found))
			return
		}
	}
	found := plainForm.FindString(rest)
	if found == "" {
		found = rest[:size]
	}
	l.plain(found)
}

// plain adds a word of letters, or the words that it is short for.
func (l *lexer) plain(raw string) {
	if mark := strings.HasSuffix(raw, "'"); mark && !strings.HasSuffix(raw, "s'") {
		raw = raw[:len(raw)-1]
	}
	bare := strings.Trim(raw, "*_")
	lower := strings.ToLower(bare)
	if several, is := spread[lower]; is {
		at := l.at
		for _, text := range several {
			l.words = append(l.words, word{text: text, raw: raw, at: at, end: at + len(raw)})
		}
		l.at = at + len(raw)
		return
	}
	owns := strings.HasSuffix(lower, "'s") || strings.HasSuffix(lower, "s'")
	if owns {
		lower = strings.TrimSuffix(strings.TrimSuffix(lower, "'s"), "'")
	}
	if same, is := alike[lower]; is {
		lower = same
	}
	if lower == "" {
		lower = raw
	}
	l.add(plain, lower, len(raw))
	l.words[len(l.words)-1].owns = owns
}

// sentences cuts words at the ends of sentences.
func sentences(words []word) [][]word {
	var all [][]word
	start := 0
	for n := 0; n <= len(words); n++ {
		if n < len(words) && words[n].shape != stop {
			continue
		}
		if n > start {
			all = append(all, words[start:n])
		}
		start = n + 1
	}
	return all
}

// textOf is what was typed, from the first of these words to the last.
func textOf(words []word) string {
	raws := make([]string, 0, len(words))
	for n, w := range words {
		if n > 0 && w.at == words[n-1].at {
			continue // one of several that a short form stands for
		}
		if n > 0 && (w.shape == comma || w.shape == colon) {
			raws[len(raws)-1] += w.raw
			continue
		}
		raws = append(raws, w.raw)
	}
	return strings.Join(raws, " ")
}
